// Billing keys in a text, or in the column of a table that an office has: no name and nothing else
// beside a key is found.

import { keyColumnOf, keysInColumn, keysInText } from "../../../www/src/billing/keys";
import type { SheetRow } from "../../../www/src/files/sheet-row";
import { must } from "../oracle/finding";
import { Input } from "../oracle/input";
import { BESIDE, HEADINGS, KEYS, NAMES } from "../oracle/people";

export function fuzz(data: Uint8Array) {
  const input = new Input(data);
  if (input.below(3) === 0) anyText(new TextDecoder().decode(data.subarray(1)));
  else table(input);
}

/**
 * Whatever the text is: what is found stands there as a word, and is of the letters that a key has.
 */
function anyText(text: string) {
  const found = keysInText(text);
  const rows = text.split("\n").map((each, at) => ({ line: at + 1, cells: each.split(",") }));
  const { header, column, names } = keyColumnOf(rows);
  must(header >= -1 && header < rows.length, "a heading outside the sheet", header);
  must(column === undefined || (column >= 0 && column < names.length), "no such column", column);
  const inColumn = column === undefined ? [] : keysInColumn(rows, header, column).keys;
  const lines = text.split(/\r\n|[\r\n]/);
  for (const [{ key, line }, stands] of [
    ...(found?.keys ?? []).map((each) => [each, lines] as const),
    ...inColumn.map((each) => [each, text.split("\n")] as const),
  ]) {
    must(/^[\x21-\x3f\x41-\x7e]{1,255}$/.test(key), "what is no key is found", key);
    must(stands[line - 1]?.includes(key), "a key is not on its line", key, line, stands[line - 1]);
  }
  const all = found?.keys.map(({ key }) => key) ?? [];
  must(new Set(all).size === all.length, "a key is there twice", all);
}

/** A list as an office has it, as a sheet and as a text. */
function table(input: Input) {
  const width = 1 + input.below(4);
  const keyAt = input.below(width);
  const hasHeading = input.below(2) === 0;
  const isTitled = input.below(4) === 0;
  const kinds = Array.from({ length: width }, () => (input.below(2) === 0 ? NAMES : BESIDE));
  const cells: string[][] = [];
  if (isTitled)
    cells.push([input.oneOf(["자동결제 명단", "2024년 10월", "Key List 2024"]), "", ""]);
  if (hasHeading)
    cells.push(kinds.map((_, at) => input.oneOf(at === keyAt ? HEADINGS.key : HEADINGS.other)));
  for (let count = 1 + input.below(8); count > 0 && !input.isOver; count -= 1)
    cells.push(
      kinds.map((kind, at) =>
        at !== keyAt ? input.oneOf(kind) : input.below(8) === 0 ? "" : input.oneOf(KEYS),
      ),
    );
  const rows: SheetRow[] = cells.map((each, at) => ({ line: at + 1, cells: each }));
  const { header, column } = keyColumnOf(rows);
  if (column !== undefined) mustBeKeys(keysInColumn(rows, header, column).keys, cells);
  // A table with one column is a list, in which a word by itself is what somebody has typed as a
  // key.
  if (width < 2) return;
  const separator = input.oneOf([",", "\t", " ", ";", ", "]);
  const text = cells.map((each) => each.join(separator)).join("\n");
  const lines = text.split("\n").filter(
    (line) =>
      line
        .trim()
        .split(/[\s,;]+/)
        .filter(Boolean).length > 1,
  );
  if (lines.length > 0) mustBeKeys(keysInText(text)?.keys ?? [], cells);
}

function mustBeKeys(found: { key: string }[], cells: string[][]) {
  for (const { key } of found)
    must(KEYS.includes(key), "what is no key would be sent to Payple", key, cells);
}
