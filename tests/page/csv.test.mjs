// The CSV that the page writes: nothing in it runs in a spreadsheet, nothing is spoilt by one, and
// it reads as it was.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pageModule } from "./module.mjs";

/** @type {typeof import("../../www/src/files/csv.ts")} */
const { csv, unguarded } = await pageModule("files/csv.ts");

/** A cell as a spreadsheet gets it, out of its quotes. */
const cellOf = (/** @type {string | number} */ value) => {
  const text = csv([[value]]).slice(1, -2);
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
};

describe("a cell of the CSV", () => {
  for (const text of [
    "007",
    "1234567890123456789",
    "123456789012",
    "1E+5",
    "1E5",
    "12e34",
    "3-1",
    "10/11",
    "9:30",
    "1.2.3",
  ])
    test(`${text} stays this text`, () => {
      assert.equal(cellOf(text), `="${text}"`);
      assert.equal(unguarded(cellOf(text)), text);
    });
  for (const text of ["0", "42", "12345678901", "김민준 10월", "a-1", "2021-10-26 09:00:00", ""])
    test(`${JSON.stringify(text)} stands as it is`, () => {
      assert.equal(cellOf(text), text);
      assert.equal(unguarded(text), text);
    });
  // With an apostrophe of its own a text gets another one, so that it is not taken for one that was
  // guarded.
  const formulas = ["=1+1", "+82", "-1", "@x", " =1", "＝1", '="007"', '="1"&A1'];
  for (const text of [...formulas, "'=1", "''@x", "'\t", "\tx", "\nx"])
    test(`${JSON.stringify(text)} runs nothing, and reads as it was`, () => {
      assert.equal(cellOf(text), `'${text}`);
      assert.equal(unguarded(cellOf(text)), text);
    });
  test("a number is a number", () => assert.equal(cellOf(1_000), "1000"));
});
