// A table as a CSV file: it reads as it was written, and no cell is one that a spreadsheet runs or
// spoils.

import { csv, unguarded } from "../../../www/src/files/csv";
import { readText, SheetError } from "../../../www/src/files/sheet";
import { separated } from "../oracle/cells";
import { must } from "../oracle/finding";
import { Input } from "../oracle/input";

export async function fuzz(data: Uint8Array) {
  const input = new Input(data);
  const width = 1 + input.below(5);
  const table: (string | number)[][] = [];
  while (!input.isOver && table.length < 50)
    table.push(Array.from({ length: width }, () => cellOf(input)));
  const written = csv(table);
  must(written.startsWith("\ufeff") && written.endsWith("\r\n"), "the file is not as Excel has it");
  const rows = separated(written.slice(1), ",")?.map(({ cells }) => cells);
  // The line break at the end makes a row of its own.
  must(
    rows?.length === Math.max(1, table.length) + 1,
    "there are more or fewer rows",
    written,
    rows,
  );
  for (const [at, cells] of table.entries()) {
    const row = rows[at] ?? [];
    must(row.length === width, "there are more or fewer cells", written, row);
    for (const [n, value] of cells.entries()) mustBeSafe(value, row[n] ?? "");
  }
  await mustReadAsWritten(table, written);
}

function cellOf(input: Input): string | number {
  const kind = input.below(8);
  if (kind === 0) return (input.below(256) - 128) * 10 ** input.below(13);
  if (kind === 1) return input.oneOf(TRAPS) + input.text(8);
  return input.text(24);
}

/** A cell as a spreadsheet gets it, beside what it was made of. */
function mustBeSafe(value: string | number, cell: string) {
  if (typeof value === "number") {
    must(cell === String(value), "a number is another one", value, cell);
    return;
  }
  const text = value.replace(/\r\n?/g, "\n");
  must(unguarded(cell) === text, "a text is another one", value, cell, unguarded(cell));
  const first = cell.replace(/^[\s\p{Cc}\p{Cf}]+/u, "")[0] ?? "";
  const isConstant = /^="[0-9eE.:/-]+"$/.test(cell);
  must(
    isConstant || !"=+-@＝＋－＠".includes(first) || first === "",
    "a cell is a formula",
    value,
    cell,
  );
  must(
    !/^[\t\r\n]/.test(cell),
    "a cell begins with what some take for the end of one",
    value,
    cell,
  );
  // Fifteen digits are all that a spreadsheet keeps; a leading zero and an exponent are gone.
  must(
    !/^(0\d+|\d{16,}|\d+(\.\d*)?[eE]\d+|\d+([-/:.]\d+)+)$/.test(cell),
    "a text is spoilt as a number",
    value,
    cell,
  );
}

async function mustReadAsWritten(table: (string | number)[][], written: string) {
  const text = written.slice(1);
  // Of one column, and of what looks as if another sign parted it, no program can tell.
  const isPlain = table.every((cells) => cells.every((cell) => !/[\t;|]/.test(String(cell))));
  if (table.length === 0 || (table[0]?.length ?? 0) < 2 || !isPlain) return;
  try {
    const read = (await readText(written)).map(({ cells }) => cells.map(unguarded));
    const meant = table.map((cells) => cells.map((cell) => String(cell).replace(/\r\n?/g, "\n")));
    // What nobody sees may be gone from the beginning of a file.
    for (const rows of [read, meant])
      if (rows[0]) rows[0][0] = rows[0][0]?.replace(/^\ufeff+/, "") ?? "";
    const isSame = JSON.stringify(read.slice(0, meant.length)) === JSON.stringify(meant);
    must(isSame, "the page reads another table", text, read, meant);
  } catch (error) {
    must(
      error instanceof SheetError && error.fault.is === "empty",
      "the page does not read its own file",
      text,
      String(error),
    );
  }
}

const TRAPS = [
  "=",
  "+",
  "-",
  "@",
  "＝",
  "\t",
  "\r",
  "'",
  '="',
  "0",
  "1e",
  "1/",
  "\u200b=",
  " ＠",
  "12345678901234567890",
];
