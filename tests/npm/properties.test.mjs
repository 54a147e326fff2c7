// Whatever a server answers, a look-up resolves with an answer or rejects with a PaypleError:
// nothing else, nothing left over.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CUST_KEY, clientOf, PaypleError } from "./client.mjs";

/** @import { PayoutRequestGroup } from "../../src/npm/js/index.d.ts" */
/** @import { FetchLike } from "./client.mjs" */
/** @typedef {{ status: number, body: string | Uint8Array<ArrayBuffer> }} Reply */

const KINDS = ["authentication", "rejected", "unavailable", "protocol"];

test("any replies give an answer or a PaypleError", async (t) => {
  /** @type {unknown[]} */
  const unhandled = [];
  const note = (/** @type {unknown} */ reason) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  t.after(() => process.off("unhandledRejection", note));
  let answers = 0;
  await fc.assert(
    fc.asyncProperty(
      anyReply(authenticationFields, [TOKEN.body, AUTH.body]),
      anyReply(lookupFields, [GROUP, KEY]),
      async (authentication, lookup) => {
        for (const [lookUp, isAnswer] of lookUps(authentication, lookup)) {
          const outcome = await lookUp().then(
            (answer) => ({ answer }),
            (error) => ({ error }),
          );
          if ("error" in outcome) {
            assertSound(outcome.error);
            continue;
          }
          isAnswer(outcome.answer);
          answers += 1;
        }
      },
    ),
    { numRuns: 500 },
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(unhandled, []);
  assert.ok(answers > 0, "no reply got anywhere");
});

test("a group that was answered adds up as BigInt does", async () => {
  const row = fc.record({
    amount: fc.maxSafeNat(),
    limit: fc.maxSafeInteger(),
    recipient: fc.string({ minLength: 1 }),
    text: fc.option(fc.string({ unit: "grapheme" })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 8 }), fc.boolean(), async (rows, asNumbers) => {
      const write = (/** @type {number} */ number) => (asNumbers ? number : String(number));
      const list = rows.map(({ amount, limit, recipient, text }) => ({
        cst_id: "test",
        group_key: "G",
        billing_tran_id: recipient,
        print_content: text,
        tran_amt: write(amount),
        remain_amt: write(limit),
        request_date: "2021-10-26 10:55:03",
      }));
      const sum = rows.reduce((total, { amount }) => total + BigInt(amount), 0n);
      const body = JSON.stringify({
        result: "A0000",
        total: "0",
        count: String(rows.length),
        list,
      });
      const [[lookUp]] = lookUps(TOKEN, { status: 200, body });
      if (sum > BigInt(Number.MAX_SAFE_INTEGER))
        return assert.rejects(lookUp(), { kind: "protocol" });
      /** @type {PayoutRequestGroup} */
      const group = await lookUp();
      assert.equal(BigInt(group.review.computedTotal), sum);
      assert.equal(group.review.computedCount, rows.length);
      assert.equal(
        group.review.findings.some(({ kind }) => kind === "total_mismatch"),
        sum !== 0n,
      );
      assert.deepEqual(
        group.requests.map(({ amount, remainingLimit, billingTranId, printContent }) => [
          amount,
          remainingLimit,
          billingTranId,
          printContent,
        ]),
        rows.map(({ amount, limit, recipient, text }) => [
          amount,
          limit === 0 ? 0 : limit,
          recipient,
          text || undefined,
        ]),
      );
    }),
    { numRuns: 200 },
  );
});

/**
 * Both look-ups of a client whose fetch answers authentications with `authentication` and questions
 * with `lookup`.
 * @param {Reply} authentication
 * @param {Reply} lookup
 */
function lookUps(authentication, lookup) {
  /** @type {FetchLike} */
  const answer = async (url, { body }) => {
    const isAuthentication = /oauth\/token|auth\.php/.test(String(url));
    const { status, body: told } = isAuthentication ? authentication : lookup;
    // Half of the replies echo what they must: else none would ever get anywhere.
    const { code = "", PCD_PAYER_ID: payerId = "" } = JSON.parse(body);
    const text =
      typeof told === "string"
        ? told.replaceAll("$code", code).replaceAll("$payerId", payerId)
        : told;
    return new Response([101, 204, 205, 304].includes(status) ? null : text, { status });
  };
  const payple = clientOf(undefined, {
    fetch: answer,
    maxRetries: 0,
  });
  /**
   * @type {[() => Promise<any>, (answer: any) => void][]} each look-up with what is true of its
   *   answer
   */
  const both = [
    [() => payple.lookupPayoutRequests("G"), (group) => assert.equal(group.groupKey, "G")],
    [() => payple.lookupBillingKey("KEY-1"), (key) => assert.equal(key.payerId, "KEY-1")],
  ];
  return both;
}

function assertSound(/** @type {unknown} */ error) {
  assert.ok(error instanceof PaypleError, String(error));
  assert.ok(KINDS.includes(error.kind), error.kind);
  assert.ok(error.phase === "token" || error.phase === "lookup");
  for (const shown of [JSON.stringify(error), String(error), error.message])
    assert.ok(!shown.includes(CUST_KEY), shown);
}

/**
 * A reply of any status: bytes, JSON of any shape, or an object with the names of real replies.
 * @param {string[]} fields
 * @param {string[]} good
 */
function anyReply(fields, good) {
  const like = fc.dictionary(
    fc.constantFrom(...fields),
    fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue()),
    { maxKeys: 14 },
  );
  const body = fc.oneof(
    { weight: 4, arbitrary: like.map((object) => JSON.stringify(object)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
    { weight: 3, arbitrary: fc.constantFrom(...good) },
  );
  const status = fc.oneof(
    { weight: 5, arbitrary: fc.constant(200) },
    { weight: 1, arbitrary: fc.integer({ min: 200, max: 599 }) },
  );
  return fc.record({ status, body });
}

const VALUES = [
  "T0000",
  "A0000",
  "success",
  "error",
  "0000",
  "$code",
  "$payerId",
  "card",
  "transfer",
  "1000",
  "60",
  "https://democpay.payple.kr",
  "/x",
  CUST_KEY,
  "",
];
const authenticationFields = [
  "result",
  "message",
  "result_msg",
  "code",
  "access_token",
  "expires_in",
  "cst_id",
  "custKey",
  "AuthKey",
  "PCD_PAY_HOST",
  "PCD_PAY_URL",
  "return_url",
];
const lookupFields = [
  "result",
  "message",
  "total",
  "count",
  "list",
  "PCD_PAY_RST",
  "PCD_PAY_CODE",
  "PCD_PAY_MSG",
  "PCD_PAY_TYPE",
  "PCD_PAYER_ID",
  "PCD_PAY_CARDNUM",
  "PCD_PAY_BANKNUM",
];
const TOKEN = {
  status: 200,
  body: JSON.stringify({ result: "T0000", code: "$code", access_token: "token", expires_in: "60" }),
};
const AUTH = {
  status: 200,
  body: JSON.stringify({
    result: "success",
    cst_id: "a",
    custKey: "b",
    AuthKey: "c",
    PCD_PAY_HOST: "https://democpay.payple.kr",
    PCD_PAY_URL: "/x",
  }),
};
const GROUP = JSON.stringify({ result: "A0000", total: "0", count: "0", list: [] });
const KEY = JSON.stringify({
  PCD_PAY_RST: "success",
  PCD_PAY_CODE: "0000",
  PCD_PAYER_ID: "$payerId",
  PCD_PAY_TYPE: "card",
  PCD_PAY_CARDNUM: "1",
});
