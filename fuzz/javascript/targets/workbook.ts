// A workbook: bytes that were one are read or refused, in bounded space; one that is made of
// decisions is read as a spreadsheet program shows it.

import { amountOf } from "../../../www/src/expect/amount";
import { readWorkbook, WorkbookError } from "../../../www/src/files/workbook";
import { must } from "../oracle/finding";
import { Input } from "../oracle/input";
import { mustBeAccounted } from "../oracle/payments";
import { type Cell, rounded, workbookOf } from "../oracle/workbook";

export async function fuzz(data: Uint8Array) {
  // A zip archive begins so; so does every seed that is a real workbook.
  await (data[0] === 0x50 && data[1] === 0x4b ? read(data) : make(data));
}

async function read(bytes: Uint8Array) {
  try {
    for (const { name, rows } of await readWorkbook(bytes)) {
      must(typeof name === "string", "a sheet has no name", name);
      for (const [at, { line, cells }] of rows.entries()) {
        must(line === at + 1, "a row is on another line", line, at);
        must(
          cells.every((cell) => typeof cell === "string"),
          "a cell is no text",
          cells,
        );
      }
      const width = Math.max(0, ...rows.slice(0, 1_000).map(({ cells }) => cells.length));
      if (rows.length * width < 5_000) mustBeAccounted(rows);
    }
  } catch (error) {
    if (!(error instanceof WorkbookError)) throw error;
  }
}

async function make(data: Uint8Array) {
  const { bytes, cells } = workbookOf(new Input(data));
  const rows = (await readWorkbook(bytes))[0]?.rows ?? [];
  const at = ({ row, column }: Cell) => rows[row - 1]?.cells[column - 1] ?? "";
  for (const cell of cells) {
    if (cell.text !== undefined)
      must(at(cell) === cell.text, "a cell is another one", cell, at(cell));
    if (cell.number !== undefined) mustBeThisNumber(cell.number, at(cell));
  }
  const places = new Set(cells.map(({ row, column }) => `${row},${column}`));
  for (const [r, { line, cells: texts }] of rows.entries()) {
    must(line === r + 1, "a row is on another line", line, r);
    for (const [c, text] of texts.entries())
      must(text === "" || places.has(`${r + 1},${c + 1}`), "a cell from nowhere", r, c, text);
  }
}

/** As it is stored, to the fifteen digits that a spreadsheet has. */
function mustBeThisNumber(stored: string, text: string) {
  // What a spreadsheet has is the nearest binary number; below 1e21 all its digits are written.
  const number = Number(stored);
  const [numerator, denominator] = rounded(number < 1e21 ? number.toFixed(60) : stored, 15);
  const amount = amountOf(text);
  if (typeof amount !== "number") {
    const isPlain = denominator === 1n && numerator > 0n && numerator < 10n ** 15n;
    must(!isPlain, "a whole number is no amount", stored, text, amount);
    return;
  }
  must(
    BigInt(amount) * denominator === numerator,
    "an amount is another number",
    stored,
    text,
    amount,
  );
}
