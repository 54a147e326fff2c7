// A whole look-up of 10,000 requests with as many expected ones, without a network: the package
// beside what a careful user would write with `JSON.parse`, Maps and a fingerprint. Run by
// bench.mjs.

import assert from "node:assert/strict";
import { PaypleClient } from "../../dist/npm/index.mjs";
import { startSandbox } from "../../sandbox/index.mjs";
import { compare } from "./measure.mjs";
import { compareRequests } from "./peers/compare.mjs";
import { withFingerprint } from "./peers/fingerprint.mjs";
import { readGroup } from "./peers/hand.mjs";

/** @import { Finding, PayoutRequestGroup } from "../../src/npm/js/models.d.ts" */

const KEY = "ROWS_10000";
const PARTNER = { cstId: "test", custKey: "abcd1234567890" };
const PLACES = ["/oauth/token", "/request/result/group_key"];

const sandbox = await startSandbox();
/** @type {Record<string, Buffer<ArrayBuffer>>} */
const replies = {};
/**
 * Keeps the replies of a first look-up, and serves them from then on.
 *
 * @param {string} url
 * @param {RequestInit} init
 */
const replaying = async (url, init) => {
  const { pathname } = new URL(url);
  assert.ok(PLACES.includes(pathname), pathname);
  replies[pathname] ??= Buffer.from(await (await fetch(url, init)).arrayBuffer());
  return new Response(replies[pathname]);
};
const payple = new PaypleClient({
  environment: "test",
  ...PARTNER,
  origins: { hub: sandbox.origin },
  fetch: replaying,
});
const { requests } = await payple.lookupPayoutRequests(KEY);
await sandbox.close();

// In another order, with one in a hundred left out, changed or of somebody else.
const lines = requests
  .map(({ billingTranId, printContent, amount }, at) => ({
    billingTranId: at % 299 === 5 ? `stranger ${at}` : billingTranId,
    printContent,
    amount: at % 300 === 7 ? amount + 1 : amount,
  }))
  .filter((_, at) => at % 301 !== 11);
const expected = lines
  .map((line, at) => ({ place: (at * 7_919) % lines.length, line }))
  .sort((a, b) => a.place - b.place)
  .map(({ line }) => line);

const byPackage = () => payple.lookupPayoutRequests(KEY, { expect: { requests: expected } });
const byHand = async () => {
  const response = await replaying(`${sandbox.origin}${PLACES[1]}`, {});
  const bytes = new Uint8Array(await response.arrayBuffer());
  const group = withFingerprint(readGroup(bytes, KEY, PARTNER.cstId));
  const { findings, expectation } = compareRequests(group.requests, expected);
  group.review.findings.push(.../** @type {Finding[]} */ (findings));
  group.review.consistent &&= !findings.some(({ severity }) => severity === "error");
  return { ...group, review: { ...group.review, expectation } };
};

const [ours, hand] = [await byPackage(), await byHand()];
assert.deepEqual(summaryOf(ours), summaryOf(hand));
assert.ok(ours.review.expectation);
assert.ok(ours.review.expectation.different > 10 && ours.review.expectation.missing > 10);

process.stdout.write(
  JSON.stringify(await compare({ ours: byPackage, hand: byHand }, { rounds: 15, warmUp: 4 })),
);

/**
 * What both must agree in.
 *
 * @typedef {Partial<PayoutRequestGroup["review"]["expectation"]>} Summary
 * @param {Omit<PayoutRequestGroup, "review"> & {
 *   review: Omit<PayoutRequestGroup["review"], "expectation"> & { expectation?: Summary }
 * }} group
 */
function summaryOf({ requests, fingerprint, review }) {
  const { ambiguous: _, matchedBy: __, ...expectation } = review.expectation ?? {};
  const kinds = review.findings
    .map(({ kind }) => kind)
    .filter((kind) => kind !== "ambiguous_match");
  return { requests, fingerprint, consistent: review.consistent, kinds, expectation };
}
