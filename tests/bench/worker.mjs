// Measures the Worker in workerd beside the Hono Worker, each in a process of its own: CPU and time
// of warm look-ups, the time from the start of workerd to the first answer, authentications under
// load. Run by bench.mjs with Node ≥ 22.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { root, target } from "../../pkg-scripts/common/checkout.mjs";
import { startSandbox } from "../../sandbox/index.mjs";
import { cpuUs, workerdPids } from "../worker/workerd-process.mjs";
import { ADMIN_TOKEN, SESSION_SECRET, startWorkers } from "../worker/workers.mjs";
import { spread } from "./measure.mjs";

/**
 * @import { Readable } from "node:stream"
 * @import { Plan, Workers } from "../worker/workers.mjs"
 * @import { Samples } from "./measure.mjs"
 */

/**
 * A Worker in a workerd of its own.
 *
 * @typedef {{ origin: string, pid: number, close: () => Promise<void>, workers: Workers }} Side
 */

const SPEC_GROUP = "Q0RSSkYzWUI3";
const CONCURRENCY = 8;
const CROWD = 64;
const SETTINGS = {
  PAYPLE_ENVIRONMENT: "test",
  PAYPLE_CST_ID: "test",
  PAYPLE_CUST_KEY: "abcd1234567890",
  ADMIN_TOKEN,
  SESSION_SECRET,
};
const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });

const peer = await bundledPeer();
const sandbox = await startSandbox();
const results = {
  warm: await warm(),
  load: await crowd(),
  record: await record(),
  auth: await authentications(),
  cold: await cold(Number(process.argv[2] ?? 11)),
};
await sandbox.close();
agent.destroy();
process.stdout.write(JSON.stringify(results));

/** The peer as wrangler would bundle it. */
async function bundledPeer() {
  const entry = join(import.meta.dirname, "peers", "worker.mjs");
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2024",
    conditions: ["workerd", "worker"],
    write: false,
  });
  return outputFiles[0].text;
}

async function warm() {
  const sides = await bothSides();
  const answers = await Promise.all(
    Object.values(sides).map(({ origin }) => lookUp(origin, SPEC_GROUP)),
  );
  assert.deepEqual(JSON.parse(answers[0]), JSON.parse(answers[1]));
  const small = await load(sides, SPEC_GROUP, { rounds: 12, warmUp: 3, lookups: 150 });
  const big = await load(sides, "ROWS_10000", { rounds: 8, warmUp: 2, lookups: 6 });
  await Promise.all(Object.values(sides).map(({ close }) => close()));
  return { small, big };
}

/**
 * With the same duties: the peer keeps no access record. What that costs is measured in
 * records.mjs.
 *
 * @returns {Promise<Record<string, Side>>}
 */
async function bothSides() {
  const ours = await started("ours", { records: false });
  const hono = await started("hono", { script: peer });
  return { ours, hono };
}

/** With the access record, on disk, beside the same without it. */
async function record() {
  const folder = mkdtempSync(join(tmpdir(), "payple-edge-bench-"));
  const sides = {
    with: await started("ours", {}, { resourcePersistencePath: folder }),
    without: await started("ours", { records: false }),
  };
  const took = await load(sides, SPEC_GROUP, { rounds: 12, warmUp: 3, lookups: 150 });
  await Promise.all(Object.values(sides).map(({ close }) => close()));
  rmSync(folder, { recursive: true, force: true });
  return took;
}

/**
 * 64 callers for a minute of each side, ten seconds in turn: what 99 of 100 look-ups take at most,
 * in milliseconds.
 */
