// Measures the access record in workerd, on disk: a write by itself, and a page, a search and a
// summary of 100,000 entries beside those of a thousand. Run by bench.mjs with Node ≥ 22.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox } from "../../sandbox/index.mjs";
import { cpuUs, workerdPid } from "../worker/workerd-process.mjs";
import { ADMIN_TOKEN, startWorkers } from "../worker/workers.mjs";
import { spread } from "./measure.mjs";

/**
 * @import { V4ModuleDefinition } from "miniflare"
 * @import { AccessRecords } from "../../src/npm/js/models.d.ts"
 * @import { Api } from "../worker/workers.mjs"
 * @import { Samples } from "./measure.mjs"
 */

const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
const large = Number(process.argv[2]);
const WRITES = 1_000;
const ROUNDS = 15;
/** The system counts CPU in ticks of 10 ms. */
const AT_ONCE = 5;
/**
 * Stands before the Worker's own module, and asks an object as an isolate does.
 *
 * @type {V4ModuleDefinition}
 */
const WRITING = {
  type: "ESModule",
  path: "main.js",
  contents: `
    import Worker from "./index.js";
    export * from "./index.js";
    const act = {
      who: "program batch", method: "token", address: "2001:db8::1", task: "billing_key",
      subject: { sealed: "5e".repeat(52), hash: "4a".repeat(16), key_id: "01234567" },
      outcome: "ok", rows: 1, reason: null, request_id: "0".repeat(32),
    };
    const body = JSON.stringify({ append: { chain: "programs-0", acts: [act], session: null } });
    export default class extends Worker {
      async fetch(request) {
        const url = new URL(request.url);
        if (url.pathname !== "/__writes") return super.fetch(request);
        const { RECORDS } = this.env;
        const object = RECORDS.get(RECORDS.idFromName("programs-0"));
        let left = Number(url.searchParams.get("count"));
        const caller = async () => {
          while (left-- > 0) {
            const response = await object.fetch("https://records/", { method: "POST", body });
            if (response.status !== 200) throw new Error(await response.text());
            await response.arrayBuffer();
          }
        };
        await Promise.all(Array.from({ length: 16 }, caller));
        return new Response("written");
      }
    }`,
};

const folder = mkdtempSync(join(tmpdir(), "payple-edge-bench-"));
const sandbox = await startSandbox();
const plan = { origin: sandbox.origin, limit: 1e9 };
// On disk, as it is in production.
const workers = await startWorkers(
  {
    writing: { ...plan, before: [WRITING] },
    large: plan,
    small: plan,
  },
  { resourcePersistencePath: folder },
);
try {
  const write = await writes();
  await fill(workers.large, large);
  await fill(workers.small, 1_000);
  /** @type {Record<string, (worker: Api) => Promise<void>>} */
  const questions = {
    list: (worker) => read(worker, "?limit=500"),
    search: (worker) => search(worker),
    summary: (worker) => read(worker, "/summary?from=2020-01-01&to=2099-12-31"),
  };
  /** @type {Record<string, unknown>} */
  const results = { write };
  for (const [name, ask] of Object.entries(questions))
    results[name] = await inTurn(ROUNDS, {
      large: () => ask(workers.large),
      small: () => ask(workers.small),
    });
  process.stdout.write(JSON.stringify(results));
} finally {
  await workers.close();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
}

/**
 * What each side takes, one after the other, in microseconds of workerd's CPU and of time.
 *
 * @param {number} rounds
 * @param {Record<string, () => Promise<void>>} sides
 */
async function inTurn(rounds, sides) {
  const names = Object.keys(sides);
  /** @type {Samples} */
  const samples = Object.fromEntries(names.map((name) => [name, { cpu: [], wall: [] }]));
  const pid = workerdPid();
  for (let round = -3; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const [cpuBefore, startedAt] = [cpuUs(pid), performance.now()];
      for (let n = 0; n < AT_ONCE; n += 1) await sides[name]();
      if (round < 0) continue;
      samples[name].cpu.push((cpuUs(pid) - cpuBefore) / AT_ONCE);
      samples[name].wall.push(((performance.now() - startedAt) * 1_000) / AT_ONCE);
    }
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      { cpu: spread(samples[name].cpu), wall: spread(samples[name].wall) },
    ]),
  );
}

/**
 * Sixteen callers of one object, inside workerd: what one entry takes it, in microseconds of CPU
 * and of time.
 */
async function writes() {
  /** @type {number[][]} */
  const [cpu, wall] = [[], []];
  const pid = workerdPid();
  for (let round = -2; round < 10; round += 1) {
    const [cpuBefore, startedAt] = [cpuUs(pid), performance.now()];
    const response = await workers.writing.fetch(`/__writes?count=${WRITES}`);
    assert.equal(await response.text(), "written");
    if (round < 0) continue;
    cpu.push((cpuUs(pid) - cpuBefore) / WRITES);
    wall.push(((performance.now() - startedAt) * 1_000) / WRITES);
  }
  return { cpu: spread(cpu), wall: spread(wall) };
}

/** So many entries of a thousand keys each, as somebody has put them there. */
async function fill(/** @type {Api} */ worker, /** @type {number} */ count) {
  for (let n = 0; n < count; n += 1_000) {
    const payerIds = Array.from({ length: 1_000 }, (_, key) => `BK-${n + key}`);
    const action = { action: "show", payerIds, rows: 1_000 };
    const response = await worker.post("/api/actions", action, headers);
    assert.equal(response.status, 204, await response.text());
  }
}

async function read(/** @type {Api} */ worker, /** @type {string} */ query) {
  const response = await worker.fetch(`/api/access-records${query}`, { headers });
  assert.equal(response.status, 200);
  await response.arrayBuffer();
}

/** One of the first entries: by its subject alone. */
async function search(/** @type {Api} */ worker) {
  const subject = createHash("sha256").update("BK-7").digest("hex");
  const response = await worker.fetch(`/api/access-records?subject=${subject}&task=show`, {
    headers,
  });
  /** @type {AccessRecords} */
  const { records } = await response.json();
  assert.equal(records[0].subjectText, "BK-7");
}
