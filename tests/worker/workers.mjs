// Runs the built Worker (build/) in real workerd, several of them with different settings in one
// process.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
// The very Miniflare that wrangler runs.
const { convertV4MiniflareOptions, Miniflare, Response } = createRequire(
  createRequire(import.meta.url).resolve("wrangler"),
)("miniflare");

export { Response };

/** The settings that a test needs not think about. */
export const ADMIN_TOKEN = randomBytes(32).toString("base64url");
export const SESSION_SECRET = randomBytes(32).toString("base64url");
export const RECORD_KEY = randomBytes(32).toString("base64url");
const SETTINGS = {
  PAYPLE_ENVIRONMENT: "test",
  PAYPLE_CST_ID: "test",
  PAYPLE_CUST_KEY: "abcd1234567890",
  ADMIN_TOKEN,
  SESSION_SECRET,
  RECORD_KEY,
};

/** Live as a test can run it: people sign in by the admin token. */
export const LIVE = {
  PAYPLE_ENVIRONMENT: "live",
  PAYPLE_REFERER: "https://shop.example",
  ACCEPT_WITHOUT: "ACCESS",
};

/**
 * Starts one workerd with a Worker for each name in `plans`. A plan is
 * `{ origin, settings, kv, services, outbound, access, limit }`: where Payple is; settings to
 * change (undefined takes one away); the id of its KV namespace (its own name, unless told; Workers
 * may share one; false for none), or a function that stands in for all of its own; service
 * bindings; who answers its requests to the internet (nobody, unless told); whether the platform
 * speaks for Access (`MF-Access-Blob` then sets `ctx.access`); look-ups a minute (false: no limit
 * is bound). With `listens` browsers reach it as well, at `addressOf(name)`.
 *
 * `records` names the Worker whose access record it writes (its own, unless told; false for none);
 * with `archive` it has a bucket for that.
 *
 * `broker` names the Worker whose class `TokenBroker` it asks for tokens (nobody's, unless told);
 * `build` is the folder of another build of the Worker; `script` is JavaScript in the place of any
 * build; `before` are modules that come before it. `options` are Miniflare's own.
 */
export async function startWorkers(plans, options = {}) {
  const logs = [];
  const converted = convertV4MiniflareOptions({
    ...options,
    handleStructuredLogs: ({ level, message }) => logs.push({ level, message }),
    workers: Object.entries(plans).map(([name, plan]) => worker(name, plan)),
  });
  const miniflare = new Miniflare(converted);
  const { port } = await miniflare.ready;
  const started = {
    /** What was logged so far, as lines of text. */
    logs: () => logs.map(({ message }) => message),
    /** The log lines that are JSON, of one event. */
    events: (event) =>
      logs.flatMap(({ message }) => parsed(message)).filter((line) => line.event === event),
    clearLogs: () => logs.splice(0),
    brokers: (name) => miniflare.getDurableObjectNamespace("TOKEN_BROKER", name),
    inspector: () => miniflare.getInspectorURL(),
    records: (name) => miniflare.getDurableObjectNamespace("RECORDS", name),
    kv: (name) => miniflare.getKVNamespace("TOKENS", name),
    archive: (name) => miniflare.getR2Bucket("RECORD_ARCHIVE", name),
    addressOf: (name) => `http://${name}.localhost:${port}`,
    close: () => miniflare.dispose(),
  };
  for (const name of Object.keys(plans)) {
    // By a socket of its own: what stands before a Worker in `wrangler dev` changes requests and
    // refuses some.
    started[name] = api((await miniflare.unsafeGetDirectURL(name)).origin);
  }
  return started;
}

function api(origin) {
  const fetch = (path, init) =>
    globalThis.fetch(new URL(path, origin), { redirect: "manual", ...init });
  const post = (path, body, headers = {}) =>
    fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const bearer = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  return {
    origin,
    fetch,
    post,
    payoutRequests: (groupKey, headers = bearer) =>
      post("/api/payout-requests", { groupKey }, headers),
    compare: (groupKey, expect, headers = bearer) =>
      post("/api/payout-requests", { groupKey, expect }, headers),
    billingKey: (payerId, headers = bearer) => post("/api/billing-key", { payerId }, headers),
  };
}

