// The largest requests that are taken: how large they may be, what CPU they cost, and what memory
// eight of them at once.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandbox } from "../../sandbox/index.mjs";
import { cpuUs, workerdPid } from "./workerd-process.mjs";
import { ADMIN_TOKEN, INSTANCES, problemOf, startWorkers } from "./workers.mjs";

/**
 * @import { ExpectedPayoutRequest, MatchBy, PayoutRequest } from "../../src/npm/js/models.d.ts"
 * @import { PayoutRequestGroup } from "../../src/npm/js/models.d.ts"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Workers } from "./workers.mjs"
 */

const MAX_REQUESTS = 20_000;
const MAX_BYTES = 2 * 1024 * 1024;
const GROUP = "ROWS_10000";
// What a process has used can be read there.
const ON_LINUX = { skip: process.platform !== "linux" };
const BEARER = { Authorization: `Bearer ${ADMIN_TOKEN}` };

const listOf = (
  /** @type {(n: number) => ExpectedPayoutRequest} */ request,
  count = MAX_REQUESTS,
) => Array.from({ length: count }, (_, n) => request(n));
/** Four letters that are different for each `n`. */
const fourLetters = (/** @type {number} */ n) =>
  [0, 4, 8, 12].map((bits) => "abcdefghijklmnop"[(n >> bits) & 15]).join("");
/** Of 1,000 won the group has some 700 requests, to most of its recipients. */
const COMMON = 1_000;
/**
 * Lists that a comparison could find hard: nothing to match by, one key for all, keys alike,
 * everything ambiguous. The last two took an earlier comparison 6 and 22 seconds: texts that
 * collide in FxHash of 32 bits (`È` and `j?$` cancel its seed, so that the four letters after them
 * do not count), and lines by different texts that compete for requests of one amount.
 */
const LISTS = {
  "amounts alone": listOf((n) => ({ amount: 1_000 + n })),
  "one recipient": listOf((n) => ({
    billingTranId: "x",
    amount: 1_000 + ((n * 7_919) % 20_000),
  })),
  "keys that differ at their end": listOf((n) => ({
    billingTranId: `${"x".repeat(60)}${n}`,
    amount: 1_000,
  })),
  "every text": listOf((n) => ({
    billingTranId: `b${n}`,
    subId: `s${n}`,
    printContent: `정산${n}`,
    amount: n + 1,
  })),
  "one amount and one text": listOf(() => ({ printContent: "정산", amount: 10_000 })),
  "texts that collide": listOf((n) => ({
    billingTranId: `aaaÈj?$${fourLetters(n)}aaaa`,
    amount: COMMON,
  })),
};
const COMPETE = "lines that compete";
/** Every other line names a request of the group by two of its texts, the others nothing in it. */
const competing = (/** @type {PayoutRequest[]} */ requests) =>
  listOf((n) => {
    const [one, another] = [n, 7 * n].map((at) => requests[at % requests.length]);
    return n % 2
      ? { printContent: `정산 ${n}`, amount: COMMON }
      : { subId: one.subId, printContent: another.printContent, amount: COMMON };
  });

