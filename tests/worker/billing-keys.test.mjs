// Many billing keys in one request: a result for each, at a pace, and an end where going on is
// useless.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { ADMIN_TOKEN, eventually, problemOf, startWorkers } from "./workers.mjs";

/**
 * @import { BillingKeyResults } from "../../src/npm/js/models.d.ts"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Workers } from "./workers.mjs"
 */

const CARD = "d0toSS9sT084bVJSNThScnFX";
const BEARER = { Authorization: `Bearer ${ADMIN_TOKEN}` };

describe("billing keys in one request", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  before(async () => {
    sandbox = await startSandbox();
    const { origin } = sandbox;
    workers = await startWorkers({
      good: { origin },
      refused: { origin, settings: { PAYPLE_CUST_KEY: "another" } },
      limited: { origin, limit: 1 },
    });
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });
  beforeEach(() => sandbox.reset());

  const ask = (/** @type {string[]} */ payerIds, worker = workers.good) =>
    worker.post("/api/billing-keys", { payerIds }, BEARER);

  test("each has a result in its place, and one that is no key is not the others' fault", async () => {
    const keys = [CARD, "BK_UNKNOWN", "홍길동 국민은행", "FAULT_200_HTML", "BK_RELEASED", "", CARD];
    const response = await ask(keys);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("Cache-Control"), "no-store");
    /** @type {BillingKeyResults} */
    const { results } = await response.json();

    assert.deepEqual(
      results.map(({ index, payerId, status }) => [index, payerId, status]),
      [
        "registered",
        "not_registered",
        "failed",
        "failed",
        "not_registered",
        "failed",
        "registered",
      ].map((status, index) => [index, keys[index], status]),
    );
    const single = await (await workers.good.billingKey(CARD)).json();
    const [registered, unknown, malformed, spoilt] = results;
    assert.ok(registered.status === "registered" && unknown.status === "not_registered");
    assert.ok(malformed.status === "failed" && spoilt.status === "failed");
    assert.deepEqual(registered.billingKey, single);
    assert.equal(unknown.code, "SPCD0001");
    assert.equal(malformed.error.kind, "invalid_input");
    assert.deepEqual(
      [spoilt.error.kind, spoilt.error.phase, spoilt.error.retryable],
      ["protocol", "lookup", false],
    );
    // What is no key never reaches Payple; the last look-up is the single one above.
    assert.equal(sandbox.stats().calls.billing, 6);
  });

  test("they are paced, share one authentication, and each is on the record as a hash", async () => {
    workers.clearLogs();
    const keys = Array.from(
      { length: 12 },
      (_, at) => `BK_CARD_${String(at + 1).padStart(3, "0")}`,
    );
    const began = performance.now();
    /** @type {BillingKeyResults} */
    const { results } = await (await ask(keys)).json();
    const seconds = (performance.now() - began) / 1_000;
    assert.ok(results.every(({ status }) => status === "registered"));
    assert.ok(seconds >= 2.1, `eleven intervals of 200 ms took ${seconds} s`);
    // The log comes by another way than the answer.
    await eventually(() => assert.equal(workers.events("request").at(-1)?.upstream?.questions, 12));
    const audit = workers.events("audit").filter(({ route }) => route === "billing-keys");
    assert.equal(audit.length, 12);
    assert.equal(new Set(audit.map(({ what }) => what)).size, 12);
    assert.ok(!JSON.stringify(audit).includes("BK_CARD"));
  });

  test("where Payple refuses the partner, that is the answer, and no more is asked", async () => {
    const response = await ask(
      Array.from({ length: 20 }, (_, at) => `BK_CARD_${String(at + 1).padStart(3, "0")}`),
      workers.refused,
    );
    assert.equal(response.status, 502);
    const { kind, phase } = await problemOf(response);
    assert.deepEqual([kind, phase], ["authentication", "token"]);
    assert.equal(sandbox.stats().billingKeyLookups, 0);
    assert.ok(sandbox.stats().calls.auth <= 4, "the first four at most have asked");
  });

  test("what is no list of keys is refused, and the error does not repeat it", async () => {
    /** @type {[body: unknown, detail: string | RegExp][]} */
    const cases = [
      [{ payerIds: [] }, "payerIds is empty"],
      [{ payerIds: Array(101).fill("canary") }, "payerIds holds more than 100 keys"],
      [{ payerIds: "canary" }, /must be/],
      [{ payerIds: [7] }, /must be/],
      [{ payerIds: ["a"], canary: 1 }, /must be/],
      [`{"payerIds":["a"],"payerIds":["canary"]}`, /must be/],
      [{}, /must be/],
      [[["canary"]], /must be/],
    ];
    for (const [body, detail] of cases) {
      const response = await workers.good.post("/api/billing-keys", body, BEARER);
      const text = await response.text();
      assert.equal(response.status, 400, text);
      if (typeof detail === "string") assert.equal(JSON.parse(text).detail, detail);
      else assert.match(JSON.parse(text).detail, detail);
      assert.ok(!text.includes("canary"));
    }
    assert.equal((await workers.good.fetch("/api/billing-keys")).headers.get("Allow"), "POST");
    assert.equal(sandbox.stats().billingKeyLookups, 0);
  });

  test("it takes signing in, and counts as one request", async () => {
    assert.equal((await workers.good.post("/api/billing-keys", { payerIds: [CARD] })).status, 401);
    assert.equal((await ask([CARD, CARD], workers.limited)).status, 200);
    const second = await ask([CARD], workers.limited);
    assert.equal(second.status, 429);
    assert.equal(second.headers.get("Retry-After"), "60");
  });
});