function worker(name, plan) {
  const {
    origin,
    settings = {},
    kv = name,
    kvTrouble,
    services = {},
    outbound,
    access,
    limit = 1_000,
    listens = false,
  } = plan;
  const { broker, build = "build", script, before = [], archive = false } = plan;
  // The platform hands the same bindings to a Worker and to its objects: where one of them is a
  // stand-in, there is none.
  const { records = script || kvTrouble ? false : name } = plan;
  const bindings = {
    ...SETTINGS,
    ...(origin && { PAYPLE_HUB_ORIGIN: origin, PAYPLE_CPAY_ORIGIN: origin }),
    ...settings,
  };
  for (const [setting, value] of Object.entries(bindings))
    if (value === undefined) delete bindings[setting];
  return {
    name,
    compatibilityDate: wranglerToml.match(/compatibility_date = "(.+)"/)?.[1],
    modules: script
      ? [{ type: "ESModule", path: "index.js", contents: script }]
      : [
          ...before,
          ...(kvTrouble
            ? [{ type: "ESModule", path: "main.js", contents: withTroubledKv(kvTrouble) }]
            : []),
          ...modulesIn(build),
        ],
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
    bindings,
    ...(kv && { kvNamespaces: { TOKENS: kv } }),
    durableObjects: {
      ...(broker && {
        TOKEN_BROKER: { className: "TokenBroker", scriptName: broker, useSQLite: true },
      }),
      ...(records && {
        RECORDS: { className: "AccessRecords", scriptName: records, useSQLite: true },
      }),
    },
    ...(limit && {
      ratelimits: { LOOKUP_LIMIT: { namespace_id: name, simple: { limit, period: 60 } } },
    }),
    ...(archive && { r2Buckets: { RECORD_ARCHIVE: name } }),
    serviceBindings: services,
    assets: { directory: join(root, "www", "dist"), binding: "ASSETS", routerConfig: WORKER_FIRST },
    ...(outbound && { outboundService: outbound }),
    ...(access && { access: { aud: "" } }),
    ...(listens && { routes: [`${name}.localhost/*`] }),
  };
}

function modulesIn(folder) {
  const script = (name) => ({
    type: "ESModule",
    path: name,
    contents: readFileSync(join(root, folder, name), "utf8"),
  });
  return [
    script("worker.js"),
    script("index.js"),
    {
      type: "CompiledWasm",
      path: "index_bg.wasm",
      contents: readFileSync(join(root, folder, "index_bg.wasm")),
    },
  ];
}

/**
 * Tries until it holds: what the Worker does after its answer, and its log, take a moment, or more
 * on a busy machine.
 */
export async function eventually(assertion) {
  for (const endMs = Date.now() + 20_000; ; await sleep(20)) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > endMs) throw error;
    }
  }
}

/** The limits count anew when a minute of the clock begins: not in the middle of a test. */
export async function roomInThisMinute() {
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs < 15_000) await sleep(leftMs);
}

/** The Worker with something in the place of its KV namespace that is no good. */
function withTroubledKv(trouble) {
  return `
    import Worker from "./index.js";
    const get = ${trouble};
    const TOKENS = { get, put: get, delete: get, list: get, getWithMetadata: get };
    export default class extends Worker {
      constructor(context, env) { super(context, { ...env, TOKENS }); }
    }`;
}

function parsed(message) {
  try {
    return [JSON.parse(message)];
  } catch {
    return [];
  }
}

const wranglerToml = readFileSync(join(root, "wrangler.toml"), "utf8");
// `run_worker_first = true` as wrangler hands it on.
const WORKER_FIRST = { has_user_worker: true, invoke_user_worker_ahead_of_assets: true };
