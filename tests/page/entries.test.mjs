// What a comparison comes to, entry by entry: which is which, by how much it differs, and what
// there is to look into.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pageModule } from "./module.mjs";

/**
 * @import { PayoutRequestGroup } from "../../src/npm/js/models.d.ts"
 * @import { Payment } from "../../www/src/expect/payments.ts"
 */

/** @type {typeof import("../../www/src/expect/entries.ts")} */
const { differencesOf, entriesOf, gapOf, idOfEntry } = await pageModule("expect/entries.ts");

const requests = [1_000, 1_500, 7_000, 3_000, 4_000].map((amount, at) => ({
  billingTranId: `key-${at}`,
  amount,
}));
const group = /** @type {PayoutRequestGroup} */ ({
  requests,
  review: {
    findings: [
      { kind: "missing_request", expectedRows: [1] },
      { kind: "amount_mismatch", rows: [1], expectedRows: [2] },
      { kind: "unexpected_request", rows: [2] },
      { kind: "text_mismatch", rows: [4], expectedRows: [4] },
      { kind: "ambiguous_match", rows: [2], expectedRows: [3] },
    ],
  },
});
const payments = [1_000, 500, 1_200, 3_000, 4_000].map(
  (amount, at) => /** @type {Payment} */ ({ line: at + 2, request: { amount } }),
);

const entries = entriesOf(group, payments);
const told = entries.map((entry) => [
  entry.kind,
  entry.expected?.line,
  entry.found?.index,
  gapOf(entry),
  entry.isAmbiguous,
  entry.hasOtherTexts,
]);

test("differences come first, then what matches, each with its gap", () => {
  assert.deepEqual(told, [
    ["missing", 3, undefined, -500, false, false],
    ["different", 4, 1, 300, false, false],
    ["unexpected", undefined, 2, 7_000, true, false],
    ["matched", 6, 4, 0, false, true],
    ["matched", 2, undefined, 0, false, false],
    ["matched", 5, undefined, 0, true, false],
  ]);
});

test("what matches in everything is not to be looked into, what could match otherwise is", () => {
  assert.deepEqual(
    differencesOf(entries).map(({ kind, expected }) => [kind, expected?.line]),
    [
      ["missing", 3],
      ["different", 4],
      ["unexpected", undefined],
      ["matched", 6],
      ["matched", 5],
    ],
  );
});

test("an entry is the same one at another look-up, unless its group, list or request is another", () => {
  const again = entriesOf(group, payments);
  const ids = entries.map((entry) => idOfEntry("G", entry));
  assert.deepEqual(
    again.map((entry) => idOfEntry("G", entry)),
    ids,
  );
  assert.equal(new Set(ids).size, ids.length);
  const other = structuredClone(group);
  other.requests[2].amount = 7_001;
  assert.notEqual(idOfEntry("G", entriesOf(other, payments)[2]), ids[2]);
  assert.notEqual(idOfEntry("H", entries[0]), ids[0]);
});
