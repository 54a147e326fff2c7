// Which column holds what: proposed by the names in the header row, changed by the clerk.

import type { SheetRow } from "../files/sheet-row";
import { amountOf } from "./amount";

export const ROLES = ["amount", "billingTranId", "subId", "printContent"] as const;
export type Role = (typeof ROLES)[number];

/** The column of each role, from 0. */
export type Columns = Partial<Record<Role, number>>;

export interface Layout {
  /** The place of the header among the rows; -1 where there is none. */
  header: number;
  /** What the columns are called. */
  names: string[];
  columns: Columns;
}

export function layoutOf(rows: SheetRow[]): Layout {
  const width = rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  const found = headerOf(rows);
  const cells = found?.cells ?? [];
  const names = Array.from({ length: width }, (_, at) => cells[at]?.trim() || letter(at));
  const columns = found?.columns ?? {};
  if (columns.amount === undefined) {
    const amount = columnOfAmounts(rows, width);
    if (amount !== undefined) columns.amount = amount;
  }
  return { header: found?.at ?? -1, names, columns };
}

/** The first sheet with a heading over amounts, else the first with amounts, else the first. */
export function likeliestSheet(sheets: { rows: SheetRow[] }[]): number {
  const layouts = sheets.map(({ rows }) => layoutOf(rows));
  const isNamed = layouts.findIndex(
    ({ header, columns }) => header >= 0 && columns.amount !== undefined,
  );
  const hasAmounts = layouts.findIndex(({ columns }) => columns.amount !== undefined);
  return Math.max(isNamed >= 0 ? isNamed : hasAmounts, 0);
}

interface Header {
  /** The last row of the heading. */
  at: number;
  /** What stands over each column. */
  cells: string[];
  columns: Columns;
}

/** The first row that names an amount, or the first that names two things. Titles stand above it. */
function headerOf(rows: SheetRow[]): Header | undefined {
  for (const [at, { cells }] of rows.slice(0, MOST_ROWS_ABOVE).entries()) {
    const columns = namedIn(cells);
    const isNamed = columns.amount !== undefined || Object.keys(columns).length > 1;
    if (isNamed) return withSecondRow(rows, { at, cells, columns });
  }
  return undefined;
}

/** A heading of two rows, of which some cells are merged downwards and others across. */
function withSecondRow(rows: SheetRow[], header: Header): Header {
  const second = rows[header.at + 1]?.cells ?? [];
  // Below what is named stand payments, unless the name goes on.
  const isBlankBelow = Object.values(header.columns).every((at) => !second[at]?.trim());
  if (!isBlankBelow || !second.some((cell) => /\p{L}/u.test(cell))) return header;
  const width = Math.max(header.cells.length, second.length);
  const cells = Array.from(
    { length: width },
    (_, at) => second[at]?.trim() || header.cells[at] || "",
  );
  return { at: header.at + 1, cells, columns: { ...namedIn(cells), ...header.columns } };
}

/** The best name of each role wins, and of equal ones the first. */
function namedIn(cells: string[]): Columns {
  const columns: Columns = {};
  for (const role of ROLES) {
    const ranks = cells.map((cell) => NAMES[role].indexOf(plain(cell)));
    const best = Math.min(...ranks.filter((rank) => rank >= 0));
    if (Number.isFinite(best)) columns[role] = ranks.indexOf(best);
  }
  return columns;
}

/** Where no header names it: the only column that holds mostly amounts. */
function columnOfAmounts(rows: SheetRow[], width: number): number | undefined {
  const filled = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== "")).slice(0, 200);
  const isAmounts = (at: number) =>
    filled.filter(({ cells }) => typeof amountOf(cells[at] ?? "") === "number").length * 2 >
    filled.length;
  const [first, ...others] = Array.from({ length: width }, (_, at) => at).filter(isAmounts);
  return others.length === 0 ? first : undefined;
}

/** As a spreadsheet calls its columns: A, B, …, Z, AA. */
function letter(at: number): string {
  return at < 26 ? String.fromCharCode(65 + at) : letter(Math.floor(at / 26) - 1) + letter(at % 26);
}

/** What of a name matters: no case, width, space, punctuation or unit. */
function plain(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\((원|krw|₩|won)\)|[\s\p{P}\p{S}]/gu, "");
}

const MOST_ROWS_ABOVE = 20;

/** The surest first. */
const NAMES: Record<Role, string[]> = {
  amount: [
    ...[
      "지급이체금액",
      "지급금액",
      "지급액",
      "실지급액",
      "실지급금액",
      "지급예정금액",
      "지급예정액",
      "이체금액",
      "이체액",
      "송금금액",
      "송금액",
    ],
    ...[
      "입금금액",
      "입금액",
      "정산금액",
      "정산액",
      "예정금액",
      "출금금액",
      "금액",
      "tranamt",
      "payoutamount",
      "payamount",
      "transferamount",
      "amount",
      "amountkrw",
    ],
  ],
  billingTranId: [
    ...[
      "수취계좌빌링키",
      "계좌빌링키",
      "수취인빌링키",
      "수취빌링키",
      "빌링키",
      "billingtranid",
      "billingkey",
      "recipientskey",
      "recipientkey",
    ],
  ],
  subId: [
    ...[
      "파트너사하위고객id",
      "하위고객id",
      "하위고객아이디",
      "하위고객번호",
      "하위고객",
      "subid",
      "subcustomer",
      "subcustomerid",
    ],
    ...["판매자id", "셀러id", "sellerid"],
  ],
  printContent: [
    ...[
      "입금계좌인자내역",
      "인자내역",
      "입금통장표시",
      "입금통장표시내용",
      "받는분통장표시",
      "받는통장표시",
      "받는통장표시내용",
      "통장표시내용",
      "통장표시",
    ],
    ...["적요", "printcontent", "memo", "description"],
  ],
};
