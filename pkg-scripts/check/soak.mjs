// `npm run soak`: 100,000 look-ups through the npm package and as many through the Worker, one in
// five of them faulty.
//
// Every look-up must end as the sandbox's table says, the upstream calls must be exactly those that
// the table adds up to, the authentications those that the flow predicts, and the module's memory
// after the last look-up what it was after half of them, with JavaScript's heap hardly larger. The
// Worker's access record has an entry for each look-up, in chains that verify. No error, event, log
// line or stored entry may hold a secret or the billing key asked for. `--lookups 10000` is
// a shorter run, `--faces npm` runs one face. Result: target/soak.json, which keeps the last run of
// each face.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { faults, startSandbox } from "../../sandbox/index.mjs";
import { IssuedTokens } from "../../sandbox/issued-tokens.mjs";
import { buildNpm } from "../build/build.mjs";
import { root, target } from "../common/checkout.mjs";
import { chosen, commandLine, main, Stop, say, wholeNumber } from "../common/program.mjs";
import { underNode22 } from "./long-run.mjs";

/**
 * @import { Endpoint, Sandbox } from "../../sandbox/index.d.ts"
 * @typedef {"payout" | "billing"} Service
 * @typedef {Awaited<ReturnType<typeof soak>>} Result
 */

/**
 * What is run: the npm package or the Worker.
 * @typedef {object} Face
 * @property {string} name
 * @property {(service: Service, key: string) => Promise<string>} lookUp "ok", or the error's kind
 * @property {() => Promise<{ module: number }>} memory in bytes
 * @property {() => Promise<Record<string, number>>} reported how many events or log lines it wrote
 * @property {() => Promise<void>} close
 */

