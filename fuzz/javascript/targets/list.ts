// A file of text, or what was pasted, as rows and as payments.

import { decode, readText, SheetError } from "../../../www/src/files/sheet";
import type { SheetRow } from "../../../www/src/files/sheet-row";
import { DELIMITERS, separated } from "../oracle/cells";
import { must } from "../oracle/finding";
import { mustBeAccounted } from "../oracle/payments";

export async function fuzz(data: Uint8Array) {
  let text = "";
  let rows: SheetRow[];
  try {
    text = decode(data).text;
    rows = await readText(text);
  } catch (error) {
    if (error instanceof SheetError) return;
    throw error;
  }
  const marked = text.replace(/^\ufeff+/, "");
  const cells = JSON.stringify(rows);
  const readings = DELIMITERS.map((each) => JSON.stringify(withoutTail(separated(marked, each))));
  must(readings.includes(cells), "rows are others than they are written", text, rows, readings);
  mustBeAccounted(rows);
  await mustBeTheSameBy(rows);
}

/** The empty rows at a file's end are none. */
function withoutTail(rows: SheetRow[] = []) {
  while (rows.at(-1)?.cells.every((cell) => !/\S/u.test(cell))) rows.pop();
  return rows;
}

/** A table reads the same by whichever delimiter it is written; commas stand in amounts. */
async function mustBeTheSameBy(rows: SheetRow[]) {
  const table = rows.map(({ cells }) => cells);
  const width = table[0]?.length ?? 0;
  const isPlain = table.every(
    (cells) =>
      cells.length === width &&
      cells.some((cell) => cell.trim()) &&
      !cells.some((cell) => /[\t;|"\n\r]/.test(cell)),
  );
  if (width < 2 || !isPlain) return;
  for (const delimiter of ["\t", ";", "|"]) {
    const text = table.map((cells) => cells.join(delimiter)).join("\n");
    const again = (await readText(text)).map(({ cells }) => cells);
    must(JSON.stringify(again) === JSON.stringify(table), "a delimiter is missed", text, again);
  }
}
