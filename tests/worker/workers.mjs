// Runs the built Worker (build/) in real workerd, several of them with different settings in one
// process.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/**
 * @import { Json, Request as ServiceRequest, Response as ServiceResponse } from "miniflare"
 * @import { V4ModuleDefinition, V4SharedOptions, V4WorkerOptions } from "miniflare"
 * @import { Problem } from "../../src/npm/js/models.d.ts"
 * @typedef {(request: ServiceRequest) => ServiceResponse | Promise<ServiceResponse>} FetchHandler
 * @typedef {string | { name: string, entrypoint?: string, props?: Record<string, unknown> }
 *   | FetchHandler} Service
 * @typedef {Record<string, string>} RequestHeaders
 * @typedef {Awaited<ReturnType<typeof startWorkers>>} Workers what `startWorkers` has started
 * @typedef {ReturnType<typeof api>} Api one of them
 */

/**
 * What the tests use of the platform's own stores. Miniflare's types of them are those of a package
 * that is not installed.
 *
 * @typedef {{ name: string, expiration?: number, metadata?: unknown }} KvKey
 * @typedef {object} KvNamespace
 * @property {() => Promise<{ keys: KvKey[] }>} list
 * @property {(name: string, type: "arrayBuffer") => Promise<ArrayBuffer>} get
 * @property {(name: string, value: Uint8Array | string) => Promise<void>} put
 * @typedef {object} Bucket
 * @property {() => Promise<{ objects: { key: string }[] }>} list
 * @property {(key: string) => Promise<{ text: () => Promise<string> }>} get
 * @typedef {object} ObjectNamespace
 * @property {(name: string) => unknown} idFromName
 * @property {(id: unknown) => { fetch: typeof fetch }} get
 * @typedef {object} Stores
 * @property {Store<ObjectNamespace>} getDurableObjectNamespace
 * @property {Store<KvNamespace>} getKVNamespace
 * @property {Store<Bucket>} getR2Bucket
 */

/**
 * @template T
 * @typedef {(binding: string, worker: string) => Promise<T>} Store
 */

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
// The very Miniflare that wrangler runs.
/** @type {typeof import("miniflare")} */
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

/**
 * Keeps the Worker's WebAssembly instances in `globalThis.instances`, for a module that imports it
 * first: their memory can be measured then.
 *
 * @type {V4ModuleDefinition}
 */
export const INSTANCES = {
  type: "ESModule",
  path: "instances.js",
  contents: `
    globalThis.instances = [];
    const { Instance } = WebAssembly;
    WebAssembly.Instance = function (...given) {
      const instance = new Instance(...given);
      instances.push(instance);
      return instance;
    };`,
};

/** Live as a test can run it: people sign in by the admin token. */
export const LIVE = {
  PAYPLE_ENVIRONMENT: "live",
  PAYPLE_REFERER: "https://shop.example",
  ACCEPT_WITHOUT: "ACCESS",
};

/**
 * A Worker to start.
 *
 * @typedef {object} Plan
 * @property {string} [origin] where Payple is
 * @property {Record<string, Json | undefined>} [settings] those to change; undefined takes one away
 * @property {string | false} [kv] the id of its KV namespace: its own name, unless told. Workers
 *   may share one; false for none
 * @property {string} [kvTrouble] JavaScript of a function that stands in for all of its KV
 *   namespace
 * @property {Record<string, Service>} [services] service bindings
 * @property {FetchHandler} [outbound] who answers its requests to the internet: nobody, unless told
 * @property {boolean} [access] whether the platform speaks for Access (`MF-Access-Blob` then sets
 *   `ctx.access`)
 * @property {number | false} [limit] look-ups a minute; false: no limit is bound
 * @property {boolean} [listens] whether browsers reach it as well, at `addressOf(name)`
 * @property {string | false} [records] the Worker whose access record it writes: its own, unless
 *   told; false for none
 * @property {boolean | string} [archive] whether it has a bucket for that: one of its own, or the
 *   one of that name
 * @property {string} [broker] the Worker whose class `TokenBroker` it asks for tokens: nobody's,
 *   unless told
 * @property {string} [build] the folder of another build of the Worker
 * @property {string} [script] JavaScript in the place of any build
 * @property {V4ModuleDefinition[]} [before] modules that come before it
 */

/**
 * @typedef {{ event: string, requestId: string, route: string }} Line
 * @typedef {{ authentications: number, questions: number, token?: string }} Upstream
 */

/**
 * Lines of the log, by their event.
 *
 * @typedef {object} LogLines
 * @property {Line & { status: number, durationMs: number, upstream?: Upstream,
 *   kind?: string, phase?: string, code?: string }} request
 * @property {Line & { who: string, what: string, outcome: string }} audit
 * @property {Line & { who: string }} emergency
 * @property {{ event: string, service: string, attempt: number, status: number | null }} broker
 * @property {{ event: string, chain: string }} archive_failed
 * @property {{ event: string, chain: string }} upkeep_failed
 * @property {{ event: string, chain: string, faults: string[] }} retention_held
 * @property {{ event: string, faults: string[] }} faults
 */

/**
 * Starts one workerd with a Worker for each name in `plans`, which the answer has by that name.
 * `options` are Miniflare's own.
 *
 * @param {Record<string, Plan>} plans
 * @param {Partial<V4SharedOptions>} [options]
 */