main(import.meta, async () => {
  const { values } = commandLine({
    options: {
      lookups: { type: "string", default: "100000" },
      faces: { type: "string", default: "npm,worker" },
      here: { type: "boolean", default: false },
    },
  });
  const lookups = wholeNumber("lookups", values.lookups);
  if (lookups % ROUNDS !== 0)
    throw new Stop(`--lookups must be a multiple of ${ROUNDS}: there are as many rounds.`);
  const names = chosen(values.faces, Object.keys(FACES), "face");
  if (!values.here) {
    await buildNpm();
    return await underNode22(import.meta.filename, { nodeOptions: ["--expose-gc"] });
  }
  /** @type {Result[]} */
  const results = [];
  for (const name of names) results.push(await soak(name, lookups));
  mkdirSync(target, { recursive: true });
  const path = join(target, "soak.json");
  /** @type {Result[]} */
  const earlier = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : [];
  const others = earlier.filter(({ face }) => !results.some((result) => result.face === face));
  writeFileSync(path, `${JSON.stringify([...others, ...results], null, 2)}\n`);
  for (const result of results) {
    console.log(`\n${result.face}`);
    for (const [what, value] of Object.entries(result))
      console.log(`  ${what.padEnd(28)} ${JSON.stringify(value)}`);
  }
  if (results.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
});

/** @param {string} name @param {number} lookups */
async function soak(name, lookups) {
  /** @type {string[]} */
  const unhandled = [];
  /** @param {unknown} reason */
  const note = (reason) => unhandled.push(String(reason));
  process.on("unhandledRejection", note);
  // Longer than the client keeps a token, so that none expires during a look-up, which would then
  // ask twice.
  const sandbox = await startSandbox({ tokenLifetimeMs: 120_000 });
  const search = new Search();
  const face = await FACES[name](sandbox, search);
  /** @type {Record<string, number>} */
  const outcomes = {};
  /** @type {string[]} */
  const failures = [];
  /** By look-ups made. @type {Record<number, { module: number, heapUsed: number }>} */
  const memory = {};
  const expected = { payout: 0, billing: 0 };
  const calls = { token: 0, auth: 0, payout: 0, billing: 0 };
  const startedAt = performance.now();
  let revocations = -1;
  let late = 0;

  /** @param {number} at */
  const one = async (at) => {
    const { service, key, kind, calls } = plan(at);
    expected[service] += calls;
    const met = await face.lookUp(service, key);
    outcomes[met] = (outcomes[met] ?? 0) + 1;
    if (met === "timeout") late += 1;
    else if (met !== kind) failures.push(`${service} ${key}: ${met} instead of ${kind}`);
  };
  /** Payple revokes all tokens; the next look-up of each kind is refused, and gets a new one. */
  const revoke = async () => {
    revocations += 1;
    sandbox.revokeTokens();
    sandbox.revokeAuthKeys();
    for (const service of SERVICES) {
      const before = sandbox.stats().calls[service];
      if ((await face.lookUp(service, GOOD[service][0])) !== "ok")
        failures.push(`${service} after a revocation`);
      // The token may have expired at this moment: then there is none to be refused.
      const hadExpired = sandbox.stats().calls[service] - before === 1;
      expected[service] += revocations === 0 || hadExpired ? 1 : 2;
    }
  };

  const inRound = lookups / ROUNDS;
  for (let done = 0; done < lookups; done += inRound) {
    await revoke();
    let next = done;
    const worker = async () => {
      while (next < done + inRound) await one(next++);
    };
    await Promise.all(Array.from({ length: CALLERS }, worker));
    const { calls: more } = sandbox.stats();
    for (const endpoint of ENDPOINTS) calls[endpoint] += more[endpoint];
    // The sandbox remembers every fault that was asked for: in this process that would look like
    // a leak.
    sandbox.reset();
    const share = done + inRound;
    // Closed sockets, for example, become garbage only when their events have run, after the
    // first collection.
    globalThis.gc?.();
    await sleep(200);
    globalThis.gc?.();
    memory[share] = { ...(await face.memory()), heapUsed: process.memoryUsage().heapUsed };
    say(
      `${face.name}: ${share} look-ups, ${Math.round((performance.now() - startedAt) / 1_000)} s, module ${JSON.stringify(memory[share].module)}`,
    );
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const reported = await face.reported();
  await face.close();
  await sandbox.close();
  process.off("unhandledRejection", note);

  const answered = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  if (answered !== lookups) failures.push(`${answered} of ${lookups} look-ups ended`);
  // On a machine that is busy for seconds a time-out is the right answer.
  if (late > lookups / 10_000) failures.push(`${late} look-ups were not answered in time`);
  for (const service of SERVICES) {
    // A look-up that timed out is not repeated.
    const off = Math.abs(calls[service] - expected[service]);
    if (off > 3 * late)
      failures.push(`${calls[service]} ${service} calls instead of ${expected[service]}`);
  }
  for (const [endpoint, lifeS] of LIVES) {
    const least = revocations + 1;
    const most = least + Math.ceil(seconds / lifeS);
    if (calls[endpoint] < least || calls[endpoint] > most)
      failures.push(`${calls[endpoint]} ${endpoint} calls instead of ${least} to ${most}`);
  }
  for (const [what, count] of Object.entries(reported)) {
    const predicted =
      what === "events"
        ? Object.values(calls).reduce((sum, each) => sum + each)
        : lookups + 2 * (revocations + 1);
    if (count !== predicted) failures.push(`${count} ${what} instead of ${predicted}`);
  }
  failures.push(...search.finds);
  const measured = Object.values(memory);
  const modules = measured.map(({ module }) => module);
  const heaps = measured.map(({ heapUsed }) => heapUsed);
  // WebAssembly memory never shrinks, so it grows until it has met the greatest need at once. A
  // leak would make it grow as much in the second half as in the first.
  const [middle, end] = [ROUNDS / 2 - 1, ROUNDS - 1];
  const [half, last] = [modules[middle], modules[end]];
  if (half !== last) failures.push(`the module's memory went from ${half} to ${last} bytes`);
  // By the middle V8 has compiled what it compiles.
  const heapGrowth = heaps[end] - heaps[middle];
  if (heapGrowth > MAX_HEAP_GROWTH)
    failures.push(`the heap of JavaScript grew by ${heapGrowth} bytes`);
  if (unhandled.length > 0)
    failures.push(`unhandled rejections: ${unhandled.slice(0, 5).join("; ")}`);
  return {
    face: face.name,
    lookups,
    seconds: Math.round(seconds),
    outcomes,
    late,
    authentications: { token: calls.token, auth: calls.auth, revocations },
    questions: { payout: calls.payout, billing: calls.billing, predicted: expected },
    reported,
    searched: { texts: search.texts, characters: search.characters, finds: search.finds.length },
    moduleMemory: modules,
    heapUsed: heaps,
    unhandledRejections: unhandled.length,
    failures: failures.slice(0, 20),
  };
}

/**
 * The look-up of this number: which, and how it must end. Every fifth is faulty.
 * @param {number} at
 * @returns {{ service: Service, key: string, kind: string, calls: number }}
 */
function plan(at) {
  const service = at % 2 === 0 ? "payout" : "billing";
  if (at % 5 !== 0) {
    const good = GOOD[service];
    return { service, key: good[at % good.length], kind: "ok", calls: 1 };
  }
  const faulty = FAULTS[service];
  const { key, expect, upstreamCalls } = faulty[(at / 5) % faulty.length];
  // The number keeps the keys of passing faults apart.
  const calls = upstreamCalls[service]?.lookup ?? 0;
  return { service, key: `${key}-${at}`, kind: expect.kind, calls };
}

/** Searches answers, events and log lines for secrets. */
class Search {
  /** @type {string[]} */
  finds = [];
  texts = 0;
  characters = 0;
  #secrets = ["abcd1234567890"];

  constructor() {
    const { issue } = IssuedTokens.prototype;
    const search = this;
    // What the sandbox issues: tokens, AuthKeys and the encoded pairs that belong to them. Only the
    // newest are kept.
    IssuedTokens.prototype.issue = function (token, holder) {
      const { cstId, custKey } = holder ?? {};
      search.#secrets.push(...[token, cstId, custKey].filter((text) => text?.length > 14));
      if (search.#secrets.length > 20) search.#secrets.splice(1, 4);
      return issue.call(this, token, holder);
    };
  }

  /** @param {string} what @param {string} text @param {string[]} [alsoSecret] */
  in(what, text, alsoSecret = []) {
    this.texts += 1;
    this.characters += text.length;
    const found = [...this.#secrets, ...alsoSecret].find((secret) => text.includes(secret));
    if (found) this.finds.push(`${what} holds ${found.slice(0, 4)}…`);
  }
}

/** @type {Record<string, (sandbox: Sandbox, search: Search) => Promise<Face>>} */
const FACES = {
  async npm(sandbox, search) {
    /** @type {WebAssembly.Memory[]} */
    const memories = [];
    WebAssembly.Instance = class extends WebAssembly.Instance {
      /** @param {WebAssembly.Module} module @param {WebAssembly.Imports} [imports] */
      constructor(module, imports) {
        super(module, imports);
        memories.push(/** @type {WebAssembly.Memory} */ (this.exports.memory));
      }
    };
    /** @type {typeof import("../../src/npm/js/index.d.ts")} */
    const { PaypleClient, PaypleError } = await import(
      pathToFileURL(join(root, "dist/npm/index.mjs")).href
    );
    const origins = { hub: sandbox.origin, cpay: sandbox.origin };
    let events = 0;
    /** @param {unknown} event */
    const onExchange = (event) => {
      events += 1;
      search.in("an event", inspect(event));
    };
    const payple = new PaypleClient({
      environment: "test",
      cstId: "test",
      custKey: "abcd1234567890",
      origins,
      onExchange,
      timeoutMs: 60_000,
    });
    return {
      name: "npm package in Node",
      async lookUp(service, key) {
        try {
          const answer = await (service === "payout"
            ? payple.lookupPayoutRequests(key)
            : payple.lookupBillingKey(key));
          if (service === "billing") search.in("an answer", JSON.stringify(answer));
          return "ok";
        } catch (error) {
          search.in(
            "an error",
            `${error instanceof Error ? error.stack : ""} ${JSON.stringify(error)} ${inspect(error)}`,
            service === "billing" ? [key] : [],
          );
          return error instanceof PaypleError ? error.kind : `not a PaypleError: ${error}`;
        }
      },
      memory: async () => ({
        module: memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
      }),
      reported: async () => ({ events }),
      close: async () => {},
    };
  },

  async worker(sandbox, search) {
    const { ADMIN_TOKEN, startWorkers } = await import("../../tests/worker/workers.mjs");
    const { wholeRecord } = await import("../../tests/worker/whole-record.mjs");
    const workers = await startWorkers({
      soak: { origin: sandbox.origin, limit: 1_000_000_000, before: MEMORY_WATCH },
    });
    const logged = { requests: 0, audits: 0 };
    const readLogs = async () => {
      // Log lines arrive separately from the answers, and later.
      await sleep(1_000);
      logged.requests += workers.events("request").length;
      logged.audits += workers.events("audit").length;
      for (const line of workers.logs())
        search.in("a log line", line, [ADMIN_TOKEN, "FAULT_", ...GOOD.billing]);
      workers.clearLogs();
    };
    return {
      name: "Worker in workerd",
      async lookUp(service, key) {
        const response = await (service === "payout"
          ? workers.soak.payoutRequests(key)
          : workers.soak.billingKey(key));
        const text = await response.text();
        if (response.status === 200) {
          if (service === "billing") search.in("an answer", text, [ADMIN_TOKEN]);
          return "ok";
        }
        search.in("a problem", text, [ADMIN_TOKEN, ...(service === "billing" ? [key] : [])]);
        return JSON.parse(text).kind;
      },
      async memory() {
        await readLogs();
        return { module: Number(await (await workers.soak.fetch("/__memory")).text()) };
      },
      async reported() {
        const { entries, faults } = await wholeRecord(workers.soak);
        search.finds.push(...faults.map(({ kind }) => `the access record: ${kind}`));
        const lookUps = entries.filter(({ task }) => LOOK_UPS.includes(task));
        for (const { subjectText, ...kept } of lookUps)
          search.in("an entry", JSON.stringify(kept), [
            ADMIN_TOKEN,
            ...(subjectText ? [subjectText] : []),
          ]);
        return { ...logged, entries: lookUps.length };
      },
      close: workers.close,
    };
  },
};

/**
 * A main module around the Worker's own, which answers how much memory that has.
 *
 * @type {import("miniflare").V4ModuleDefinition[]}
 */
const MEMORY_WATCH = [
  {
    type: "ESModule",
    path: "main.js",
    contents: `
    import { memories } from "./watch.js";
    import Worker from "./index.js";
    export * from "./index.js";
    export default class extends Worker {
      fetch(request) {
        if (!request.url.endsWith("/__memory")) return super.fetch(request);
        return new Response(String(memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)));
      }
    }`,
  },
  {
    type: "ESModule",
    path: "watch.js",
    contents: `
    export const memories = [];
    const { Instance } = WebAssembly;
    WebAssembly.Instance = class extends Instance {
      constructor(...args) { super(...args); memories.push(this.exports.memory); }
    };`,
  },
];

const GOOD = {
  payout: ["Q0RSSkYzWUI3", "EMPTY", "ROWS_30", "CLEAN_128", "HOSTILE_TEXT"],
  billing: [
    "d0toSS9sT084bVJSNThScnFX",
    "NS9qNTgzU2xRNHR2RmFBWWFBTWk5UT09",
    "BK_CARD_001",
    "BK_ACCOUNT_007",
  ],
};

const SERVICES = /** @type {const} */ (["payout", "billing"]);
const ENDPOINTS = /** @type {const} */ (["token", "auth", "payout", "billing"]);
/**
 * For how many seconds a token is kept; an AuthKey outlives the run or is renewed after 25 minutes.
 * @type {[Endpoint, number][]}
 */
const LIVES = [
  ["token", 55],
  ["auth", 1_500],
];

const LOOK_UPS = ["payout_requests", "billing_key"];
// Not those that wait for seconds, revoke the token of every other caller, or send megabytes.
const UNFIT = /NO_ANSWER|SLOW|429|TOKEN|401|HUGE|BOMB|DEEP/;
/** @param {Service} endpoint */
const at = (endpoint) =>
  faults.filter(({ key, endpoints }) => endpoints.includes(endpoint) && !UNFIT.test(key));
const FAULTS = { payout: at("payout"), billing: at("billing") };

/** Memory is measured after each. */
const ROUNDS = 10;
const CALLERS = 40;
// A leak in each of 50,000 look-ups would be far more.
const MAX_HEAP_GROWTH = 1_000_000;
