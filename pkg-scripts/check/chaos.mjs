// `npm run chaos`: the Worker under load for 20 minutes, while what it depends on fails in
// random order.
//
// workerd is killed, Durable Objects are evicted from memory, KV and R2 fail or hang, Payple
// revokes its tokens, and the clock is set back. Every answer must be right or a clear error, each
// answer that a caller has received must be on the access record, whose chains verify, and within a
// minute of the last fault everything must be well again. `--minutes 2` is a shorter run, `--seed
// 7` another order. Result: target/chaos.json.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { startSandbox } from "../../sandbox/index.mjs";
import { randomNumbers } from "../../sandbox/random.mjs";
import { workerdPid } from "../../tests/worker/workerd-process.mjs";
import { ADMIN_TOKEN, startWorkers } from "../../tests/worker/workers.mjs";
import { target } from "../common/checkout.mjs";
import { withFolder } from "../common/folder.mjs";
import { commandLine, main, Stop, wholeNumber } from "../common/program.mjs";
import { onLinuxAlone, tellResult, underNode22 } from "./long-run.mjs";

/** @import { Api } from "../../tests/worker/workers.mjs" */

main(import.meta, async () => {
  const { values } = commandLine({
    options: {
      minutes: { type: "string", default: "20" },
      seed: { type: "string", default: "1" },
      here: { type: "boolean", default: false },
    },
  });
  const minutes = wholeNumber("minutes", values.minutes);
  const seed = wholeNumber("seed", values.seed);
  onLinuxAlone();
  if (!values.here) return await underNode22(import.meta.filename);
  const result = await withFolder(join(target, "chaos-"), (folder) =>
    chaos(folder, minutes * 60_000, seed),
  );
  tellResult("chaos", result);
});

/**
 * @param {string} folder where workerd keeps its data
 * @param {number} durationMs
 * @param {number} seed
 */
