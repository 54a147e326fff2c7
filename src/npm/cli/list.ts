// The list of what is meant to be paid, from a file, read as the page reads it. A line that cannot
// be read is an error.

import { readFile as readBytes } from "node:fs/promises";
import type { ExpectedPayoutRequest, MatchBy } from "payple-edge";
import {
  type Columns,
  type Layout,
  layoutOf,
  likeliestSheet,
  type Role,
} from "../../../www/src/expect/columns";
import { HARMLESS, type Payment, paymentsOf, type Skipped } from "../../../www/src/expect/payments";
import { type Book, readFile, SheetError } from "../../../www/src/files/sheet";
import { hiddenOf } from "../../../www/src/files/sheet-row";
import { UsageError } from "./command.js";
import { type Language, wordsIn } from "./language.js";
import { shown } from "./terminal.js";

export interface List {
  payments: Payment[];
  requests: ExpectedPayoutRequest[];
  total: number;
  /** Which sheet of a workbook it is. */
  sheet?: string;
  /** The payments in rows that a spreadsheet program does not show. */
  hidden: Payment[];
  /** What several columns are named as alike, so that none of them was read. */
  shared: Role[];
}

/** Why a list cannot be compared as it is. */
export class ListError extends Error {}

/** A file, or `-` for what comes in on stdin. */
export async function readBook(path: string, language: Language): Promise<Book> {
  const words = wordsIn(language).expect.faults;
  const unopened: Record<string, string> = UNOPENED[language];
  let bytes: Uint8Array;
  try {
    bytes = path === "-" ? await readStdin() : await readBytes(path);
  } catch (error) {
    const { code = words.unreadable } = error as NodeJS.ErrnoException;
    const why = unopened[code];
    throw new ListError(`${path}: ${why === undefined ? code : `${why} (${code})`}`);
  }
  try {
    return await readFile(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  } catch (error) {
    if (!(error instanceof SheetError)) throw error;
    const { fault } = error;
    const why = fault.is === "quotes" ? words.quotes(fault.line) : words[fault.is];
    throw new ListError(`${path}: ${why}`);
  }
}

/** The sheet of a name, or without one the likeliest. */
export function sheetOf({ sheets }: Book, name: string | undefined, language: Language) {
  if (name === undefined) return sheets[likeliestSheet(sheets)];
  const sheet = sheets.find((sheet) => sheet.name === name);
  const names = sheets.map((sheet) => sheet.name).filter((name) => name !== undefined);
  if (sheet) return sheet;
  throw new UsageError(
    names.length > 0 ? NO_SHEET[language](name, names.join(", ")) : NO_WORKBOOK[language],
  );
}

export async function readList(
  path: string,
  { sheet: sheetName, language }: { sheet: string | undefined; language: Language },
): Promise<List> {
  const { expect: words } = wordsIn(language);
  const sheet = sheetOf(await readBook(path, language), sheetName, language);
  const rows = sheet?.rows ?? [];
  const layout = layoutOf(rows);
  if (layout.shared.includes("amount"))
    throw new ListError(`${path}: ${SHARED[language](words.roles.amount)}`);
  if (layout.columns.amount === undefined) throw new ListError(`${path}: ${NO_AMOUNT[language]}`);
  const { payments, skipped, total } = paymentsOf(rows, layout, columnsOf(layout));
  const unread = skipped.filter(({ reason }) => !HARMLESS.includes(reason));
  if (unread.length > 0) {
    const why = ({ reason, text }: Skipped) => `${words.reasons[reason]} (${shown(text)})`;
    const told = linesTold(unread, why, language);
    throw new ListError(`${path}: ${UNREAD[language](unread.length)}\n${told}`);
  }
  if (payments.length === 0) throw new ListError(`${path}: ${words.noPayments}`);
  return {
    payments,
    requests: payments.map(({ request }) => request),
    total,
    shared: layout.shared,
    hidden: hiddenOf(rows, payments),
    ...(sheet?.name !== undefined && {
      sheet: sheet.isHidden ? words.hiddenSheet(sheet.name) : sheet.name,
    }),
  };
}

/** Which rows are hidden, the first of them by their numbers. */
export function hiddenTold(hidden: { line: number }[], language: Language): string {
  const words = wordsIn(language);
  const first = hidden.slice(0, MOST_SHOWN).map(({ line }) => words.rows.line(line));
  return words.expect.hiddenRows.which(first.join(", "), hidden.length - first.length);
}

/** The first of the lines that cannot be read, each with why, and how many more there are. */
export function linesTold<Line extends { line: number }>(
  unread: Line[],
  why: (line: Line) => string,
  language: Language,
): string {
  const words = wordsIn(language).rows;
  const told = unread
    .slice(0, MOST_SHOWN)
    .map((each) => `  ${words.line(each.line)}: ${why(each)}`);
  const more = unread.length - told.length;
  return [...told, ...(more > 0 ? [`  ${words.more(more)}`] : [])].join("\n");
}

/**
 * The one key that the whole list is matched by, as the core has it; every line must have it, and
 * no weaker one is taken in its place.
 */
export function keyOf(
  { payments, shared }: List,
  asked: MatchBy | undefined,
  language: Language,
): MatchBy {
  const words = wordsIn(language).expect;
  const isGiven = (key: MatchBy) =>
    shared.includes(key) || payments.some(({ request }) => request[key] !== undefined);
  const key = asked ?? MATCH_BY.find(isGiven) ?? "amount";
  if (shared.includes(key)) throw new ListError(SHARED[language](words.roles[key]));
  const lacking = payments.filter(({ request }) => request[key] === undefined);
  if (lacking.length > 0)
    throw new ListError(
      words.lacksKey(
        words.roles[key],
        lacking.map(({ line }) => line),
      ),
    );
  return key;
}

/**
 * Where nobody looks at the proposal, a key or a text is taken from a column only by its heading.
 */
function columnsOf({ columns, guessed }: Layout): Columns {
  const isSure = (role: string) => role === "amount" || !guessed.some((other) => other === role);
  return Object.fromEntries(Object.entries(columns).filter(([role]) => isSure(role)));
}

async function readStdin(): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

export const MATCH_BY: MatchBy[] = ["billingTranId", "subId", "printContent", "amount"];

const MOST_SHOWN = 10;
/** Why a file cannot be opened, by the system's code. */
const UNOPENED = {
  en: {
    ENOENT: "there is no such file",
    EACCES: "this file may not be read",
    EISDIR: "this is a folder, not a file",
  },
  ko: {
    ENOENT: "파일이 없습니다",
    EACCES: "파일을 읽을 권한이 없습니다",
    EISDIR: "파일이 아니라 폴더입니다",
  },
};
const NO_SHEET = {
  en: (name: string, names: string) => `there is no sheet ${name}; there are: ${names}`,
  ko: (name: string, names: string) => `‘${name}’ 시트가 없습니다. 파일에 있는 시트: ${names}`,
};
const NO_WORKBOOK = {
  en: "--sheet is for workbooks (xlsx)",
  ko: "--sheet는 엑셀 파일(xlsx)에만 쓸 수 있습니다",
};
const UNREAD = {
  en: (n: number) =>
    `${n} ${n === 1 ? "row" : "rows"} cannot be read, so that nothing was compared`,
  ko: (n: number) => `읽을 수 없는 행이 ${n}개 있어 대조하지 않았습니다`,
};
const SHARED = {
  en: (role: string) =>
    `several columns have the same name for: ${role}. Name one of them otherwise`,
  ko: (role: string) =>
    `‘${role}’에 해당하는 열이 여러 개입니다. 사용할 열만 그 이름을 쓰도록 머리글을 고쳐 주세요.`,
};
const NO_AMOUNT = {
  en: "no column is named as the amount (금액, amount, …)",
  ko: "금액 열을 찾지 못했습니다. 머리글에 ‘금액’, ‘amount’ 등을 적어 주세요.",
};
