// What changed between two answers about a group, row by row.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pageModule } from "./module.mjs";

/**
 * @import { PayoutRequest, PayoutRequestGroup } from "../../src/npm/js/models.d.ts"
 *
 * @typedef {{ kind: string, before?: PayoutRequest, after?: PayoutRequest, index?: number }} Change
 */

/** @type {typeof import("../../www/src/payout/change.ts")} */
const { changesOf } = await pageModule("payout/change.ts");

/**
 * @type {(billingTranId: string, amount: number, more?: Partial<PayoutRequest>) => PayoutRequest}
 */
const row = (billingTranId, amount, more = {}) => ({
  cstId: "test",
  groupKey: "G",
  billingTranId,
  amount,
  remainingLimit: 0,
  requestedAt: "2021-10-26T09:00:00+09:00",
  requestedAtRaw: "2021-10-26 09:00:00",
  ...more,
});
/** @type {(fingerprint: string, ...requests: PayoutRequest[]) => PayoutRequestGroup} */
const group = (fingerprint, ...requests) =>
  /** @type {PayoutRequestGroup} */ ({ fingerprint, requests });
const told = (/** @type {Change[]} */ changes) =>
  changes.map(({ kind, before, after, index }) => [kind, before?.amount, after?.amount, index]);

describe("what changed in a group", () => {
  const before = group("a", row("A", 1), row("B", 2), row("B", 2));

  test("nothing where the fingerprint is the same, whatever the order", () => {
    assert.deepEqual(changesOf(before, group("a", row("B", 2), row("A", 1), row("B", 2))), []);
  });
  test("one of two equal rows that is gone", () => {
    assert.deepEqual(told(changesOf(before, group("b", row("B", 2), row("A", 1)))), [
      ["removed", 2, undefined, undefined],
    ]);
  });
  test("another amount to the same recipient is a change, another recipient is not", () => {
    const after = group("b", row("A", 1), row("B", 2), row("B", 3), row("C", 2));
    assert.deepEqual(told(changesOf(before, after)), [
      ["changed", 2, 3, 2],
      ["added", undefined, 2, 3],
    ]);
  });
  test("the remaining limit is no part of it", () => {
    const after = group("b", row("A", 1, { remainingLimit: 5 }), row("B", 2), row("B", 2));
    assert.deepEqual(changesOf(before, after), []);
  });
});
