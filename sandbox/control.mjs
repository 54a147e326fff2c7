// The sandbox's own endpoints under /__sandbox/, by which a test in another process reads counts
// and plays faults.

import { faults } from "./faults.mjs";
import { isJson, readJsonFields, send } from "./http.mjs";
import { checkOptions } from "./options.mjs";

export const CONTROL_PREFIX = "/__sandbox/";

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {string} name what follows the prefix
 * @param {import("./index.d.ts").SandboxControls} sandbox
 */
export async function control(request, response, name, sandbox) {
  const action = actions(sandbox)[`${request.method} ${name}`];
  if (!action) return send(response, { status: 404, body: { error: "unknown control endpoint" } });
  // A form cannot send JSON, so no web page that happens to be open can play with the sandbox.
  if (Number(request.headers["content-length"]) > 0 && !isJson(request)) {
    return send(response, { status: 415, body: { error: "send Content-Type: application/json" } });
  }
  try {
    const fields = await readJsonFields(request);
    if (fields === undefined) throw new RangeError("the body must be a JSON object");
    return send(response, { body: action(fields) ?? { ok: true } });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return send(response, { status: 400, body: { error: error.message } });
  }
}

/** @param {import("./index.d.ts").SandboxControls} sandbox */
function actions(sandbox) {
  /** @type {Record<string, (body: any) => object | void>} what is not as it must be is refused */
  const byRequest = {
    "GET stats": () => sandbox.stats(),
    "GET faults": () => ({ faults }),
    "POST reset": () => sandbox.reset(),
    "POST revoke": (body) => {
      checkOptions("the body of revoke", body, ["service", "forGood"]);
      const { service, forGood = false } = body;
      if (service === "hub") return sandbox.revokeTokens({ forGood });
      if (service === "cpay") return sandbox.revokeAuthKeys({ forGood });
      throw new RangeError("service must be hub or cpay");
    },
    "POST lifetimes": (lifetimes) => sandbox.setLifetimes(lifetimes),
    "POST faults": (fault) => sandbox.queueFault(fault),
  };
  return byRequest;
}