async function crowd() {
  const sides = await bothSides();
  const names = Object.keys(sides);
  /** @type {Record<string, number[]>} */
  const took = Object.fromEntries(names.map((name) => [name, []]));
  const many = new Agent({ keepAlive: true, maxSockets: CROWD });
  for (let turn = -1; turn < 6; turn += 1) {
    for (const name of turn % 2 === 0 ? names : names.toReversed()) {
      const endMs = performance.now() + (turn < 0 ? 2_000 : 10_000);
      const caller = async () => {
        while (performance.now() < endMs) {
          const startedAt = performance.now();
          await lookUp(sides[name].origin, SPEC_GROUP, { agent: many });
          if (turn >= 0) took[name].push(performance.now() - startedAt);
        }
      };
      await Promise.all(Array.from({ length: CROWD }, caller));
    }
  }
  many.destroy();
  await Promise.all(Object.values(sides).map(({ close }) => close()));
  return Object.fromEntries(
    names.map((name) => {
      const sorted = took[name].toSorted((a, b) => a - b);
      return [name, { p99: sorted[Math.floor(sorted.length * 0.99)], count: sorted.length }];
    }),
  );
}

/**
 * @param {string} name
 * @param {Plan} plan
 * @param {Parameters<typeof startWorkers>[1]} [options]
 * @returns {Promise<Side>}
 */
async function started(name, plan, options = {}) {
  const before = workerdPids();
  const workers = await startWorkers(
    { [name]: { origin: sandbox.origin, limit: 1e9, ...plan } },
    options,
  );
  const [pid] = workerdPids().filter((pid) => !before.includes(pid));
  return { origin: workers[name].origin, pid, close: workers.close, workers };
}

/**
 * Look-ups in rounds, one side after the other: microseconds of workerd's CPU and of time for one.
 *
 * @param {Record<string, Side>} sides
 * @param {string} groupKey
 * @param {{ rounds: number, warmUp: number, lookups: number }} options
 */
async function load(sides, groupKey, { rounds, warmUp, lookups }) {
  const names = Object.keys(sides);
  /** @type {Samples} */
  const samples = Object.fromEntries(names.map((name) => [name, { cpu: [], wall: [] }]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const { origin, pid } = sides[name];
      const [cpuBefore, startedAt] = [cpuUs(pid), performance.now()];
      let left = lookups;
      const caller = async () => {
        while (left-- > 0) await lookUp(origin, groupKey);
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, caller));
      const wall = (performance.now() - startedAt) * 1_000;
      if (round < 0) continue;
      samples[name].cpu.push((cpuUs(pid) - cpuBefore) / lookups);
      samples[name].wall.push(wall / lookups);
    }
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      { cpu: spread(samples[name].cpu), wall: spread(samples[name].wall) },
    ]),
  );
}

/** Fifty callers for three lives of a token, of which nine tenths are used. */
async function authentications() {
  const LIFE_MS = 4_000;
  const payple = await startSandbox({ tokenLifetimeMs: LIFE_MS });
  const workers = await startWorkers({
    ours: { origin: payple.origin, limit: 1e9, broker: "ours" },
  });
  const endMs = performance.now() + LIFE_MS * 0.9 * 3 - 1_000;
  const caller = async () => {
    while (performance.now() < endMs) {
      await lookUp(workers.ours.origin, SPEC_GROUP);
      await sleep(20);
    }
  };
  await Promise.all(Array.from({ length: 50 }, caller));
  const { tokens, payoutLookups } = payple.stats();
  await workers.close();
  await payple.close();
  return { tokens, lives: 3, lookups: payoutLookups };
}

/**
 * From the start of workerd to the first answer: a look-up of four rows, authentication included.
 */
async function cold(/** @type {number} */ rounds) {
  const folder = join(target, "bench", "cold");
  mkdirSync(folder, { recursive: true });
  const modules = readdirSync(join(root, "build")).filter((name) =>
    /^index(_bg)?\.(js|wasm)$/.test(name),
  );
  for (const name of modules)
    writeFileSync(join(folder, name), readFileSync(join(root, "build", name)));
  writeFileSync(join(folder, "peer.js"), peer);
  /** @type {Record<string, Module[]>} */
  const sides = {
    ours: [
      ["index.js", "esModule", "index.js"],
      ["index_bg.wasm", "wasm", "index_bg.wasm"],
    ],
    hono: [["peer.js", "esModule", "peer.js"]],
  };
  /** @type {Samples} */
  const samples = Object.fromEntries(
    Object.keys(sides).map((name) => [name, { cpu: [], wall: [] }]),
  );
  for (const name of Object.keys(sides))
    writeFileSync(join(folder, `${name}.capnp`), capnp(sides[name]));
  for (let round = -2; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? Object.keys(sides) : Object.keys(sides).toReversed()) {
      const { wall, cpu } = await startAndAsk(join(folder, `${name}.capnp`));
      if (round < 0) continue;
      samples[name].wall.push(wall);
      samples[name].cpu.push(cpu);
    }
  }
  return Object.fromEntries(
    Object.keys(sides).map((name) => [
      name,
      { cpu: spread(samples[name].cpu), wall: spread(samples[name].wall) },
    ]),
  );
}