export async function startWorkers(plans, options = {}) {
  /** @type {{ level: string, message: string }[]} */
  const logs = [];
  const converted = convertV4MiniflareOptions({
    ...options,
    handleStructuredLogs: ({ level, message }) => logs.push({ level, message }),
    workers: Object.entries(plans).map(([name, plan]) => worker(name, plan)),
  });
  const miniflare = new Miniflare(converted);
  /** @type {Stores} */
  const stores = /** @type {any} */ (miniflare);
  const { port } = await miniflare.ready;
  const started = {
    /** What was logged so far, as lines of text. */
    logs: () => logs.map(({ message }) => message),
    /**
     * The log lines that are JSON, of one event.
     *
     * @template {keyof LogLines} Event
     * @param {Event} event
     * @returns {LogLines[Event][]}
     */
    events: (event) =>
      logs.flatMap(({ message }) => parsed(message)).filter((line) => line.event === event),
    clearLogs: () => logs.splice(0),
    brokers: (/** @type {string} */ name) => stores.getDurableObjectNamespace("TOKEN_BROKER", name),
    inspector: () => miniflare.getInspectorURL(),
    records: (/** @type {string} */ name) => stores.getDurableObjectNamespace("RECORDS", name),
    kv: (/** @type {string} */ name) => stores.getKVNamespace("TOKENS", name),
    archive: (/** @type {string} */ name) => stores.getR2Bucket("RECORD_ARCHIVE", name),
    addressOf: (/** @type {string} */ name) => `http://${name}.localhost:${port}`,
    close: () => miniflare.dispose(),
  };
  /** @type {Record<string, Api>} */
  const workers = {};
  for (const name of Object.keys(plans)) {
    // By a socket of its own: what stands before a Worker in `wrangler dev` changes requests and
    // refuses some.
    workers[name] = api((await miniflare.unsafeGetDirectURL(name)).origin);
  }
  return Object.assign(started, workers);
}

/** Asks one Worker. */
function api(/** @type {string} */ origin) {
  /** @type {(path: string, init?: RequestInit & { duplex?: "half" }) => Promise<Response>} */
  const fetch = (path, init) =>
    globalThis.fetch(new URL(path, origin), { redirect: "manual", ...init });
  /** @type {(path: string, body: unknown, headers?: RequestHeaders) => Promise<Response>} */
  const post = (path, body, headers = {}) =>
    fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  /** @type {RequestHeaders} */
  const bearer = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  return {
    origin,
    fetch,
    post,
    payoutRequests: (/** @type {string} */ groupKey, headers = bearer) =>
      post("/api/payout-requests", { groupKey }, headers),
    compare: (/** @type {string} */ groupKey, /** @type {unknown} */ expect, headers = bearer) =>
      post("/api/payout-requests", { groupKey, expect }, headers),
    billingKey: (/** @type {string} */ payerId, headers = bearer) =>
      post("/api/billing-key", { payerId }, headers),
  };
}

/**
 * @param {string} name
 * @param {Plan} plan
 * @returns {V4WorkerOptions}
 */
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
  /** @type {Record<string, Json>} */
  const bindings = {};
  const all = {
    ...SETTINGS,
    ...(origin && { PAYPLE_HUB_ORIGIN: origin, PAYPLE_CPAY_ORIGIN: origin }),
    ...settings,
  };
  for (const [setting, value] of Object.entries(all))
    if (value !== undefined) bindings[setting] = value;
  return {
    name,
    compatibilityDate: wranglerToml.match(/compatibility_date = "(.+)"/)?.[1],
    modules: script
      ? [ecmaScript("index.js", script)]
      : [
          ...before,
          ...(kvTrouble ? [ecmaScript("main.js", withTroubledKv(kvTrouble))] : []),
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
    ...(archive && { r2Buckets: { RECORD_ARCHIVE: archive === true ? name : archive } }),
    serviceBindings: services,
    assets: { directory: join(root, "www", "dist"), binding: "ASSETS", routerConfig: WORKER_FIRST },
    ...(outbound && { outboundService: outbound }),
    ...(access && { access: { aud: "" } }),
    ...(listens && { routes: [`${name}.localhost/*`] }),
  };
}

/** @returns {V4ModuleDefinition[]} */
function modulesIn(/** @type {string} */ folder) {
  const script = (/** @type {string} */ name) =>
    ecmaScript(name, readFileSync(join(root, folder, name), "utf8"));
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

/** @returns {V4ModuleDefinition} */
function ecmaScript(/** @type {string} */ path, /** @type {string} */ contents) {
  return { type: "ESModule", path, contents };
}

/**
 * Tries until it holds: what the Worker does after its answer, and its log, take a moment, or more
 * on a busy machine.
 *
 * @template T
 * @param {() => T | Promise<T>} assertion
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

/** The cookie that an answer sets, as a request sends it. */
export function cookieOf(/** @type {Response} */ response) {
  return response.headers.get("Set-Cookie")?.split(";")[0] ?? "";
}

/**
 * What an answer says is wrong.
 *
 * @returns {Promise<Problem>}
 */
export function problemOf(/** @type {Response} */ response) {
  return response.json();
}

/** The limits count anew when a minute of the clock begins: not in the middle of a test. */
export async function roomInThisMinute() {
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs < 15_000) await sleep(leftMs);
}

/** The Worker with something in the place of its KV namespace that is no good. */
function withTroubledKv(/** @type {string} */ trouble) {
  return `
    import Worker from "./index.js";
    const get = ${trouble};
    const TOKENS = { get, put: get, delete: get, list: get, getWithMetadata: get };
    export default class extends Worker {
      constructor(context, env) { super(context, { ...env, TOKENS }); }
    }`;
}

/** @returns {any[]} */
function parsed(/** @type {string} */ message) {
  try {
    return [JSON.parse(message)];
  } catch {
    return [];
  }
}

const wranglerToml = readFileSync(join(root, "wrangler.toml"), "utf8");
// `run_worker_first = true` as wrangler hands it on.
const WORKER_FIRST = { has_user_worker: true, invoke_user_worker_ahead_of_assets: true };
