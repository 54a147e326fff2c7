// The cells of a workbook as a spreadsheet program shows them, however its XML is written, and no
// more of them than fit.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { strToU8, unzipSync, zipSync } from "fflate";
import { pageModule } from "./module.mjs";

describe("the cells of a workbook", async () => {
  /** @type {typeof import("../../www/src/files/workbook.ts")} */
  const { readWorkbook, WorkbookError } = await pageModule("files/workbook.ts");
  const files = unzipSync(await readFile(join(import.meta.dirname, "sheets/odd.xlsx")));
  /** A real workbook with these rows. */
  const read = async (/** @type {string} */ rows) => {
    const sheet = `<?xml version="1.0"?><worksheet><sheetData>${rows}</sheetData></worksheet>`;
    const bytes = zipSync({ ...files, "xl/worksheets/sheet1.xml": strToU8(sheet) });
    return (await readWorkbook(bytes))[0]?.rows ?? [];
  };
  const cellsOf = async (/** @type {string} */ cells) =>
    (await read(`<row r="1">${cells}</row>`))[0]?.cells;

  test("a comment, a section or an instruction inside a value takes nothing away", async () => {
    assert.deepEqual(
      await cellsOf(
        '<c r="A1"><v>1<!-- > -->000</v></c><c r="B1" t="inlineStr"><is><t>1<![CDATA[<2>&]]>3</t></is></c><c r="C1"><v>1<?x?>5</v></c>',
      ),
      ["1000", "1<2>&3", "15"],
    );
  });

  test("a character beyond 16 bits is no other one", async () => {
    const text = "&#65585;&#x1F600;&#48;";
    assert.deepEqual(await cellsOf(`<c r="A1" t="inlineStr"><is><t>${text}</t></is></c>`), [
      "\u{10031}\u{1f600}0",
    ]);
  });

  test("a number is one as spreadsheets write it, and nothing else", async () => {
    assert.deepEqual(
      await cellsOf('<c r="A1"><v>0x1F4</v></c><c r="B1"><v>5E2</v></c><c r="C1"><v>.5</v></c>'),
      ["0x1F4", "500", "0.5"],
    );
  });

  test("a cell where no spreadsheet has one, and more cells than fit, are refused at once", async () => {
    const cell = (/** @type {string} */ at) => `<c r="${at}"><v>1</v></c>`;
    const faults = {
      broken: [
        `<row r="99999999">${cell("A99999999")}</row>`,
        `<row r="1">${cell("ZZZZ1")}</row>`,
        `<row r="1">${cell("XFE1")}</row>`,
        // A place may be written by references as well.
        `<row r="1"><c  r = '&#65;99999999'><v>1</v></c></row>`,
        `<row r="1048577"/>`,
        `<!DOCTYPE x><row r="1"/>`,
        // The library takes minutes for tags that do not end.
        `<row r="1">${"<c ".repeat(100_000)}</row>`,
      ],
      tooLarge: [`<row r="1">${cell("XFD1")}</row><row r="1048576">${cell("A1048576")}</row>`],
    };
    for (const [reason, sheets] of Object.entries(faults))
      for (const rows of sheets)
        await assert.rejects(
          read(rows),
          (error) => error instanceof WorkbookError && error.reason === reason,
          rows.slice(0, 60),
        );
  });

  test("rows and sheets that a spreadsheet program does not show are known as such", async () => {
    const cell = (/** @type {string} */ at) => `<c r="${at}"><v>1</v></c>`;
    assert.deepEqual(
      await read(
        `<row r="1">${cell("A1")}</row><row hidden="1" r="2">${cell("A2")}</row><row r="3" hidden='true'>${cell("A3")}</row><row r="4" hidden="0">${cell("A4")}</row>`,
      ),
      [
        { line: 1, cells: ["1"] },
        { line: 2, cells: ["1"], isHidden: true },
        { line: 3, cells: ["1"], isHidden: true },
        { line: 4, cells: ["1"] },
      ],
    );
    const two = unzipSync(await readFile(join(import.meta.dirname, "sheets/payments.xlsx")));
    const book = new TextDecoder().decode(two["xl/workbook.xml"]);
    const hiding = (/** @type {string} */ name) =>
      book
        .replaceAll(/ state="\w+"/g, "")
        .replace(`<sheet name="${name}"`, `<sheet name="${name}" state="veryHidden"`);
    const sheetsOf = async (/** @type {string} */ xml) =>
      readWorkbook(zipSync({ ...two, "xl/workbook.xml": strToU8(xml) }));
    const isHidden = async (/** @type {string} */ xml) =>
      (await sheetsOf(xml)).map(({ isHidden }) => isHidden ?? false);
    assert.deepEqual(await isHidden(book), [false, false]);
    assert.deepEqual(await isHidden(hiding("표지")), [true, false]);
    assert.deepEqual(await isHidden(hiding("지급 내역")), [false, true]);
  });

  test("a formula whose value was never worked out is a formula, and an empty text is empty", async () => {
    assert.deepEqual(
      await cellsOf(
        [
          '<c r="A1"><f>SUM(B1:B2)</f><v></v></c>',
          '<c r="B1" s="1"><f>1+1</f></c>',
          '<c r="C1"><f t="shared" si="0"/><v/></c>',
          '<c r="D1" t="str"><f>IF(A1,"","")</f><v></v></c>',
          '<c r="E1"><f>1+1</f><v>2</v></c>',
          '<c r="F1"><v>3</v></c>',
        ].join(""),
      ),
      ["=SUM(B1:B2)", "=1+1", "=", "", "2", "3"],
    );
  });

  test("empty rows below the last one are none of the table", async () => {
    assert.deepEqual(
      await read(
        '<row r="1"><c r="A1"><v>5</v></c></row><row r="3"><c r="A3" t="str"><v> </v></c></row>',
      ),
      [{ line: 1, cells: ["5"] }],
    );
  });

  test("what is only formatted, far below or far to the right, is no cell", async () => {
    const rows = await read(
      '<row r="1"><c r="A1"><v>5</v></c><c r="XFD1" s="1"/></row><row r="1048576"/>',
    );
    assert.deepEqual(rows, [{ line: 1, cells: ["5"] }]);
  });
});
