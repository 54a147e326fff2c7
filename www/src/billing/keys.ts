// The billing keys in a text or a sheet. What is no key, such as a name or a bank, never gets among them: keys are sent
// to Payple.

import { cleaned } from "../files/clean";
import { unguarded } from "../files/csv";
import { columnNames, inALine, isBlank, MOST_ROWS_ABOVE, plain, widthOf } from "../files/headings";
import type { SheetRow } from "../files/sheet-row";

export interface FoundKey {
  key: string;
  /** Where it stands, from 1. */
  line: number;
}

export interface LeftOutLine {
  line: number;
  reason: "noKey" | "notAKey" | "spoilt" | "tooLong" | "doubtful";
  text: string;
}

export interface Keys {
  keys: FoundKey[];
  /** Those that may as well be a name or a number: nobody should send them without a look. */
  doubtful: FoundKey[];
  leftOut: LeftOutLine[];
  /** How many were there before. */
  repeated: number;
}

export interface KeyColumn {
  /** The place of the heading among the rows; -1 where there is none. */
  header: number;
  names: string[];
  /** Where the keys stand; nothing where that is for the clerk to say. */
  column: number | undefined;
}

/** The keys in a typed or pasted text; nothing where it is a table, of which a column has to be chosen. */
export function keysInText(text: string): Keys | undefined {
  const lines = text.split(/\r\n|[\r\n]/).map((line, at, { length }) => {
    // A column that was pasted with its heading.
    if (at === 0 && length > 1 && KEY_HEADINGS.includes(plain(line))) return [];
    return line
      .split(/[\s,;]+/)
      .map((word) => cleaned(word).replace(/^["']|["']$/g, ""))
      .filter(Boolean);
  });
  // Two words in a line may be a key and a name. Only where each is beyond doubt a key they are two keys.
  if (lines.some((words) => words.length > 1 && !words.every(isSurelyAKey))) return undefined;
  return collect(
    lines.flatMap((words, at) => words.map((word) => ({ line: at + 1, cell: word, text: word }))),
  );
}

/** Without what may be none; that is told beside what is no key. */
export function withoutDoubtful({ keys, doubtful, leftOut, repeated }: Keys): Keys {
  const reason = "doubtful" as const;
  return {
    keys: keys.filter((key) => !doubtful.includes(key)),
    doubtful,
    leftOut: [...leftOut, ...doubtful.map(({ key, line }) => ({ line, reason, text: key }))].sort(
      (a, b) => a.line - b.line,
    ),
    repeated,
  };
}

/** The keys in a column of a sheet. */
export function keysInColumn(rows: SheetRow[], header: number, column: number): Keys {
  return collect(
    rows
      .slice(header + 1)
      .filter((row) => !isBlank(row))
      .map((row) => ({
        line: row.line,
        cell: unguarded(cleaned(row.cells[column] ?? "")).replace(/^'/, ""),
        text: inALine(row),
      })),
  );
}

function collect(cells: { line: number; cell: string; text: string }[]): Keys {
  const keys = new Map<string, FoundKey>();
  const leftOut: LeftOutLine[] = [];
  let repeated = 0;
  for (const { line, cell, text } of cells) {
    const reason = faultOf(cell);
    if (reason) leftOut.push({ line, reason, text });
    else if (keys.has(cell)) repeated += 1;
    else keys.set(cell, { key: cell, line });
  }
  const found = [...keys.values()];
  return { keys: found, doubtful: found.filter(({ key }) => isDoubtful(key)), leftOut, repeated };
}

/** Why a cell is no key. */
function faultOf(cell: string): LeftOutLine["reason"] | undefined {
  if (cell === "") return "noKey";
  if (/^\d([.,]\d+)?E[+-]?\d+$/i.test(cell) || /^(=|#(REF|N\/A|NAME|VALUE|DIV))/i.test(cell))
    return "spoilt";
  if (!/^[\x21-\x7e]+$/.test(cell) || cell.includes("@") || NUMBER.test(cell)) return "notAKey";
  return cell.length > MAX_KEY_CHARS ? "tooLong" : undefined;
}

/** Found by its heading, else by what stands in it. */
export function keyColumnOf(rows: SheetRow[]): KeyColumn {
  const width = widthOf(rows);
  const named = columnNamed(rows, KEY_HEADINGS);
  if (named) {
    const names = columnNames(rows[named.header]?.cells ?? [], width);
    return { ...named, names };
  }
  const header = headingWithoutName(rows);
  const heading = rows[header]?.cells ?? [];
  const column = byContent(rows, header, width) ?? (width === 1 ? 0 : undefined);
  return { header, names: columnNames(heading, width), column };
}

/** The column with the first of these headings, as `plain` has them, that there is; none where several have it. */
export function columnNamed(
  rows: SheetRow[],
  headings: readonly string[],
): { header: number; column: number | undefined } | undefined {
  for (const [header, { cells }] of rows.slice(0, MOST_ROWS_ABOVE).entries()) {
    const ranks = cells.map((cell) => headings.indexOf(plain(cell)));
    const best = Math.min(...ranks.filter((rank) => rank >= 0));
    if (!Number.isFinite(best)) continue;
    const [column, ...others] = ranks.flatMap((rank, at) => (rank === best ? [at] : []));
    return { header, column: others.length === 0 ? column : undefined };
  }
  return undefined;
}

/** A first row of words over other rows. */
function headingWithoutName(rows: SheetRow[]): number {
  const first = rows.findIndex((row) => !isBlank(row));
  const cells = rows[first]?.cells ?? [];
  const isWords = cells.every((cell) => {
    const text = cleaned(cell);
    return text === "" || (/\p{L}/u.test(text) && !isKeyLike(text));
  });
  return rows.length > first + 1 && isWords ? first : -1;
}

/** The one column in which nearly all cells are keys, and nearly all of them different. */
function byContent(rows: SheetRow[], header: number, width: number): number | undefined {
  const sample = rows
    .slice(header + 1)
    .filter((row) => !isBlank(row))
    .slice(0, 200);
  const isOfKeys = (at: number) => {
    const cells = sample.map(({ cells }) => cleaned(cells[at] ?? "")).filter(Boolean);
    const alike = cells.filter(isKeyLike);
    return (
      // Names in Latin letters look like keys, but for the digits.
      alike.filter(isSurelyAKey).length * 2 > cells.length &&
      alike.length * 10 >= cells.length * 9 &&
      alike.length * 2 > sample.length &&
      new Set(alike).size * 10 >= alike.length * 9
    );
  };
  const found = Array.from({ length: width }, (_, at) => at).filter(isOfKeys);
  return found.length === 1 ? found[0] : undefined;
}

/** Letters, and no words: no name, amount, date, telephone or account number. */
function isKeyLike(text: string): boolean {
  return /^[A-Za-z0-9+/=_-]{8,255}$/.test(text) && /[A-Za-z]/.test(text);
}

/** Letters and digits mixed, as hardly a name has them. */
function isSurelyAKey(text: string): boolean {
  return isKeyLike(text) && /\d/.test(text);
}

/** Too short for one, without a letter, or a word of letters alone. */
function isDoubtful(key: string): boolean {
  return !isKeyLike(key) || /^[A-Za-z]{1,15}$/.test(key);
}

const MAX_KEY_CHARS = 255;
/** Digits that are parted as those of a telephone, an account, a date or an amount; 01012345678; 8001011234567. */
const NUMBER =
  /^(?:[(+]?\d+(?:[-.,/()]+\d+)+|\+\d+|01[016-9]\d{7,8}|\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[1-8]\d{6})$/;

/** What a column of billing keys is called, as `plain` has it; the surest first. */
export const KEY_HEADINGS = [
  "빌링키",
  "pcdpayerid",
  "payerid",
  "billingkey",
  "billingkeys",
  "결제키",
  "자동결제키",
  "정기결제키",
  "카드빌링키",
  "계좌빌링키",
  "key",
  "키",
];
