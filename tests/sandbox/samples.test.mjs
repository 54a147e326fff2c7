// The sample groups and billing keys: the spec pages verbatim, and every documented finding
// confirmed by an independent review.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { billingKeySamples, payoutGroupSamples, startSandbox } from "../../sandbox/index.mjs";
import { askBilling, askPayout, newSession, newToken } from "./partner.mjs";

/**
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Reply } from "./partner.mjs"
 * @typedef {Record<string, string>} Row
 */

/** @type {Sandbox} */
let sandbox;
/** @type {string} */
let token;
/** @type {Reply} */
let session;

before(async () => {
  sandbox = await startSandbox();
  token = await newToken(sandbox);
  session = await newSession(sandbox);
});
after(() => sandbox.close());

const group = async (/** @type {string} */ key) => (await askPayout(sandbox, key, token)).json();
const billingKey = async (/** @type {string} */ key) => (await askBilling(session, key)).json();

test("the spec page's group key gives the spec page's reply", async () => {
  const row = (/** @type {string} */ remain_amt, /** @type {string} */ time) => ({
    cst_id: "test",
    sub_id: "test12385610",
    group_key: "Q0RSSkYzWUI3",
    billing_tran_id: "2g4493dc-...",
    print_content: "정산테스트2",
    tran_amt: "1000",
    remain_amt,
    request_date: `2021-10-26 ${time}`,
  });
  assert.deepEqual(await group("Q0RSSkYzWUI3"), {
    result: "A0000",
    message: "처리 성공",
    total: "4000",
    count: "4",
    list: [
      row("9988000", "10:55:03"),
      row("9987000", "10:55:03"),
      row("9986000", "10:55:04"),
      row("9985000", "10:55:05"),
    ],
  });
});

test("the spec page's card and account are given for their keys, which they echo", async () => {
  const common = {
    PCD_PAY_RST: "success",
    PCD_PAY_CODE: "0000",
    PCD_PAY_MSG: "회원조회 성공",
    PCD_PAY_BANKACCTYPE: "개인",
    PCD_PAYER_NAME: "홍길동",
    PCD_PAYER_HP: "010-****-5678",
  };
  assert.deepEqual(await billingKey("d0toSS9sT084bVJSNThScnFX"), {
    ...common,
    PCD_PAY_TYPE: "card",
    PCD_PAYER_ID: "d0toSS9sT084bVJSNThScnFX",
    PCD_PAY_CARD: "0200",
    PCD_PAY_CARDNAME: "BC카드",
    PCD_PAY_CARDNUM: "1111-****-****-2222",
    PCD_PAY_ISTAX: "Y",
  });
  assert.deepEqual(await billingKey("NS9qNTgzU2xRNHR2RmFBWWFBTWk5UT09"), {
    ...common,
    PCD_PAY_TYPE: "transfer",
    PCD_PAYER_ID: "NS9qNTgzU2xRNHR2RmFBWWFBTWk5UT09",
    PCD_PAY_BANK: "081",
    PCD_PAY_BANKNAME: "KEB하나은행",
    PCD_PAY_BANKNUM: "123-********-021",
  });
});

for (const { key, findings } of payoutGroupSamples) {
  test(`the group ${key} trips ${findings.join(", ") || "no finding"} and nothing else`, async () => {
    const reply = await group(key);
    assert.equal(reply.result, "A0000");
    assert.deepEqual(review(reply, key), [...findings].sort());
  });
}

test("no sample key has white space or more than 64 characters", () => {
  for (const { key } of payoutGroupSamples) assert.match(key, /^\S{1,64}$/);
});

test("ROWS_10000 is 10,000 rows of about 2.5 MB for some 300 recipients, the same at every call", async () => {
  const first = await askPayout(sandbox, "ROWS_10000", token);
  const rows = first.json().list;
  assert.equal(rows.length, 10_000);
  assert.ok(
    first.bytes.length > 2_300_000 && first.bytes.length < 2_700_000,
    `${first.bytes.length} bytes`,
  );
  assert.equal(new Set(rows.map((/** @type {Row} */ row) => row.billing_tran_id)).size, 300);
  assert.match(rows[0].print_content, /^10월 정산 [가-힣]{3} \d+회$/);
  assert.deepEqual((await askPayout(sandbox, "ROWS_10000", token)).bytes, first.bytes);
});

