// A group compared with what was meant to be paid, through the Worker.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { eventually, problemOf, startWorkers } from "./workers.mjs";

/**
 * @import { PayoutRequestGroup } from "../../src/npm/js/models.d.ts"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Workers } from "./workers.mjs"
 */

describe("a comparison through the Worker", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  before(async () => {
    sandbox = await startSandbox();
    workers = await startWorkers({ good: { origin: sandbox.origin } });
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });
  beforeEach(() => sandbox.reset());

  const lists = async (/** @type {string} */ key) => {
    /** @type {PayoutRequestGroup} */
    const { requests, total, count } = await (await workers.good.payoutRequests(key)).json();
    return {
      total,
      count,
      requests: requests.map(({ billingTranId, printContent, amount }) => ({
        billingTranId,
        printContent,
        amount,
      })),
    };
  };

  test("says what is missing, unexpected and of another amount, beside the whole group", async () => {
    const { total, count, requests } = await lists("CLEAN_128");
    requests[3].amount += 1;
    const [left] = requests.splice(7, 1);
    const expected = [...requests, { billingTranId: "nobody", amount: "77000" }, requests[0]];
    const response = await workers.good.compare("CLEAN_128", {
      total: total + 1,
      count,
      requests: expected,
    });
    /** @type {PayoutRequestGroup} */
    const group = await response.json();

    assert.equal(response.status, 200);
    assert.equal(response.headers.get("Cache-Control"), "no-store");
    assert.equal(group.requests.length, 128);
    const { consistent, expectation, findings } = group.review;
    assert.equal(consistent, false);
    assert.deepEqual(
      findings.map(({ kind, rows, expectedRows }) => ({ kind, rows, expectedRows })),
      [
        { kind: "expected_total_mismatch", rows: undefined, expectedRows: undefined },
        { kind: "missing_request", rows: undefined, expectedRows: [127, 128] },
        { kind: "unexpected_request", rows: [7], expectedRows: undefined },
        { kind: "amount_mismatch", rows: [3], expectedRows: [3] },
      ],
    );
    assert.ok(expectation);
    const { matched, missing, unexpected, different, ambiguous, unexpectedTotal } = expectation;
    assert.deepEqual(
      [matched, missing, unexpected, different, ambiguous, unexpectedTotal],
      [126, 2, 1, 1, 0, left.amount],
    );
  });

  test("ten thousand against ten thousand fit into the body and match whole", async () => {
    const { requests } = await lists("ROWS_10000");
    /** @type {PayoutRequestGroup} */
    const { review } = await (
      await workers.good.compare("ROWS_10000", { requests: requests.reverse() })
    ).json();
    assert.deepEqual([review.consistent, review.expectation?.matched], [true, 10_000]);
  });

  test("without an expectation there is no comparison", async () => {
    /** @type {PayoutRequestGroup} */
    const { review } = await (await workers.good.payoutRequests("CLEAN_128")).json();
    assert.equal("expectation" in review, false);
  });

  test("what is wrong with an expectation is named, not repeated, and Payple hears nothing of it", async () => {
    /** @type {[expect: unknown, detail: string][]} */
    const cases = [
      [null, "expect is not an object"],
      ["canary", "expect is not an object"],
      [{}, "expect names no total, count, requests or fingerprint"],
      [{ total: 0.5 }, "expect.total is not a whole amount of won"],
      [{ count: "canary" }, "expect.count is not a whole number"],
      [{ requests: {} }, "expect.requests is not a list"],
      [{ requests: [{ amount: 1 }, "canary"] }, "expect.requests[1] is not an object"],
      [
        { requests: [{ amount: "1,000" }] },
        "expect.requests[0].amount is not a whole amount of won",
      ],
      [{ requests: [{ billingTranId: "B" }] }, "expect.requests[0].amount is missing"],
      [
        { requests: [{ billingTranId: "", amount: 1 }] },
        "expect.requests[0].billingTranId is empty",
      ],
      [
        { requests: [{ subId: { canary: 1 }, amount: 1 }] },
        "expect.requests[0].subId is not a text",
      ],
    ];
    for (const [expect, detail] of cases) {
      const response = await workers.good.compare("CLEAN_128", expect);
      const problem = await problemOf(response);
      assert.deepEqual(
        [response.status, problem.kind, problem.detail],
        [400, "invalid_input", detail],
      );
    }
    assert.equal(sandbox.stats().requests, 0);
  });

  test("an expectation stays out of the log", async () => {
    workers.clearLogs();
    await workers.good.compare("CLEAN_128", {
      requests: [{ billingTranId: "canary-recipient", amount: 987_654_321 }],
    });
    await eventually(() => assert.equal(workers.events("request").length, 1));
    assert.doesNotMatch(workers.logs().join("\n"), /canary|987654321|987,654,321/);
  });
});