describe("the largest request", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  before(async () => {
    sandbox = await startSandbox();
    workers = await startWorkers(
      {
        // Its wasm memory can be seen from outside.
        measured: {
          origin: sandbox.origin,
          before: [
            {
              type: "ESModule",
              path: "main.js",
              contents: `
                import "./instances.js";
                import Worker from "./index.js";
                export * from "./index.js";
                export default class extends Worker {
                  fetch(request) {
                    if (!request.url.endsWith("/memory")) return super.fetch(request);
                    return Response.json(instances.at(-1).exports.memory.buffer.byteLength);
                  }
                }`,
            },
            INSTANCES,
          ],
        },
      },
      { inspectorPort: 0 },
    );
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });

  const ask = (/** @type {unknown} */ body) =>
    workers.measured.post("/api/payout-requests", body, BEARER);
  const compare = async (
    /** @type {ExpectedPayoutRequest[]} */ requests,
    /** @type {MatchBy | undefined} */ matchBy = undefined,
  ) => {
    const response = await ask({ groupKey: GROUP, expect: { requests, matchBy } });
    /** @type {PayoutRequestGroup} */
    const { review } = await response.json();
    assert.equal(response.status, 200);
    return review.expectation;
  };

  test("at most 20,000 expected requests and 2 MiB are taken", async () => {
    const expected = (/** @type {number} */ count) => ({
      groupKey: "CLEAN_128",
      expect: { requests: listOf((n) => ({ amount: n + 1 }), count) },
    });
    assert.equal((await ask(expected(MAX_REQUESTS))).status, 200);
    const before = sandbox.stats().requests;
    const tooMany = await ask(expected(MAX_REQUESTS + 1));
    const { kind, detail } = await problemOf(tooMany);
    assert.deepEqual(
      [tooMany.status, kind, detail],
      [400, "invalid_input", "expect.requests holds more than 20000 requests"],
    );

    const padded = (/** @type {number} */ bytes) => JSON.stringify(expected(1)).padEnd(bytes, " ");
    assert.equal((await ask(padded(MAX_BYTES + 1))).status, 413);
    assert.equal(sandbox.stats().requests, before);
    assert.equal((await ask(padded(MAX_BYTES))).status, 200);
  });

  test("whatever the list, its CPU stays far below cpu_ms", ON_LINUX, async (t) => {
    const config = readFileSync(new URL("../../wrangler.toml", import.meta.url), "utf8");
    const limits = [...config.matchAll(/^cpu_ms = (\d+)$/gm)].map(([, ms]) => Number(ms));
    assert.equal(limits.length, 2, "in test and in live");
    await compare(LISTS["amounts alone"]);
    /** @type {PayoutRequestGroup} */
    const group = await (await ask({ groupKey: GROUP })).json();
    const common = group.requests.filter(({ amount }) => amount === COMMON);
    assert.ok(common.length > 500);
    const lists = { ...LISTS, [COMPETE]: competing(common) };
    for (const [name, requests] of Object.entries(lists)) {
      const beforeUs = cpuUs(workerdPid());
      await compare(requests, name === COMPETE ? "printContent" : undefined);
      const usedMs = (cpuUs(workerdPid()) - beforeUs) / 1_000;
      t.diagnostic(`${name}: ${usedMs} ms of workerd's CPU`);
      for (const limit of limits) assert.ok(usedMs < limit / 2, `${name}: ${usedMs} ms`);
    }
  });

  test("eight at once stay under the 128 MB of an isolate", async (t) => {
    const inspector = await inspect(await workers.inspector());
    let peak = 0;
    let isOver = false;
    const sampling = (async () => {
      while (!isOver) {
        const { usedSize, backingStorageSize = 0 } = await inspector.call("Runtime.getHeapUsage");
        peak = Math.max(peak, usedSize + backingStorageSize);
        await sleep(5);
      }
    })();
    for (const requests of [LISTS["every text"], LISTS["keys that differ at their end"]])
      await Promise.all(Array.from({ length: 8 }, () => compare(requests)));
    isOver = true;
    await sampling;
    inspector.close();
    const wasm = await (await workers.measured.fetch("/memory")).json();
    const mb = (/** @type {number} */ bytes) => Math.round(bytes / 1e5) / 10;
    t.diagnostic(`wasm ${mb(wasm)} MB, JavaScript ${mb(peak)} MB at its peak`);
    assert.ok(wasm > 5e6 && peak > 1e6, "both are measured");
    assert.ok(wasm + peak < 128e6, `${mb(wasm + peak)} MB`);
  });
});

/** The inspector of the Worker's isolate. */
async function inspect(/** @type {URL} */ address) {
  /** @type {{ id: string, webSocketDebuggerUrl: string }[]} */
  const targets = await (
    await fetch(new URL("/json", String(address).replace("ws:", "http:")))
  ).json();
  const target = targets.find(({ id }) => id === "core:user:measured");
  assert.ok(target);
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("the inspector does not answer"));
  });
  const waiting = new Map();
  let count = 0;
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(data);
    waiting.get(id)?.(result);
  };
  return {
    /** @type {(method: string) => Promise<any>} */
    call: (method) =>
      new Promise((resolve) => {
        count += 1;
        waiting.set(count, resolve);
        socket.send(JSON.stringify({ id: count, method }));
      }),
    close: () => socket.close(),
  };
}