async function startAndAsk(/** @type {string} */ config) {
  const startedAt = performance.now();
  const child = spawn(
    workerd(),
    ["serve", config, "--socket-addr=http=127.0.0.1:0", "--control-fd=3"],
    {
      stdio: ["ignore", "ignore", "inherit", "pipe"],
    },
  );
  try {
    const port = await new Promise((resolve, reject) => {
      let text = "";
      const control = /** @type {Readable} */ (child.stdio[3]);
      control.setEncoding("utf8").on("data", (piece) => {
        text += piece;
        const listening = text.split("\n").find((line) => line.includes('"listen"'));
        if (listening) resolve(JSON.parse(listening).port);
      });
      child.once("exit", (code) => reject(new Error(`workerd ended with ${code}`)));
    });
    await lookUp(`http://127.0.0.1:${port}`, SPEC_GROUP, { agent: false });
    return { wall: (performance.now() - startedAt) * 1_000, cpu: cpuUs(Number(child.pid)) };
  } finally {
    child.removeAllListeners("exit");
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
  }
}

/** @typedef {[name: string, kind: string, file: string]} Module */

function capnp(/** @type {Module[]} */ modules) {
  const bindings = {
    ...SETTINGS,
    PAYPLE_HUB_ORIGIN: sandbox.origin,
    PAYPLE_CPAY_ORIGIN: sandbox.origin,
  };
  const wranglerToml = readFileSync(join(root, "wrangler.toml"), "utf8");
  const [, compatibilityDate] = wranglerToml.match(/compatibility_date = "(.+)"/) ?? [];
  const list = (/** @type {string[]} */ entries) => entries.join(",\n    ");
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .main), (name = "internet", network = (allow = ["private"])) ],
  sockets = [ (name = "http", address = "127.0.0.1:0", http = (), service = "main") ]
);
const main :Workerd.Worker = (
  modules = [
    ${list(modules.map(([name, kind, file]) => `(name = "${name}", ${kind} = embed "${file}")`))}
  ],
  bindings = [
    ${list(Object.entries(bindings).map(([name, value]) => `(name = "${name}", text = "${value}")`))}
  ],
  compatibilityDate = "${compatibilityDate}"
);
`;
}

/**
 * @param {string} origin
 * @param {string} groupKey
 * @param {{ agent: Agent | false }} options
 * @returns {Promise<string>}
 */
function lookUp(origin, groupKey, options = { agent }) {
  const body = JSON.stringify({ groupKey });
  const headers = {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    Authorization: `Bearer ${ADMIN_TOKEN}`,
  };
  return new Promise((resolve, reject) => {
    const asking = request(
      `${origin}/api/payout-requests`,
      { method: "POST", headers, ...options },
      (response) => {
        /** @type {Buffer[]} */
        const pieces = [];
        response.on("data", (piece) => pieces.push(piece));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(pieces).toString();
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`${response.statusCode}: ${text}`));
        });
      },
    );
    asking.on("error", reject);
    asking.end(body);
  });
}

/** The binary of the workerd that wrangler brings. */
function workerd() {
  const wrangler = createRequire(createRequire(import.meta.url).resolve("wrangler"));
  const platform = process.arch === "x64" ? "64" : process.arch;
  return join(
    dirname(wrangler.resolve("workerd/package.json")),
    "..",
    "@cloudflare",
    `workerd-linux-${platform}`,
    "bin",
    "workerd",
  );
}
