// The rows of a clerk's list as payments: what is read, what is asked, what is a sum, and what
// stays out.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pageModule } from "./module.mjs";

/**
 * @import { Remembered } from "../../www/src/expect/columns.ts"
 * @import { Decisions, Payments } from "../../www/src/expect/payments.ts"
 */

/** @type {Decisions} */
const NONE = { leftOut: new Set(), amounts: new Map() };

describe("the rows of a list", async () => {
  /** @type {typeof import("../../www/src/expect/amount.ts")} */
  const { amountOf } = await pageModule("expect/amount.ts");
  /** @type {typeof import("../../www/src/expect/columns.ts")} */
  const { layoutOf, likeliestSheet, NOTHING } = await pageModule("expect/columns.ts");
  /** @type {typeof import("../../www/src/expect/payments.ts")} */
  const { paymentsOf } = await pageModule("expect/payments.ts");
  const rowsOf = (/** @type {string} */ text) =>
    text.split("\n").map((line, at) => ({ line: at + 1, cells: line.split(",") }));
  const read = (/** @type {string} */ text, decisions = NONE) => {
    const rows = rowsOf(text);
    const layout = layoutOf(rows);
    return paymentsOf(rows, layout, layout.columns, decisions);
  };
  const told = (/** @type {Payments} */ { skipped }) =>
    skipped.map(({ line, reason }) => [line, reason]);

  test("an amount is read as it is written, and never guessed", () => {
    const amounts = {
      "77,000": 77_000,
      "₩77,000": 77_000,
      "77,000원": 77_000,
      "금77,000원정": 77_000,
      "７７０００": 77_000,
      "1,000.00": 1_000,
      "1000.0": 1_000,
      10.5: "fraction",
      "1,00": "noNumber",
      "-1.000": "negative",
      "(5,000)": "negative",
      "2021-11-01": "noNumber",
      // Two numbers, a number with a mark, and what is only half in brackets, are none to pay.
      "12 000": "noNumber",
      "1000\n2000": "noNumber",
      "1, 000": "noNumber",
      "1000①": "noNumber",
      "10²": "noNumber",
      "5,000)": "noNumber",
      "₩ 77,000 원": 77_000,
      많이: "noNumber",
      홍길동: "noNumber",
    };
    for (const [cell, amount] of Object.entries(amounts))
      assert.equal(amountOf(cell), amount, cell);
  });

  test("dots, scientific notation and words are questions with what they most likely mean", () => {
    const questions = {
      "1.000": ["dots", 1_000],
      "12.500": ["dots", 12_500],
      "1.000.000": ["dots", 1_000_000],
      "1.234.567,00": ["dots", 1_234_567],
      "1.234,56": ["dots", undefined],
      "1.5E+07": ["scientific", 15_000_000],
      "1,2e+03": ["scientific", 1_200],
      "1.5E+00": ["scientific", undefined],
      오백만원: ["words", 5_000_000],
      "5백만": ["words", 5_000_000],
      "3만5천원": ["words", 35_000],
      "1억2,000만원": ["words", 120_000_000],
      일억이천삼백사십오만육천칠백팔십구: ["words", 123_456_789],
      만오천: ["words", 15_000],
      일이삼: ["words", undefined],
      // What is not exactly a whole number of won is not proposed as one.
      "1.0000000000000001e0": ["scientific", undefined],
      "0만": ["words", undefined],
      "1,2억": ["words", undefined],
      십천: ["words", undefined],
    };
    for (const [cell, [asks, suggestion]] of Object.entries(questions))
      assert.deepEqual(
        amountOf(cell),
        { asks, ...(suggestion !== undefined && { suggestion }) },
        cell,
      );
  });

  test("sum rows are told, by their label or without one, and one that differs is no harmless row", () => {
    for (const label of [
      "합계",
      "합 계",
      "지급 합계",
      "합계(2건)",
      "총 2건",
      "이체금액 합계",
      "소계:",
      "Total",
      "[계]",
    ])
      assert.deepEqual(
        told(read(`빌링키,금액\nA,1000\nB,2000\n${label},3000`)),
        [[4, "sumRow"]],
        label,
      );
    assert.deepEqual(told(read("빌링키,금액\nA,1000\nB,2000\n,3000")), [[4, "sumWithoutLabel"]]);
    assert.deepEqual(told(read("빌링키,금액\nA,1000\nB,2000\n합계,3500")), [[4, "sumDiffers"]]);
    assert.deepEqual(
      told(read("빌링키,금액\nA,1000\nB,2000\n소계,3000\nC,5\nD,6\n소계,11\n총계,3011")),
      [
        [4, "sumRow"],
        [7, "sumRow"],
        [8, "sumRow"],
      ],
    );
    // A row that lacks its key and is no sum stays a payment, and the missing key is asked for.
    assert.equal(read("빌링키,금액\nA,1000\nB,2000\n,2500").payments.length, 3);
    // Of amounts alone nobody can say which one is a sum.
    assert.equal(read("금액\n1000\n2000\n3000").payments.length, 3);
    // Words that only sound like it.
    for (const name of ["설계", "한계령", "총무팀", "김소계"])
      assert.equal(read(`적요,금액\n${name},1000\n나,2000`).payments.length, 2, name);
  });

  test("what is left out by hand is listed with its amount, and does not upset the sum row", () => {
    const list = "빌링키,금액\nA,1000\nB,2000\n합계,3000";
    const { payments, total, skipped } = read(list, { ...NONE, leftOut: new Set([2]) });
    assert.deepEqual([payments.length, total], [1, 2_000]);
    assert.deepEqual(
      skipped.map(({ line, reason, amount }) => [line, reason, amount]),
      [
        [2, "byHand", 1_000],
        [4, "sumRow", 3_000],
      ],
    );
  });

  test("amounts in thousands of won are questions with what they are in won", () => {
    const asked = (/** @type {string} */ text) =>
      read(text).skipped.map(({ line, reason, suggestion }) => [line, reason, suggestion]);
    for (const list of [
      "빌링키,금액(천원)\nA,77",
      "빌링키,지급금액 [단위：천원]\nA,77",
      "빌링키,금액（천원）\nA,77",
      "빌링키,금액 (단위 천원)\nA,77",
    ])
      assert.deepEqual(asked(list), [[2, "unit", 77_000]], list);
    assert.deepEqual(asked("지급 예정 (단위: 만원)\n빌링키,금액\nA,1.5\nB,2"), [
      [1, "aboveHeader", undefined],
      [3, "unit", undefined],
      [4, "unit", 20_000],
    ]);
    // The heading of the column counts for more than a title, and won are won.
    for (const list of [
      "(단위: 백만원)\n빌링키,금액(원)\nA,77",
      "(단위: 원)\n빌링키,금액\nA,77",
      "지급 내역 (천원 미만 절사)\n빌링키,금액\nA,77",
    ])
      assert.equal(read(list).total, 77, list);
    // Once they are answered, the sum is recognised.
    const list = "빌링키,금액(만원)\nA,1\nB,2\n합계,3";
    const amounts = new Map([
      [2, 10_000],
      [3, 20_000],
    ]);
    const { total, skipped } = read(list, { ...NONE, amounts });
    assert.equal(total, 30_000);
    assert.deepEqual(
      skipped.map(({ line, reason }) => [line, reason]),
      [[4, "sumRow"]],
    );
  });

  test("an answer makes a payment of a question", () => {
    const list = "빌링키,금액\nA,1.000\nB,오백만원";
    assert.deepEqual(told(read(list)), [
      [2, "dots"],
      [3, "words"],
    ]);
    const { payments, total } = read(list, { ...NONE, amounts: new Map([[2, 1_000]]) });
    assert.deepEqual([payments.length, total, payments[0].line], [1, 1_000, 2]);
    assert.deepEqual(told(read(list, { ...NONE, leftOut: new Set([3]) })), [
      [2, "dots"],
      [3, "byHand"],
    ]);
  });

  test("columns are proposed by their headings, and by content where there are none", () => {
    /** @type {(text: string, remembered?: Remembered) => unknown[]} */
    const proposed = (text, remembered) => {
      const { columns, guessed } = layoutOf(rowsOf(text), remembered);
      return [columns, guessed];
    };
    assert.deepEqual(proposed("빌링키,금액\nA,1000"), [{ billingTranId: 0, amount: 1 }, []]);
    const key = (/** @type {number} */ at) => `a087eaf3-00b3-49c9-8706-c4ebfb2627f${at}`;
    assert.deepEqual(proposed(`홍길동 정산,${key(1)},1000\n김철수 정산,${key(2)},2000`), [
      { amount: 2, billingTranId: 1, printContent: 0 },
      ["amount", "billingTranId", "printContent"],
    ]);
    // A heading that nobody knows: keys are told by what stands under it, a name is taken for
    // nothing.
    assert.deepEqual(proposed(`담당,식별,금액\n홍길동,${key(1)},1000\n김철수,${key(2)},2000`), [
      { amount: 2, billingTranId: 1 },
      ["billingTranId"],
    ]);
    // Two columns of amounts: which one is for the clerk to say.
    assert.deepEqual(proposed("1000,10\n2000,20"), [{}, []]);
  });

  test("two columns of one name are told apart, and which is meant is for the clerk to say", () => {
    const rows = rowsOf("10월,,11월,\n빌링키,금액,빌링키,금액\nA,1000,A,900\nB,2000,B,1900");
    const layout = layoutOf(rows);
    assert.deepEqual(
      [layout.header, layout.names, layout.columns],
      [1, ["빌링키 (A)", "금액 (B)", "빌링키 (C)", "금액 (D)"], {}],
    );
    const again = layoutOf(rows, { ...NOTHING, chosen: { amount: ["금액d"] } });
    assert.deepEqual([again.header, again.columns], [1, { amount: 3 }]);
    assert.deepEqual(layoutOf(rowsOf("빌링키,금액,금액\nA,1000,900")).columns, {
      billingTranId: 0,
    });
  });

  test("a sheet that is shown is more likely than a hidden one", () => {
    const [named, bare] = [rowsOf("빌링키,금액\nA,1000"), rowsOf("A,1000")];
    const hidden = { rows: named, isHidden: /** @type {const} */ (true) };
    assert.equal(likeliestSheet([hidden, { rows: named }]), 1);
    assert.equal(likeliestSheet([hidden, { rows: bare }]), 1);
    assert.equal(likeliestSheet([{ rows: rowsOf("표지") }, hidden]), 1);
  });

  test("what the clerk chose for a heading comes first the next time", () => {
    const remembered = {
      chosen: { amount: ["실수령"] },
      refused: { billingTranId: ["빌링키"] },
      matchBy: {},
    };
    const { columns } = layoutOf(rowsOf("빌링키,금액,실수령\nA,1000,900"), remembered);
    assert.deepEqual(columns, { amount: 2 });
  });
});
