// What the columns of a sheet are called, and what of a name matters.

import type { SheetRow } from "./sheet-row";
import { UNIT_NAMES } from "./unit";

/** Without case, width, space, punctuation and unit. */
export function plain(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(MEANINGLESS, "");
}

const MEANINGLESS = new RegExp(
  String.raw`[([](단위\s*:?\s*)?(${UNIT_NAMES}|krw|₩|won)[)\]]|[\s\p{P}\p{S}]`,
  "gu",
);

/** As a spreadsheet calls its columns: A, B, …, Z, AA. */
export function letter(at: number): string {
  return at < 26 ? String.fromCharCode(65 + at) : letter(Math.floor(at / 26) - 1) + letter(at % 26);
}

export function widthOf(rows: SheetRow[]): number {
  return rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
}

/** What stands over each column, else its letter; where two have the same name, both. */
export function columnNames(heading: string[], width: number): string[] {
  const names = Array.from({ length: width }, (_, at) => heading[at]?.trim() ?? "");
  const isShared = (name: string) => names.indexOf(name) !== names.lastIndexOf(name);
  return names.map((name, at) => {
    if (name === "") return letter(at);
    return isShared(name) ? `${name} (${letter(at)})` : name;
  });
}

/** Without the empty rows at its end: the last line break of a file, rows that are only formatted. */
export function withoutTail<Row extends SheetRow>(rows: Row[]): Row[] {
  return rows.slice(0, rows.findLastIndex((row) => !isBlank(row)) + 1);
}

export function isBlank({ cells }: SheetRow): boolean {
  return cells.every((cell) => cell.trim() === "");
}

/** A row as one line of text, by which a person recognises it. */
export function inALine({ cells }: SheetRow): string {
  return cells.filter((cell) => cell.trim() !== "").join(" · ");
}

/** Titles stand above a heading, but not more than so many rows. */
export const MOST_ROWS_ABOVE = 20;
