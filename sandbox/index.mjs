// The Payple sandbox: hub and cpay on one loopback origin, written from Payple's specification for tests and demos.

import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { CONTROL_PREFIX, control } from "./control.mjs";
import { createCpay, LOOKUP_PATH, PAYMENT_WINDOW_PATH, toPhpJson } from "./cpay.mjs";
import { answer, FaultPlan } from "./faults.mjs";
import { htmlPage, readFields, send } from "./http.mjs";
import { createHub } from "./hub.mjs";
import { IssuedTokens } from "./issued-tokens.mjs";
import { close, listen } from "./listener.mjs";
import { startTrap } from "./trap.mjs";

export { billingKeySamples } from "./billing-keys.mjs";
export { faults } from "./faults.mjs";
export { payoutGroupSamples } from "./payout-groups.mjs";

/** The pair that Payple publishes for its test servers; no other one belongs into a sandbox. */
const PUBLIC_TEST_PAIR = { cstId: "test", custKey: "abcd1234567890" };

/** @param {import("./index.d.ts").SandboxOptions} [options] @returns {Promise<import("./index.d.ts").Sandbox>} */
export async function startSandbox(options = {}) {
  const {
    port = 0,
    host = "127.0.0.1",
    environment = "test",
    credentials = [PUBLIC_TEST_PAIR],
    referers = ["shop.example"],
    tokenLifetimeMs = 60_000,
    authLifetimeMs = 30 * 60_000,
    now = Date.now,
    quiet = true,
    latencyMs = 0,
    trap: wantsTrap = false,
  } = options;
  if (!isLoopback(host)) throw new RangeError("the sandbox listens on a loopback host only");
  if (environment !== "test" && environment !== "live")
    throw new RangeError('environment must be "test" or "live"');

  const plan = new FaultPlan();
  const tokens = new IssuedTokens(now, tokenLifetimeMs);
  const authKeys = new IssuedTokens(now, authLifetimeMs);
  const hub = createHub(
    { credentials, isFaultKey: (key) => plan.isFaultKey("payout", key) },
    tokens,
  );
  const cpay = createCpay(
    {
      credentials,
      environment,
      referers: referers.map(toDomain),
      isFaultKey: (key) => plan.isFaultKey("billing", key),
    },
    authKeys,
  );
  /** @type {Record<string, { endpoint: string, decide: Function, toJson: (body: object) => string, counter: string }>} */
  const routes = {
    "/oauth/token": {
      endpoint: "token",
      decide: hub.token,
      toJson: JSON.stringify,
      counter: "tokens",
    },
    "/request/result/group_key": {
      endpoint: "payout",
      decide: hub.payout,
      toJson: JSON.stringify,
      counter: "payoutLookups",
    },
    "/php/auth.php": {
      endpoint: "auth",
      decide: cpay.auth,
      toJson: toPhpJson,
      counter: "partnerAuthentications",
    },
    [LOOKUP_PATH]: {
      endpoint: "billing",
      decide: cpay.billing,
      toJson: toPhpJson,
      counter: "billingKeyLookups",
    },
  };
  let counts = noCounts();

  const trap = wantsTrap ? await startTrap() : undefined;
  const server = createServer((request, response) => {
    serve(request, response).catch((error) => {
      // A caller who hangs up while sending is none of the sandbox's failures.
      if (error.code !== "ECONNRESET") console.error("payple sandbox:", error);
      response.destroy();
    });
  });
  // Longer than any test pauses: an idle connection closed just as a client reuses it looks like a fault.
  server.keepAliveTimeout = 120_000;
  const boundPort = await listen(server, port, host).catch(async (error) => {
    await trap?.close();
    throw error;
  });
  const origin = `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}`;

  const sandbox = {
    origin,
    port: boundPort,
    trap,
    stats: () => ({
      ...structuredClone(counts),
      trapRequests: trap?.requests().length ?? 0,
      faults: plan.counts(),
    }),
    reset() {
      counts = noCounts();
      plan.reset();
      trap?.clear();
      tokens.acceptAgain();
      authKeys.acceptAgain();
      tokens.lifetimeMs = tokenLifetimeMs;
      authKeys.lifetimeMs = authLifetimeMs;
    },
    revokeTokens: (how) => tokens.revokeAll(how),
    revokeAuthKeys: (how) => authKeys.revokeAll(how),
    setLifetimes({ tokenMs = tokens.lifetimeMs, authMs = authKeys.lifetimeMs }) {
      if (!isDuration(tokenMs) || !isDuration(authMs))
        throw new RangeError("tokenMs and authMs must be numbers of milliseconds");
      tokens.lifetimeMs = tokenMs;
      authKeys.lifetimeMs = authMs;
    },
    queueFault: (fault) => plan.enqueue(fault),
    async close() {
      await Promise.all([close(server), trap?.close()]);
    },
  };
  return sandbox;

  async function serve(request, response) {
    // Split by hand: a URL parser would take the path `//host/…` for another host, and its rest for one of our paths.
    const [path, query = ""] = request.url.split(/\?(.*)/s, 2);
    if (path === "/__sandbox/redirected") {
      counts.redirectsFollowed += 1;
      return send(response, { body: {} });
    }
    if (path.startsWith(CONTROL_PREFIX))
      return control(request, response, path.slice(CONTROL_PREFIX.length), sandbox);
    counts.requests += 1;
    // No keys in the log: they are Payple's secrets or people's.
    if (!quiet)
      response.on("close", () => console.log(`${request.method} ${path} ${response.statusCode}`));
    if (latencyMs > 0) await sleep(latencyMs);

    // What a client meets that took an authentication for the payment window to a look-up: a page for people.
    if (path === PAYMENT_WINDOW_PATH) return send(response, htmlPage(200, "결제창"));
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (!route) {
      counts.unknownPaths += 1;
      return send(response, htmlPage(404, "Not Found"));
    }
    if (request.method !== "POST")
      return send(response, htmlPage(405, "Method Not Allowed", { Allow: "POST" }));
    counts.calls[route.endpoint] += 1;
    return exchange(request, response, route, new URLSearchParams(query));
  }

  /** Rules first: a fault is only played on a request that would have succeeded. */
  async function exchange(request, response, { endpoint, decide, toJson, counter }, query) {
    const ownOrigin = originSeenBy(request);
    const fields = await readFields(request);
    const verdict = decide({
      fields,
      headers: request.headers,
      query,
      ownOrigin,
    });
    if (verdict.refusal)
      return send(response, { ...verdict.refusal, body: toJson(verdict.refusal.body) });

    const fault = plan.take(endpoint, verdict.key);
    const grant = () => {
      counts[counter] += 1;
      return verdict.grant();
    };
    const { host: own, hostname: ownName } = new URL(ownOrigin);
    const trapPort = trap?.port ?? CLOSED_PORT;
    return answer(response, fault, grant, toJson, {
      endpoint,
      parameter: fault?.parameter,
      fields,
      own,
      ownName,
      trapHost: `127.0.0.1:${trapPort}`,
      trapPort,
      // No fault takes back a token where none is used.
      refuseToken: verdict.refuseToken,
    });
  }

  /** A client that came by `localhost` must be sent back to `localhost`: it follows no other host, and rightly so. */
  function originSeenBy(request) {
    const seen = URL.canParse(`http://${request.headers.host}`)
      ? new URL(`http://${request.headers.host}`)
      : undefined;
    return seen && isLoopback(seen.hostname) && Number(seen.port || 80) === boundPort
      ? seen.origin
      : origin;
  }
}

/** Port 9 (discard) is closed on any sane machine: hostile addresses lead nowhere without a trap. */
const CLOSED_PORT = 9;

function noCounts() {
  return {
    requests: 0,
    calls: { token: 0, auth: 0, payout: 0, billing: 0 },
    tokens: 0,
    partnerAuthentications: 0,
    payoutLookups: 0,
    billingKeyLookups: 0,
    unknownPaths: 0,
    redirectsFollowed: 0,
  };
}

function isLoopback(host) {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}

function isDuration(value) {
  return typeof value === "number" && value >= 0;
}

/** A registered domain may be given with its scheme, as the client's `referer` option is. */
function toDomain(referer) {
  return URL.canParse(referer) ? new URL(referer).hostname : referer.toLowerCase();
}