test("ROWS_<n> gives n rows up to 200,000", async () => {
  assert.equal((await group("ROWS_1")).list.length, 1);
  assert.equal((await group("ROWS_777")).list.length, 777);
  for (const key of ["ROWS_0", "ROWS_01", "ROWS_200001", "ROWS_x"])
    assert.equal((await group(key)).result, "A0404");
});

test("CLEAN_128 has 128 distinct recipients, sub ids and amounts", async () => {
  const { list } = await group("CLEAN_128");
  for (const field of ["billing_tran_id", "sub_id", "tran_amt"])
    assert.equal(new Set(list.map((/** @type {Row} */ row) => row[field])).size, 128);
});

test("LONG_NAMES stays exact as JavaScript numbers", async () => {
  const { total, list } = await group("LONG_NAMES");
  assert.ok(Number.isSafeInteger(Number(total)));
  for (const row of list) assert.ok(Number.isSafeInteger(Number(row.remain_amt)));
  assert.ok(list.some((/** @type {Row} */ row) => row.print_content.length > 200));
});

test("the numbered billing keys are a hundred cards and a hundred accounts", async () => {
  const seen = new Set();
  for (let n = 1; n <= 100; n += 1) {
    const id = String(n).padStart(3, "0");
    const card = await billingKey(`BK_CARD_${id}`);
    const account = await billingKey(`BK_ACCOUNT_${id}`);
    assert.equal(card.PCD_PAY_TYPE, "card");
    assert.equal(card.PCD_PAYER_ID, `BK_CARD_${id}`);
    assert.equal(account.PCD_PAY_TYPE, "transfer");
    assert.match(account.PCD_PAY_BANK, /^\d{3}$/);
    seen.add(card.PCD_PAY_CARDNUM).add(account.PCD_PAY_BANKNUM);
  }
  assert.equal(seen.size, 200);
});

test("the other billing keys are what the table says", async () => {
  assert.equal((await billingKey("BK_CORPORATE_CARD")).PCD_PAY_BANKACCTYPE, "법인");
  assert.equal((await billingKey("BK_SOLE_PROPRIETOR")).PCD_PAY_BANKACCTYPE, "개인사업자");
  assert.equal((await billingKey("BK_OTHER")).PCD_PAY_TYPE, "paypal");
  const documented = billingKeySamples.flatMap(({ key }) => key.split(" … "));
  for (const key of documented) assert.equal(typeof (await billingKey(key)).PCD_PAY_CODE, "string");
});

/**
 * The contract's findings, computed here once more so that a sample cannot merely claim them.
 * @param {Reply} reply
 * @param {string} groupKey
 */
function review({ total, count, list: rows }, groupKey) {
  /** @type {Row[]} */
  const list = rows;
  const found = new Set();
  const amount = (/** @type {Row} */ row) => BigInt(row.tran_amt);
  const remaining = (/** @type {Row} */ row) => BigInt(row.remain_amt);
  if (list.reduce((sum, row) => sum + amount(row), 0n) !== BigInt(total))
    found.add("total_mismatch");
  if (list.length !== Number(count)) found.add("count_mismatch");
  const known = new Set();
  list.forEach((row, i) => {
    if (row.group_key !== groupKey) found.add("foreign_group_key");
    if (row.cst_id !== "test") found.add("foreign_partner");
    if (remaining(row) < 0n) found.add("limit_exceeded");
    if (i > 0 && remaining(list[i - 1]) - amount(row) !== remaining(row))
      found.add("limit_sequence");
    const payment = JSON.stringify([row.billing_tran_id, row.tran_amt, row.print_content]);
    if (known.has(payment)) found.add("possible_duplicate");
    known.add(payment);
  });
  return [...found].sort();
}
