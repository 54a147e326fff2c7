// What lists cost that were chosen to be slow, beside a harmless one of the same size: the worst of
// them.
//
// Each list is compared with a group of 10,000 requests. What is measured is the comparison as a
// user meets it, `reviewPayoutRequests`, so that the reading of both sides is in it.

import { reviewPayoutRequests } from "../../dist/npm/index.mjs";

/** @import { ExpectedPayoutRequest, MatchBy, PayoutRequest } from "../../src/npm/js/models.d.ts" */

const ROWS = 10_000;
const LINES = 20_000;
const RUNS = 9;

/** The line of the table: `{ name, ours, peer, ratio, unit, n }`; the peer is the harmless list. */
export function adversarialLists() {
  const took = Object.fromEntries(
    Object.entries(LISTS).map(([name, lists]) => [name, median(timesOf(lists))]),
  );
  const { harmless, ...chosen } = took;
  const worst = Math.max(...Object.values(chosen));
  return { entries: took, worst, harmless, n: RUNS };
}

const id = (/** @type {number} */ n, digits = 36) => String(n).padStart(digits, "0");
/** @type {Record<string, Lists>} */
const LISTS = {
  harmless: listsOf((n) => ({
    billingTranId: id((n * 7_919) % LINES),
    printContent: `월 ${n % 12}`,
    amount: 1_000 + (n % 97),
  })),
  // All lines and rows of one recipient: they compete by amount.
  "one recipient, all amounts different": listsOf((n) => ({
    billingTranId: id(1),
    printContent: "정산",
    amount: n * 3,
  })),
  // All of one recipient and one amount: they compete by the other text.
  "one recipient and amount, all texts different": listsOf((n) => ({
    billingTranId: id(1),
    printContent: id((n * 7_919) % LINES, 12),
    amount: 1_000,
  })),
  // Lines of every kind, all of them for the same rows.
  "one recipient and amount, lines of four kinds": listsOf((n, isLine) => ({
    billingTranId: id(1),
    ...((!isLine || n & 1) && { subId: `s${n % 50}` }),
    ...((!isLine || n & 2) && { printContent: `p${n % 70}` }),
    amount: 1_000,
  })),
  // Texts of one length that differ at their end alone.
  "texts that differ at their end": listsOf((n) => ({
    billingTranId: `${"a".repeat(31)}${id(n, 5)}`,
    printContent: `월 ${n % 12}`,
    amount: 1_000 + (n % 97),
  })),
  "by the amount, eight kinds of lines": {
    ...listsOf((n, isLine) => ({
      billingTranId: isLine && n & 1 ? undefined : id(n % 40),
      ...((!isLine || n & 2) && { subId: `s${n % 50}` }),
      ...((!isLine || n & 4) && { printContent: `p${n % 70}` }),
      amount: 1_000,
    })),
    matchBy: "amount",
  },
};

/**
 * The two sides of a comparison.
 *
 * @typedef {"billingTranId" | "subId" | "printContent" | "amount"} Field
 * @typedef {{ requests: PayoutRequest[], lines: ExpectedPayoutRequest[], matchBy?: MatchBy }} Lists
 */

/**
 * @param {(n: number, isLine: boolean) => ExpectedPayoutRequest} make
 * @returns {Lists}
 */
function listsOf(make) {
  const requests = Array.from({ length: ROWS }, (_, n) => ({
    cstId: "test",
    groupKey: "G",
    .../** @type {Pick<PayoutRequest, Field>} */ (make(n, false)),
    remainingLimit: 1_000_000_000_000 - n,
    requestedAt: "2021-10-26T10:55:03+09:00",
    requestedAtRaw: "2021-10-26 10:55:03",
  }));
  return { requests, lines: Array.from({ length: LINES }, (_, n) => make(n, true)) };
}

function timesOf(/** @type {Lists} */ { requests, lines, matchBy }) {
  const group = { groupKey: "G", total: 0, count: ROWS, requests };
  const times = [];
  for (let run = -2; run < RUNS; run += 1) {
    const startedAt = performance.now();
    reviewPayoutRequests(group, { requests: lines, matchBy });
    if (run >= 0) times.push(performance.now() - startedAt);
  }
  return times;
}

function median(/** @type {number[]} */ numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

if (process.argv[1] === import.meta.filename) console.table(adversarialLists().entries);
