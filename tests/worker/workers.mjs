// Runs the built Worker (build/) in real workerd, several of them with different settings in one process.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
// The very Miniflare that wrangler runs.
const { convertV4MiniflareOptions, Miniflare, Response } = createRequire(createRequire(import.meta.url).resolve("wrangler"))("miniflare");

export { Response };

/** The settings that a test needs not think about. */
export const ADMIN_TOKEN = "an-admin-token-for-tests-0123456789";
const SETTINGS = { PAYPLE_ENVIRONMENT: "test", PAYPLE_CST_ID: "test", PAYPLE_CUST_KEY: "abcd1234567890", ADMIN_TOKEN };

/**
 * Starts one workerd with a Worker for each name in `plans`. A plan is
 * `{ origin, settings, kv, services, outbound, access, limit }`: where Payple is; settings to change (undefined takes one
 * away); the id of its KV namespace (its own name, unless told; Workers may share one; false for none); service bindings;
 * who answers its requests to the internet (nobody, unless told); what `ctx.access` says; look-ups a minute.
 *
 * `broker` names the Worker whose class `TokenBroker` it asks for passes (nobody's, unless told); `build` is the folder of
 * another build of the Worker; `script` is JavaScript in the place of any build.
 */
export async function startWorkers(plans) {
  const logs = [];
  const options = convertV4MiniflareOptions({
    handleStructuredLogs: ({ level, message }) => logs.push({ level, message }),
    workers: Object.entries(plans).map(([name, plan]) => worker(name, plan)),
  });
  const miniflare = new Miniflare(options);
  await miniflare.ready;
  const started = {
    /** What was logged so far, as lines of text. */
    logs: () => logs.map(({ message }) => message),
    /** The log lines that are JSON, of one event. */
    events: (event) => logs.flatMap(({ message }) => parsed(message)).filter((line) => line.event === event),
    clearLogs: () => logs.splice(0),
    brokers: (name) => miniflare.getDurableObjectNamespace("TOKEN_BROKER", name),
    kv: (name) => miniflare.getKVNamespace("TOKENS", name),
    close: () => miniflare.dispose(),
  };
  for (const name of Object.keys(plans)) {
    const target = await miniflare.getWorker(name);
    started[name] = api((path, init) => target.fetch(new URL(path, ORIGIN), { redirect: "manual", ...init }));
  }
  return started;
}

/** The origin that the Workers are asked under. */
export const ORIGIN = "https://edge.example";

function api(fetch) {
  const post = (path, body, headers = {}) =>
    fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const bearer = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  return {
    fetch,
    post,
    payoutRequests: (groupKey, headers = bearer) => post("/api/payout-requests", { groupKey }, headers),
    billingKey: (payerId, headers = bearer) => post("/api/billing-key", { payerId }, headers),
  };
}

function worker(name, { origin, settings = {}, kv = name, services = {}, outbound, access, limit = 1_000, broker, build = "build", script }) {
  const bindings = { ...SETTINGS, ...(origin && { PAYPLE_HUB_ORIGIN: origin, PAYPLE_CPAY_ORIGIN: origin }), ...settings };
  for (const [setting, value] of Object.entries(bindings)) if (value === undefined) delete bindings[setting];
  return {
    name,
    compatibilityDate: wranglerToml.match(/compatibility_date = "(.+)"/)[1],
    modules: script ? [{ type: "ESModule", path: "index.js", contents: script }] : modulesIn(build),
    bindings,
    ...(kv && { kvNamespaces: { TOKENS: kv } }),
    ...(broker && { durableObjects: { TOKEN_BROKER: { className: "TokenBroker", scriptName: broker, useSQLite: true } } }),
    ratelimits: { LOOKUP_LIMIT: { namespace_id: name, simple: { limit, period: 60 } } },
    serviceBindings: services,
    assets: { directory: join(root, "www", "dist"), binding: "ASSETS", run_worker_first: true },
    ...(outbound && { outboundService: outbound }),
    ...(access && { access }),
  };
}

function modulesIn(folder) {
  return [
    { type: "ESModule", path: "index.js", contents: readFileSync(join(root, folder, "index.js"), "utf8") },
    { type: "CompiledWasm", path: "index_bg.wasm", contents: readFileSync(join(root, folder, "index_bg.wasm")) },
  ];
}

/** Tries until it holds: what the Worker does after its answer takes a moment. */
export async function eventually(assertion, patienceMs = 2_000) {
  for (const endMs = Date.now() + patienceMs; ; await sleep(20)) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > endMs) throw error;
    }
  }
}

function parsed(message) {
  try {
    return [JSON.parse(message)];
  } catch {
    return [];
  }
}

const wranglerToml = readFileSync(join(root, "wrangler.toml"), "utf8");