async function chaos(folder, durationMs, seed) {
  // Node 20, which starts this, cannot read the TypeScript of the verifier.
  const { wholeRecord } = await import("../../tests/worker/whole-record.mjs");
  const sandbox = await startSandbox();
  const start = () =>
    startWorkers(
      {
        chaos: {
          origin: sandbox.origin,
          limit: 1_000_000_000,
          archive: true,
          broker: "chaos",
          before: TROUBLE,
        },
      },
      { resourcePersistencePath: folder },
    );
  let workers = await start();
  /** While workerd is down no caller can be answered. */
  let isDown = false;
  const random = randomNumbers(seed);
  /** @type {Record<string, number>} */
  const played = {};
  /** @type {Record<string, number>} */
  const outcomes = {};
  /** @type {string[]} */
  const failures = [];
  /** @type {Set<string>} */
  const received = new Set();

  /** @param {string} what */
  const fail = (what) => failures.length < 20 && failures.push(what);
  const right = await answersOf(workers.chaos);
  let isOver = false;
  let asked = 0;
  /** Whether the answer was right. @param {number} n */
  const one = async (n) => {
    const [name, path, question] = QUESTIONS[n % QUESTIONS.length];
    const wasDown = isDown;
    const address = addressOf(asked++);
    let response, body;
    try {
      response = await ask(workers.chaos, path, question, address);
      body = await response.json();
    } catch (error) {
      if (!wasDown && !isDown) fail(`${name}: no answer: ${causeOf(error)}`);
      count(outcomes, "no answer while workerd was down");
      await sleep(50);
      return false;
    }
    received.add(address);
    if (response.status === 200) {
      if (!isDeepStrictEqual(body, right[name])) fail(`${name}: another answer`);
      count(outcomes, "right");
      return true;
    }
    count(outcomes, `${response.status} ${body.kind}`);
    if (!CLEAR.has(`${response.status} ${body.kind}`) || !body.title || !body.detail)
      fail(`${name}: ${response.status} ${JSON.stringify(body)}`);
    return false;
  };
  /** @param {number} first */
  const caller = async (first) => {
    for (let n = first; !isOver; n += 1) await one(n);
  };
  const callers = Array.from({ length: CALLERS }, (_, n) => caller(n));

  /** @param {string} query */
  const tell = (query) => workers.chaos.fetch(`/__trouble?${query}`).catch(() => {});
  // The record's clock never goes back, so that each day has to be later than the one before.
  let days = 0;
  /** @type {Record<string, () => Promise<unknown>>} */
  const troubles = {
    async "workerd killed"() {
      isDown = true;
      process.kill(workerdPid(), "SIGKILL");
      await workers.close().catch(() => {});
      workers = await start();
      isDown = false;
    },
    "Durable Objects evicted": () => tell("abort=1"),
    "KV fails": () => tell("kv=fail"),
    "KV hangs": () => tell("kv=hang"),
    "R2 fails while a day is archived": () => tell(`r2=fail&alarm=${++days}`),
    "a day is archived": () => tell(`alarm=${++days}`),
    "clock an hour back": () => tell("clockMs=-3600000"),
    "clock a minute back": () => tell("clockMs=-60000"),
    async "Payple revokes its tokens"() {
      sandbox.revokeTokens();
      sandbox.revokeAuthKeys();
    },
  };
  const names = Object.keys(troubles);
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs) {
    const name = names[Math.floor(random() * names.length)];
    count(played, name);
    await troubles[name]();
    await sleep(500 + 2_500 * random());
    // Otherwise the fault goes on while the next one begins.
    if (random() < 0.6) await tell("reset=1");
  }
  await tell("reset=1");
  const endedAtMs = performance.now();
  // The Worker has recovered when 50 look-ups in a row were right.
  let inARow = 0;
  let wellAfterMs;
  for (let n = 0; wellAfterMs === undefined && performance.now() - endedAtMs < 60_000; n += 1) {
    inARow = (await one(n)) ? inARow + 1 : 0;
    if (inARow === 50) wellAfterMs = Math.round(performance.now() - endedAtMs);
  }
  if (wellAfterMs === undefined) failures.push("not well within a minute of the last fault");
  isOver = true;
  await Promise.all(callers);

  const { entries, faults } = await wholeRecord(workers.chaos);
  const recorded = new Set(entries.map(({ address }) => address));
  const lost = [...received].filter((address) => !recorded.has(address));
  if (lost.length > 0) failures.push(`${lost.length} answers are not on the record`);
  for (const { kind, chain, sequence } of faults.slice(0, 5))
    failures.push(`the record: ${kind} at ${chain} ${sequence}`);
  const archived = await (await workers.chaos.fetch("/__trouble?files=1")).json();
  await workers.close();
  await sandbox.close();
  return {
    minutes: durationMs / 60_000,
    seed,
    played,
    outcomes,
    received: received.size,
    entries: entries.length,
    lost: lost.length,
    recordFaults: faults.length,
    filesInR2: archived.files,
    wellAfterMs,
    failures,
  };
}

/**
 * What each question's answer is when nothing is wrong.
 * @param {Api} worker
 */
async function answersOf(worker) {
  /** @type {Record<string, unknown>} */
  const answers = {};
  for (const [name, path, question] of QUESTIONS) {
    const response = await ask(worker, path, question, "192.0.2.1");
    if (response.status !== 200)
      throw new Stop(`${name}: ${response.status} before anything failed.`);
    answers[name] = await response.json();
  }
  return answers;
}

/**
 * Asks from an address of its own, by which the entry on the record is found.
 * @param {Api} worker
 * @param {string} path
 * @param {object} question
 * @param {string} address
 */
function ask(worker, path, question, address) {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, "CF-Connecting-IP": address };
  return worker.post(path, question, headers);
}

/** @param {number} n */
function addressOf(n) {
  /** @param {number} number */
  const part = (number) => (number + 1).toString(16);
  return `2001:db8:1:1:1:1:${part(n >> 15)}:${part(n & 0x7fff)}`;
}

/** @param {Record<string, number>} counts @param {string} what */
function count(counts, what) {
  counts[what] = (counts[what] ?? 0) + 1;
}

