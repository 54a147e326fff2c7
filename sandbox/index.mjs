// The Payple sandbox: hub and cpay on one loopback origin, written from Payple's specification for
// tests and demos.

import { createServer } from "node:http";
import { close, listen } from "./listener.mjs";
import { checkOptions } from "./options.mjs";
import { createServices, SERVICE_OPTIONS } from "./services.mjs";
import { startTrap } from "./trap.mjs";

export { billingKeySamples } from "./billing-keys.mjs";
export { faults } from "./faults.mjs";
export { mockPayple } from "./msw.mjs";
export { payoutGroupSamples } from "./payout-groups.mjs";

/**
 * @param {import("./index.d.ts").SandboxOptions} [options]
 * @returns {Promise<import("./index.d.ts").Sandbox>}
 */
export async function startSandbox(options = {}) {
  checkOptions("the options of startSandbox", options, SANDBOX_OPTIONS);
  const { port = 0, host = "127.0.0.1", trap: wantsTrap = false, ...serviceOptions } = options;
  if (!isLoopback(host)) throw new RangeError("the sandbox listens on a loopback host only");
  const trap = wantsTrap ? await startTrap() : undefined;
  try {
    return await open();
  } catch (error) {
    await trap?.close();
    throw error;
  }

  async function open() {
    const { controls, serve } = createServices(serviceOptions, trap);
    const server = createServer((request, response) => {
      serve(request, response, originSeenBy(request)).catch((error) => {
        // A caller who hangs up while sending is none of the sandbox's failures.
        if (error.code !== "ECONNRESET") console.error("payple sandbox:", error);
        response.destroy();
      });
    });
    // Longer than any test pauses: an idle connection closed just as a client reuses it looks like
    // a fault.
    server.keepAliveTimeout = 120_000;
    const boundPort = await listen(server, port, host);
    const origin = `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}`;
    return {
      origin,
      port: boundPort,
      trap,
      ...controls,
      async close() {
        await Promise.all([close(server), trap?.close()]);
      },
    };

    /**
     * A client that came by `localhost` must be sent back to `localhost`: it follows no other host,
     * and rightly so.
     * @param {import("node:http").IncomingMessage} request
     */
    function originSeenBy(request) {
      const seen = URL.canParse(`http://${request.headers.host}`)
        ? new URL(`http://${request.headers.host}`)
        : undefined;
      return seen && isLoopback(seen.hostname) && Number(seen.port || 80) === boundPort
        ? seen.origin
        : origin;
    }
  }
}

/** @type {(keyof import("./index.d.ts").SandboxOptions)[]} */
const SANDBOX_OPTIONS = ["port", "host", "trap", ...SERVICE_OPTIONS];

/** @param {string} host */
function isLoopback(host) {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}
