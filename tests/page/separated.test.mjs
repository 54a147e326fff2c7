// A file of text, or what was pasted, as rows: by which delimiter, with which line breaks, and on
// which line each begins.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pageModule } from "./module.mjs";

describe("the rows of a text", async () => {
  /** @type {typeof import("../../www/src/files/sheet.ts")} */
  const { readText } = await pageModule("files/sheet.ts");
  const cells = async (/** @type {string} */ text) =>
    (await readText(text)).map(({ cells }) => cells);

  test("line breaks of two kinds in a file are line breaks, and no row is lost", async () => {
    assert.deepEqual(await cells("금액,비고\r\n1000,a\n2000,b\r\n3000,c\r4000,d"), [
      ["금액", "비고"],
      ...[
        ["1000", "a"],
        ["2000", "b"],
        ["3000", "c"],
        ["4000", "d"],
      ],
    ]);
    assert.deepEqual(await cells('A,"a\r\nb",1\n'), [["A", "a\nb", "1"]]);
  });

  test("commas in amounts are no delimiters where something else parts the cells", async () => {
    for (const delimiter of ["\t", ";", "|"]) {
      const rows = [
        ["A", "1,500"],
        ["B", "1,000,000"],
      ];
      const text = rows.map((row) => row.join(delimiter)).join("\n");
      assert.deepEqual(await cells(text), rows, delimiter);
    }
    // A title and a note have no tab; a semicolon in one text makes no columns.
    assert.deepEqual(await cells("10월\n빌링키\t금액\nA\t1,000\nB\t2,000"), [
      ["10월"],
      ...[
        ["빌링키", "금액"],
        ["A", "1,000"],
        ["B", "2,000"],
      ],
    ]);
    assert.deepEqual(await cells("A,가;나,1000\nB,다,2000"), [
      ["A", "가;나", "1000"],
      ["B", "다", "2000"],
    ]);
  });

  test("each row knows the line that it begins on", async () => {
    const lines = async (/** @type {string} */ text) =>
      (await readText(text)).map(({ line }) => line);
    assert.deepEqual(await lines('\ufeffa,b\r\n"c\r\nd",e\nf,g\rh,i'), [1, 2, 4, 5]);
  });
});
