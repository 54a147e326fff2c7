// Both services and their controls, apart from how a request comes in: over a socket (index.mjs) or
// through MSW (msw.mjs).

import { setTimeout as sleep } from "node:timers/promises";
import { CONTROL_PREFIX, control } from "./control.mjs";
import { createCpay, LOOKUP_PATH, PAYMENT_WINDOW_PATH, toPhpJson } from "./cpay.mjs";
import { answer, FaultPlan } from "./faults.mjs";
import { htmlPage, readFields, send } from "./http.mjs";
import { createHub } from "./hub.mjs";
import { IssuedTokens } from "./issued-tokens.mjs";
import { checkOptions, domainOf, isDuration } from "./options.mjs";

/** The pair that Payple publishes for its test servers; no other one belongs into a sandbox. */
const PUBLIC_TEST_PAIR = { cstId: "test", custKey: "abcd1234567890" };
const PAIR = ["cstId", "custKey"];

/** @type {(keyof import("./index.d.ts").ServiceOptions)[]} */
export const SERVICE_OPTIONS = [
  "environment",
  "credentials",
  "referers",
  "tokenLifetimeMs",
  "authLifetimeMs",
  "now",
  "quiet",
  "latencyMs",
];

/**
 * `serve` answers one request; `ownOrigin` is where its sender believes the services to be.
 * @param {import("./index.d.ts").ServiceOptions} options
 * @param {Awaited<ReturnType<typeof import("./trap.mjs").startTrap>>} [trap]
 */
export function createServices(options, trap) {
  const {
    environment = "test",
    credentials = [PUBLIC_TEST_PAIR],
    referers = ["shop.example"],
    tokenLifetimeMs = 60_000,
    authLifetimeMs = 30 * 60_000,
    now = Date.now,
    quiet = true,
    latencyMs = 0,
  } = options;
  for (const pair of credentials) checkOptions("a pair of credentials", pair, PAIR, PAIR);

  const plan = new FaultPlan();
  /** @type {IssuedTokens<string>} */
  const tokens = new IssuedTokens(now, tokenLifetimeMs);
  /** @type {IssuedTokens<{ cstId: string, custKey: string }>} */
  const authKeys = new IssuedTokens(now, authLifetimeMs);
  const hub = createHub(
    { credentials, isFaultKey: (key) => plan.isFaultKey("payout", key) },
    tokens,
  );
  const cpay = createCpay(
    {
      credentials,
      environment,
      referers: referers.flatMap((referer) => domainOf(referer) ?? []),
      isFaultKey: (key) => plan.isFaultKey("billing", key),
    },
    authKeys,
  );
  /** @type {Record<string, Route>} */
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

  /** @type {import("./index.d.ts").SandboxControls} */
  const controls = {
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
    revokeTokens(how = {}) {
      checkOptions("the options of revokeTokens", how, ["forGood"]);
      tokens.revokeAll(how);
    },
    revokeAuthKeys(how = {}) {
      checkOptions("the options of revokeAuthKeys", how, ["forGood"]);
      authKeys.revokeAll(how);
    },
    setLifetimes(lifetimes) {
      checkOptions("the options of setLifetimes", lifetimes, ["tokenMs", "authMs"]);
      const { tokenMs = tokens.lifetimeMs, authMs = authKeys.lifetimeMs } = lifetimes;
      if (!isDuration(tokenMs) || !isDuration(authMs))
        throw new RangeError("tokenMs and authMs must be numbers of milliseconds");
      tokens.lifetimeMs = tokenMs;
      authKeys.lifetimeMs = authMs;
    },
    queueFault(fault) {
      checkOptions("the options of queueFault", fault, ["endpoint", "fault", "times"]);
      plan.enqueue(fault);
    },
  };
  return { controls, serve };

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse<import("node:http").IncomingMessage>} response
   * @param {string} ownOrigin
   */
  async function serve(request, response, ownOrigin) {
    // Split by hand: a URL parser would take the path `//host/…` for another host, and its rest for
    // one of our paths.
    const [path, query = ""] = (request.url ?? "").split(/\?(.*)/s, 2);
    if (path === "/__sandbox/redirected") {
      counts.redirectsFollowed += 1;
      return send(response, { body: {} });
    }
    if (path.startsWith(CONTROL_PREFIX))
      return control(request, response, path.slice(CONTROL_PREFIX.length), controls);
    counts.requests += 1;
    // No keys in the log: they are Payple's secrets or people's.
    if (!quiet)
      response.on("close", () => console.log(`${request.method} ${path} ${response.statusCode}`));
    if (latencyMs > 0) await sleep(latencyMs);

    // What a client meets that took an authentication for the payment window to a look-up: a page
    // for people.
    if (path === PAYMENT_WINDOW_PATH) return send(response, htmlPage(200, "결제창"));
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (!route) {
      counts.unknownPaths += 1;
      return send(response, htmlPage(404, "Not Found"));
    }
    if (request.method !== "POST")
      return send(response, htmlPage(405, "Method Not Allowed", { Allow: "POST" }));
    counts.calls[route.endpoint] += 1;
    return exchange(request, response, route, new URLSearchParams(query), ownOrigin);
  }

  /**
   * Rules first: a fault is only played on a request that would have succeeded.
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse<import("node:http").IncomingMessage>} response
   * @param {Route} route
   * @param {URLSearchParams} query
   * @param {string} ownOrigin
   */
  async function exchange(request, response, route, query, ownOrigin) {
    const { endpoint, decide, toJson, counter } = route;
    const fields = await readFields(request);
    const verdict = decide({ fields, headers: request.headers, query, ownOrigin });
    if ("refusal" in verdict)
      return send(response, { ...verdict.refusal, body: toJson(verdict.refusal.body) });

    const fault = plan.take(endpoint, verdict.key);
    const grant = () => {
      counts[counter] += 1;
      return verdict.grant();
    };
    const { protocol: scheme, host: own, hostname: ownName } = new URL(ownOrigin);
    const trapPort = trap?.port ?? CLOSED_PORT;
    return answer(response, fault, grant, toJson, {
      endpoint,
      parameter: fault?.parameter,
      fields,
      scheme,
      own,
      ownName,
      trapHost: `127.0.0.1:${trapPort}`,
      trapPort,
      // No fault takes back a token where none is used.
      refuseToken: verdict.refuseToken ?? (() => ({ body: {} })),
    });
  }
}

/**
 * An address of one of the services: who decides, how its replies are written, what counts it.
 * @typedef {object} Route
 * @property {import("./faults/definition.mjs").Endpoint} endpoint
 * @property {(asked: import("./hub.mjs").Asked) => import("./hub.mjs").Verdict} decide
 * @property {(body: unknown) => string} toJson
 * @property {"tokens" | "partnerAuthentications" | "payoutLookups" | "billingKeyLookups"} counter
 */

/**
 * Port 9 (discard) is closed on any sane machine: hostile addresses lead nowhere without a trap.
 */
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
