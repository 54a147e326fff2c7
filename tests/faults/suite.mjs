// Plays every fault of the sandbox's table, at every endpoint that has it, through one face: the
// three faces' tests.
//
// A face is `{ name, open(sandboxes) }`; open gives `{ lanes, close }` with a lane for each
// sandbox. A lane is `{ lookUp({ service, key, timeoutMs }), cool? }`: a look-up gives `{ answer }`
// or `{ error }`, and `cool` is called after each row where a lane would otherwise keep its tokens.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { faults, startSandbox } from "../../sandbox/index.mjs";

/** One row per fault and endpoint, those that take long first. */
export const rows = faults
  .flatMap((fault) =>
    fault.endpoints.map((endpoint) => ({
      ...fault,
      endpoint,
      calls: fault.upstreamCalls[endpoint],
    })),
  )
  .sort((a, b) => weight(b) - weight(a));

export function playEveryFault(face) {
  describe(`faults through ${face.name}`, () => {
    const played = new Set();
    let sandboxes, opened, lanes;
    before(async () => {
      sandboxes = await Promise.all(
        Array.from({ length: LANES }, () => startSandbox({ trap: true })),
      );
      opened = await face.open(sandboxes);
      lanes = new Pool(opened.lanes.map((lane, at) => ({ ...lane, sandbox: sandboxes[at] })));
    });
    after(async () => {
      await opened?.close();
      await Promise.all((sandboxes ?? []).map((sandbox) => sandbox.close()));
    });

    describe("each row", { concurrency: LANES }, () => {
      for (const row of rows) {
        test(`${row.key} at ${row.endpoint}: ${outcome(row)}`, async () => {
          await lanes.with(async (lane) => {
            try {
              await play(row, lane);
            } finally {
              await lane.cool?.();
            }
          });
          played.add(`${row.key} ${row.endpoint}`);
        });
      }
    });

    test("no fault of the sandbox was left out", () => {
      for (const { key, endpoints } of faults) {
        for (const endpoint of endpoints)
          assert.ok(played.has(`${key} ${endpoint}`), `${key} at ${endpoint}`);
      }
    });
  });
}

async function play(row, { lookUp, sandbox }) {
  const { endpoint, expect, calls } = row;
  const key = row.key + (PARAMETERS[row.key] ?? "");
  const service = SERVICES[endpoint];
  const isAuthentication = endpoint === service.token;
  sandbox.reset();
  if (isAuthentication) sandbox.queueFault({ endpoint, fault: key });
  const timeoutMs = expect.kind === "timeout" ? SHORT_TIMEOUT_MS : TIMEOUT_MS;

  const startedAt = performance.now();
  const { answer, error } = await lookUp({
    service: service.name,
    key: isAuthentication ? service.sample : key,
    timeoutMs,
  });
  const tookMs = performance.now() - startedAt;

  if (expect.kind === "ok") {
    assert.deepEqual(error, undefined);
    service.assertRight(answer, row, isAuthentication ? service.sample : key);
  } else {
    assert.deepEqual(answer, undefined);
    assert.equal(error.kind, expect.kind, JSON.stringify(error));
    assert.equal(error.phase, isAuthentication ? "token" : "lookup");
    if (expect.code) assert.equal(error.code, expect.code);
    for (const secret of SECRETS) assert.ok(!JSON.stringify(error).includes(secret));
  }
  assert.ok(tookMs < TIMEOUT_MS + PATIENCE_MS, `took ${tookMs} ms`);

  const { calls: made, requests, redirectsFollowed, faults: met } = sandbox.stats();
  assert.deepEqual({ token: made[service.token], lookup: made[service.lookup] }, calls);
  assert.equal(requests, calls.token + calls.lookup, "nothing else was asked");
  assert.ok(met[key].attempts >= 1, "the fault was met");
  assert.equal(redirectsFollowed, 0);
  assert.deepEqual(sandbox.trap.requests(), []);
}

function assertRightGroup(answer, { key, endpoint, expect }, asked) {
  const requests = endpoint === "payout" ? (ROWS[key] ?? 4) : 4;
  const findings = expect.findings ?? (requests > 1 ? ["possible_duplicate"] : []);
  assert.equal(answer.groupKey, asked);
  assert.equal(answer.code, "A0000");
  assert.deepEqual(
    answer.requests.map(({ amount }) => amount),
    Array(requests).fill(1_000),
  );
  assert.deepEqual(answer.review.findings.map(({ kind }) => kind).sort(), [...findings].sort());
  assert.equal(
    answer.review.consistent,
    findings.every((kind) => kind === "possible_duplicate"),
  );
  assert.deepEqual(
    [answer.review.computedTotal, answer.review.computedCount],
    [requests * 1_000, requests],
  );
}

function assertRightKey(answer, _, asked) {
  assert.deepEqual([answer.type, answer.payerId, answer.code], ["card", asked, "0000"]);
  assert.match(answer.card.number, /\d/);
}

/** Hands its things out, one holder at a time. */
class Pool {
  #free;
  #waiting = [];

  constructor(things) {
    this.#free = [...things];
  }

  async with(body) {
    const thing = this.#free.pop() ?? (await new Promise((resolve) => this.#waiting.push(resolve)));
    try {
      return await body(thing);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(thing);
      else this.#free.push(thing);
    }
  }
}

/** What a row expects, in words. */
export function outcome({ expect }) {
  const { kind, code, findings } = expect;
  const details = [code, findings?.join(", ")].filter(Boolean).join(", ");
  return `${kind === "ok" ? "an answer" : kind}${details && ` (${details})`}`;
}

function weight({ expect, calls, key }) {
  if (expect.kind === "timeout") return 4;
  // Last, because their sandbox packs and sends them in this very process.
  if (/BOMB|HUGE/.test(key)) return 0;
  if (/429/.test(key)) return 3;
  return calls.token + calls.lookup > 2 ? 2 : 1;
}

const HUB = {
  name: "hub",
  token: "token",
  lookup: "payout",
  sample: "Q0RSSkYzWUI3",
  assertRight: assertRightGroup,
};
const CPAY = {
  name: "cpay",
  token: "auth",
  lookup: "billing",
  sample: "d0toSS9sT084bVJSNThScnFX",
  assertRight: assertRightKey,
};
const SERVICES = { token: HUB, payout: HUB, auth: CPAY, billing: CPAY };

// How many rows an answer has where it is not the four of the spec's page.
const ROWS = {
  FAULT_LIST_OBJECT: 1,
  FAULT_LIST_NULL: 0,
  FAULT_LIST_ABSENT: 0,
  FAULT_LIST_EMPTY_TEXT: 0,
  FAULT_LIST_LOST: 0,
};

// Beyond what is read of a reply, and soon unpacked on a busy machine.
const PARAMETERS = { FAULT_GZIP_BOMB: "-20" };

const SECRETS = ["abcd1234567890"];

const LANES = 12;
const SHORT_TIMEOUT_MS = 2_000;
const TIMEOUT_MS = 10_000;
// Two cores, twelve lanes, and whatever else the machine does.
const PATIENCE_MS = 5_000;
