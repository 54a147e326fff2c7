// 10,000 requests against 10,000 expected ones: ours against JavaScript with Maps that does the
// same job.
//
// Objects in, findings out: a group as it was looked up, reviewed and compared with a list of plain
// objects. The peer follows the same rule and tells the same kinds, rows and sums; of ambiguity it
// tells the plain case, other numbers of requests and lines left over for one recipient.

import { strict as assert } from "node:assert";
import { reviewPayoutRequests } from "../../dist/npm/index.mjs";
import { payoutGroup } from "../../sandbox/payout-groups.mjs";
import { compareRequests, findingsInto, push } from "./peers/compare.mjs";

/**
 * @import { ExpectationSummary, PayoutRequest, PayoutReview } from "../../src/npm/js/models.d.ts"
 * @import { Group } from "../../sandbox/payout-groups.mjs"
 * @import { Found, Line } from "./peers/compare.mjs"
 * @typedef {{ groupKey: string, total: number, count: number, requests: PayoutRequest[] }} LookedUp
 */

const ROWS = 10_000;
const RUNS = 31;

/**
 * The lines of the table: `{ name, ours, peer, ratio, unit, n }`, medians of runs that take turns.
 */
export async function reconcile() {
  const group = groupOf(ROWS);
  const expect = { requests: edited(group.requests) };
  assert.deepEqual(outcome(reviewPayoutRequests(group, expect)), outcome(peer(group, expect)));

  const ours = [];
  const theirs = [];
  for (let run = -5; run < RUNS; run += 1) {
    const took = {
      ours: timed(() => reviewPayoutRequests(group, expect)),
      peer: timed(() => peer(group, expect)),
    };
    // The first ones are for the compilers.
    if (run < 0) continue;
    ours.push(took.ours);
    theirs.push(took.peer);
  }
  const [a, b] = [median(ours), median(theirs)];
  return [{ name: "reconcile_10k_vs_js", ours: a, peer: b, ratio: a / b, unit: "ms", n: RUNS }];
}

/** @returns {LookedUp} */
function groupOf(/** @type {number} */ n) {
  const reply = payoutGroup(`ROWS_${n}`, "G", "test");
  const { total, count, list } = /** @type {Group} */ (reply);
  const requests = list.map((row) => ({
    cstId: row.cst_id,
    ...(row.sub_id && { subId: row.sub_id }),
    groupKey: row.group_key,
    billingTranId: row.billing_tran_id,
    ...(row.print_content && { printContent: row.print_content }),
    amount: Number(row.tran_amt),
    remainingLimit: Number(row.remain_amt),
    requestedAt: `${row.request_date.replace(" ", "T")}+09:00`,
    requestedAtRaw: row.request_date,
  }));
  return { groupKey: "G", total: Number(total), count: Number(count), requests };
}

/** The rows in another order, with one in a hundred left out, changed or added. */
function edited(/** @type {PayoutRequest[]} */ requests) {
  const list = requests.map(({ billingTranId, printContent, amount }, at) => ({
    billingTranId,
    printContent,
    amount: at % 300 === 7 ? amount + 1 : amount,
  }));
  const kept = list
    .filter((_, at) => at % 301 !== 11)
    .map((line, at) => (at % 299 === 5 ? { ...line, billingTranId: `stranger ${at}` } : line));
  return kept
    .map((line, at) => ({ place: (at * 7_919) % kept.length, line }))
    .sort((a, b) => a.place - b.place)
    .map(({ line }) => line);
}

/**
 * The review and the comparison as a careful programmer would write them.
 *
 * @param {LookedUp} group
 * @param {{ requests: Line[] }} expect
 */
function peer(group, { requests: lines }) {
  const { requests: rows } = group;
  /** @type {Found[]} */
  const findings = [];
  let computedTotal = 0;
  /** @type {Map<string, number[]>} */
  const alike = new Map();
  /** @type {number[][]} */
  const [foreignKey, exceeded, sequence] = [[], [], []];
  let [oldest, newest] = [true, true];
  for (let at = 1; at < rows.length; at += 1) {
    const [before, after] = [rows[at - 1], rows[at]];
    if (before.remainingLimit - after.amount !== after.remainingLimit) oldest = false;
    if (after.remainingLimit - before.amount !== before.remainingLimit) newest = false;
  }
  rows.forEach((row, at) => {
    if (!Number.isSafeInteger(row.amount) || row.amount < 0)
      throw new TypeError(`group.requests[${at}].amount`);
    computedTotal += row.amount;
    if (row.groupKey !== group.groupKey) foreignKey.push(at);
    const before = rows[!oldest && newest ? at + 1 : at - 1];
    const left = before && before.remainingLimit - row.amount;
    if (row.remainingLimit < 0 || left < 0) exceeded.push(at);
    else if (left !== undefined && left !== row.remainingLimit) sequence.push(at);
    push(alike, `${row.billingTranId}\n${row.amount}\n${row.printContent ?? ""}`, at);
  });
  const find = findingsInto(findings);
  if (computedTotal !== group.total) findings.push({ kind: "total_mismatch", severity: "error" });
  if (rows.length !== group.count) findings.push({ kind: "count_mismatch", severity: "error" });
  find("foreign_group_key", "error", foreignKey);
  find("limit_exceeded", "error", exceeded);
  find("limit_sequence", "error", sequence);
  for (const same of alike.values())
    if (same.length > 1) find("possible_duplicate", "notice", same);

  const compared = compareRequests(rows, lines);
  findings.push(...compared.findings);
  return {
    consistent: !findings.some(({ severity }) => severity === "error"),
    computedTotal,
    computedCount: rows.length,
    findings,
    expectation: compared.expectation,
  };
}

/**
 * What both must agree in.
 *
 * @param {Omit<PayoutReview, "findings" | "expectation"> & {
 *   findings: Found[], expectation?: Partial<ExpectationSummary>
 * }} review
 */
function outcome({ consistent, computedTotal, computedCount, findings, expectation }) {
  /** @type {Record<string, number>} */
  const kinds = {};
  for (const { kind } of findings)
    if (kind !== "ambiguous_match") kinds[kind] = (kinds[kind] ?? 0) + 1;
  const { ambiguous: _, matchedBy: __, ...summary } = expectation ?? {};
  return { consistent, computedTotal, computedCount, kinds, summary };
}

function timed(/** @type {() => void} */ run) {
  const startedAt = performance.now();
  run();
  return performance.now() - startedAt;
}

function median(/** @type {number[]} */ numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

if (process.argv[1] === import.meta.filename) console.table(await reconcile());
