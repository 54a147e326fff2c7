// Plays every fault of the sandbox's table, at every endpoint that has it, through one face: the
// three faces' tests.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { faults, startSandbox } from "../../sandbox/index.mjs";

/**
 * @import { Endpoint, Fault, Sandbox } from "../../sandbox/index.d.ts"
 * @import { CardBillingKey, PayoutRequestGroup } from "../../src/npm/js/index.d.ts"
 */

/**
 * A face of the package.
 * @typedef {object} Face
 * @property {string} name
 * @property {(sandboxes: Sandbox[]) => Promise<{ lanes: Lane[], close: () => Promise<void> }>} open
 *   gives a lane for each sandbox
 *
 * @typedef {object} Lane
 * @property {(question: Question) => Promise<Outcome>} lookUp
 * @property {() => Promise<void>} [cool] called after each row where a lane would otherwise keep
 *   its tokens
 *
 * @typedef {{ service: "hub" | "cpay", key: string, timeoutMs?: number }} Question
 * @typedef {object} Outcome an answer or an error
 * @property {any} [answer] the group or the billing key that was asked for
 * @property {ToldError} [error]
 *
 * @typedef {object} ToldError
 * @property {string} kind
 * @property {string} [code]
 * @property {string} [phase]
 * @property {boolean} [retryable]
 * @property {number} [status] from the Worker
 * @property {string} [message]
 *
 * @typedef {{ token: number, lookup: number }} Calls
 * @typedef {Fault & { endpoint: Endpoint, calls: Calls }} Row of the sandbox's table
 *
 * @typedef {object} Service
 * @property {"hub" | "cpay"} name
 * @property {Endpoint} token
 * @property {Endpoint} lookup
 * @property {string} sample
 * @property {(answer: any, row: Row, asked: string) => void} assertRight
 */

/** One row per fault and endpoint, those that take long first. */
export const rows = faults
  .flatMap((fault) =>
    fault.endpoints.map((endpoint) => ({
      ...fault,
      endpoint,
      calls: /** @type {Calls} */ (fault.upstreamCalls[endpoint]),
    })),
  )
  .sort((a, b) => weight(b) - weight(a));

export function playEveryFault(/** @type {Face} */ face) {
  describe(`faults through ${face.name}`, () => {
    const played = new Set();
    /** @type {Required<Sandbox>[]} */
    let sandboxes;
    /** @type {Awaited<ReturnType<Face["open"]>>} */
    let opened;
    /** @type {Pool<Lane & { sandbox: Required<Sandbox> }>} */
    let lanes;
    before(async () => {
      sandboxes = /** @type {Required<Sandbox>[]} */ (
        await Promise.all(Array.from({ length: LANES }, () => startSandbox({ trap: true })))
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

/** @param {Row} row @param {Lane & { sandbox: Required<Sandbox> }} lane */
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
    assert.equal(error?.kind, expect.kind, JSON.stringify(error));
    assert.equal(error?.phase, isAuthentication ? "token" : "lookup");
    if (expect.code) assert.equal(error?.code, expect.code);
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

/** @param {PayoutRequestGroup} answer @param {Row} row @param {string} asked */
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

/** @param {CardBillingKey} answer @param {Row} _ @param {string} asked */
function assertRightKey(answer, _, asked) {
  assert.deepEqual([answer.type, answer.payerId, answer.code], ["card", asked, "0000"]);
  assert.match(answer.card.number, /\d/);
}

/**
 * Hands its things out, one holder at a time.
 * @template Thing
 */
class Pool {
  #free;
  /** @type {((thing: Thing) => void)[]} */
  #waiting = [];

  /** @param {Thing[]} things */
  constructor(things) {
    this.#free = [...things];
  }

  /** @param {(thing: Thing) => Promise<void>} body */
  async with(body) {
    /** @type {Thing} */
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

/**
 * What a row expects, in words.
 * @param {Fault} row
 */
export function outcome({ expect }) {
  const { kind, code, findings } = expect;
  const details = [code, findings?.join(", ")].filter(Boolean).join(", ");
  return `${kind === "ok" ? "an answer" : kind}${details && ` (${details})`}`;
}

/** @param {Row} row */
function weight({ expect, calls, key }) {
  if (expect.kind === "timeout") return 4;
  // Last, because their sandbox packs and sends them in this very process.
  if (/BOMB|HUGE/.test(key)) return 0;
  if (/429/.test(key)) return 3;
  return calls.token + calls.lookup > 2 ? 2 : 1;
}

/** @type {Service} */
const HUB = {
  name: "hub",
  token: "token",
  lookup: "payout",
  sample: "Q0RSSkYzWUI3",
  assertRight: assertRightGroup,
};
/** @type {Service} */
const CPAY = {
  name: "cpay",
  token: "auth",
  lookup: "billing",
  sample: "d0toSS9sT084bVJSNThScnFX",
  assertRight: assertRightKey,
};
const SERVICES = { token: HUB, payout: HUB, auth: CPAY, billing: CPAY };

/**
 * How many rows an answer has where it is not the four of the spec's page.
 * @type {Record<string, number>}
 */
const ROWS = {
  FAULT_LIST_OBJECT: 1,
  FAULT_LIST_NULL: 0,
  FAULT_LIST_ABSENT: 0,
  FAULT_LIST_EMPTY_TEXT: 0,
  FAULT_LIST_LOST: 0,
};

/**
 * Beyond what is read of a reply, and soon unpacked on a busy machine.
 * @type {Record<string, string>}
 */
const PARAMETERS = { FAULT_GZIP_BOMB: "-20" };

const SECRETS = ["abcd1234567890"];

const LANES = 12;
const SHORT_TIMEOUT_MS = 2_000;
const TIMEOUT_MS = 10_000;
// Two cores, twelve lanes, and whatever else the machine does.
const PATIENCE_MS = 5_000;
