// Which words of a text or a sheet are billing keys: what is none is never sent to Payple.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pageModule } from "./module.mjs";

const KEY = "d0toSS9sT084bVJSNThScnFX";
const OTHER = "NS9qNTgzU2xRNHR2RmFBWWFBTWk5UT09";

describe("billing keys in a text or a sheet", async () => {
  /** @type {typeof import("../../www/src/billing/keys.ts")} */
  const { keyColumnOf, keysInColumn, keysInText } = await pageModule("billing/keys.ts");
  const rowsOf = (/** @type {string} */ text) =>
    text.split("\n").map((line, at) => ({ line: at + 1, cells: line.split(",") }));
  const found = (/** @type {string} */ text) => keysInText(text)?.keys.map(({ key }) => key);

  test("a list of keys is one, however they are parted", () => {
    assert.deepEqual(found(`${KEY}\r\n${OTHER}\n`), [KEY, OTHER]);
    assert.deepEqual(found(`"${KEY}","${OTHER}"; ${KEY}`), [KEY, OTHER]);
    assert.deepEqual(found("abc"), ["abc"]);
    assert.deepEqual(found(`\u200b${KEY}\ufeff`), [KEY]);
    assert.equal(keysInText(`${KEY}\n${KEY}`)?.repeated, 1);
  });

  test("a column that was pasted with its heading is a list of keys", () => {
    for (const heading of ["빌링키", " Billing key ", "PCD_PAYER_ID", '"빌링키"'])
      assert.deepEqual(
        keysInText(`${heading}\n${KEY}\n${OTHER}`)?.keys,
        [
          { key: KEY, line: 2 },
          { key: OTHER, line: 3 },
        ],
        heading,
      );
    // By itself it may be anything.
    assert.deepEqual(found("key"), ["key"]);
  });

  test("a line with a name, a bank, a date or a number beside the key is a table", () => {
    for (const line of [
      `홍길동 국민은행 ${KEY}`,
      `${KEY},HongGildong`,
      `HongGildong\tKookminBank\t${KEY}`,
      `${KEY} 2024-01-01`,
      `${KEY};010-1234-5678`,
      `${KEY}, 77000`,
    ])
      assert.equal(keysInText(`${KEY}\n${line}`), undefined, line);
  });

  test("a name by itself is no key", () => {
    const text = `${KEY}\n홍길동\nhong@example.com\n1.2E+15\n${"x".repeat(256)}`;
    assert.deepEqual(found(text), [KEY]);
    assert.deepEqual(
      keysInText(text)?.leftOut.map(({ line, reason }) => [line, reason]),
      [
        [2, "notAKey"],
        [3, "notAKey"],
        [4, "spoilt"],
        [5, "tooLong"],
      ],
    );
  });

  test("telephone, account and registration numbers, dates and amounts are no keys", () => {
    const numbers = [
      "010-1234-5678",
      "01012345678",
      "(02)123-4567",
      "+82-10-1234-5678",
      "+821012345678",
      "800101-1234567",
      "8001011234567",
      "123-45-67890",
      "110-123-456789",
      "2024-01-01",
      "2024.01.01",
      "77,000",
    ];
    for (const number of numbers) {
      const rows = [{ line: 1, cells: [number] }];
      const { keys, leftOut } = keysInColumn(rows, -1, 0);
      assert.deepEqual([keys, leftOut.map(({ reason }) => reason)], [[], ["notAKey"]], number);
    }
    assert.deepEqual(found(`${KEY}\n010-1234-5678`), [KEY]);
  });

  test("what may be a key or a name or a number is told", () => {
    const sure = [KEY, OTHER, "BK_CARD_001", "BK_OTHER", "ABCDEFGHIJKLMNOPQRSTUVWX"];
    const doubtful = ["12345678", "HongGildong", "abc", "Kim", "A/3"];
    const rows = rowsOf(["key", ...sure, ...doubtful].join("\n"));
    const got = keysInColumn(rows, 0, 0);
    assert.deepEqual(
      got.keys.map(({ key }) => key),
      [...sure, ...doubtful],
    );
    assert.deepEqual(
      got.doubtful.map(({ key }) => key),
      doubtful,
    );
  });

  test("the column is found by its heading, else by what stands in it, and otherwise asked for", () => {
    /** @type {[text: string, header: number | undefined, column: number | undefined][]} */
    const cases = [
      [`명단\n이름,빌링키,은행\n홍길동,${KEY},국민`, 2 - 1, 1],
      [`name,PCD_PAYER_ID\nHong,${KEY}`, 0, 1],
      [`홍길동,국민,${KEY}\n김철수,신한,${OTHER}`, -1, 2],
      [`이름,번호\n홍길동,${KEY}\n김철수,${OTHER}`, 0, 1],
      [`HongGildong,${KEY}\nKimCheolsu,${OTHER}`, -1, 1],
      [`홍길동,국민\n김철수,신한`, undefined, undefined],
      // Of two columns of one name neither is the first choice.
      [`빌링키,이름,빌링키\n${KEY},홍길동,${OTHER}`, 0, undefined],
      [`key,빌링키\n1,${KEY}`, 0, 1],
      // Names in Latin letters are no keys, though they look like some.
      [`HongGildong,국민\nKimCheolsu,신한`, undefined, undefined],
      [`KimCheolsu,\nParkSeojoon,${KEY}`, undefined, undefined],
      [`${KEY},${OTHER}\n${OTHER}x,${KEY}x`, -1, undefined],
      // Of one column there is no choice, and a number is no heading.
      ["1012345678\n1098765432", -1, 0],
    ];
    for (const [text, header, column] of cases) {
      const got = keyColumnOf(rowsOf(text));
      assert.equal(got.column, column, text);
      if (header !== undefined) assert.equal(got.header, header, text);
    }
  });

  test("of a sheet the keys of the column are taken, each once, and other rows are told", () => {
    const rows = rowsOf(
      `이름,빌링키\n홍길동,${KEY}\n,\n김철수,\n이영희,국민은행 123\n박,${KEY}\n최,'${OTHER}`,
    );
    const { keys, leftOut, repeated } = keysInColumn(rows, 0, 1);
    assert.deepEqual(keys, [
      { key: KEY, line: 2 },
      { key: OTHER, line: 7 },
    ]);
    assert.deepEqual(
      leftOut.map(({ line, reason }) => [line, reason]),
      [
        [4, "noKey"],
        [5, "notAKey"],
      ],
    );
    assert.equal(repeated, 1);
  });
});