/** @param {unknown} error */
function causeOf(error) {
  return error instanceof Error ? (error.cause ?? error) : error;
}

const GROUP = "CLEAN_128";
/** @type {[name: string, path: string, question: object][]} */
const QUESTIONS = [
  ["a group", "/api/payout-requests", { groupKey: GROUP }],
  ["a card", "/api/billing-key", { payerId: "d0toSS9sT084bVJSNThScnFX" }],
  ["a group with its list", "/api/payout-requests", { groupKey: GROUP, expect: { count: 128 } }],
  ["an account", "/api/billing-key", { payerId: "NS9qNTgzU2xRNHR2RmFBWWFBTWk5UT09" }],
];
const CALLERS = 8;
// Errors that a caller can act on: nothing was handed out, and it may try again.
const CLEAR = new Set([
  "503 record_unavailable",
  "503 unavailable",
  "504 timeout",
  "502 authentication",
]);

/**
 * A main module around the Worker's own, which makes KV, R2, objects and clock fail on request.
 *
 * @type {import("miniflare").V4ModuleDefinition[]}
 */
const TROUBLE = [
  {
    type: "ESModule",
    path: "main.js",
    contents: `
    import Worker, { AccessRecords as Records } from "./index.js";
    export * from "./index.js";

    const calm = () => ({ kv: "", r2: "", clockMs: 0 });
    let trouble = calm();
    globalThis.Date = class extends Date {
      static now() { return super.now() + trouble.clockMs; }
      constructor(...given) { super(...(given.length === 0 ? [Date.now()] : given)); }
    };

    const failing = (binding, which) => new Proxy(binding, {
      get(target, name) {
        const value = target[name];
        if (typeof value !== "function" || name === "constructor") return value;
        return async (...args) => {
          if (trouble[which] === "hang") await scheduler.wait(20_000);
          if (trouble[which]) throw new Error(which + " failed: 500");
          return value.apply(target, args);
        };
      },
    });

    const objects = new Set();
    export class AccessRecords extends Records {
      constructor(context, env) {
        super(context, { ...env, RECORD_ARCHIVE: failing(env.RECORD_ARCHIVE, "r2") });
        this.context = context;
        objects.add(new WeakRef(this));
      }
      async archiveADay(days) {
        // So many days later by the clock: what was written until now is of a day that is over.
        const before = trouble.clockMs;
        trouble.clockMs = days * 86_400_000;
        try { await this.alarm(); } finally { trouble.clockMs = before; }
      }
      async fetch(request) {
        const [order, value] = request.headers.get("X-Trouble")?.split(" ") ?? [];
        if (order === "abort") this.context.abort("thrown out");
        if (order === "alarm") { await this.archiveADay(Number(value)); return new Response(); }
        return super.fetch(request);
      }
    }

    export default class extends Worker {
      constructor(context, env) {
        super(context, { ...env, TOKENS: failing(env.TOKENS, "kv") });
        this.bindings = env;
      }
      async fetch(request) {
        const url = new URL(request.url);
        if (url.pathname !== "/__trouble") return super.fetch(request);
        const { RECORDS, RECORD_ARCHIVE } = this.bindings;
        const asked = Object.fromEntries(url.searchParams);
        if (asked.reset) trouble = calm();
        if (asked.kv) trouble.kv = asked.kv;
        if (asked.r2) trouble.r2 = asked.r2;
        if (asked.clockMs) trouble.clockMs = Number(asked.clockMs);
        for (const order of ["abort", "alarm"].filter((order) => asked[order]))
          for (const name of ["people", "programs-0", "programs-1", "programs-2", "programs-3"])
            await RECORDS.get(RECORDS.idFromName(name))
              .fetch("https://records/", { headers: { "X-Trouble": \`\${order} \${asked[order]}\` } })
              // An object that was thrown out has not answered.
              .catch(() => {});
        const { objects } = await RECORD_ARCHIVE.list();
        return Response.json({ files: objects.length });
      }
    }`,
  },
];
