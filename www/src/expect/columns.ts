// Which column holds what: proposed by the names in the header row and by what the clerk chose before, else by what
// stands in it; changed by the clerk.

import { columnNames, isBlank, MOST_ROWS_ABOVE, plain, widthOf } from "../files/headings";
import type { SheetRow } from "../files/sheet-row";
import { amountOf } from "./amount";

export const ROLES = ["amount", "billingTranId", "subId", "printContent"] as const;
export type Role = (typeof ROLES)[number];

/** The column of each role, from 0. */
export type Columns = Partial<Record<Role, number>>;

/** What a clerk chose before for headings. */
export interface Remembered {
  /** For each role the headings chosen for it, the last one first. */
  chosen: Partial<Record<Role, string[]>>;
  /** Headings that were taken away from a role. */
  refused: Partial<Record<Role, string[]>>;
  /** The key that lists with the same headings were matched by. */
  matchBy: Record<string, Role>;
}

export const NOTHING: Remembered = { chosen: {}, refused: {}, matchBy: {} };

export interface Layout {
  /** The place of the header among the rows; -1 where there is none. */
  header: number;
  /** What the columns are called. */
  names: string[];
  columns: Columns;
  /** Those that no heading names: what stands in them looks like it. */
  guessed: Role[];
  /** Those that several headings name alike: which one is meant is for the clerk to say. */
  shared: Role[];
}

export function layoutOf(rows: SheetRow[], remembered: Remembered = NOTHING): Layout {
  const width = widthOf(rows);
  const found = headerOf(rows, remembered);
  const cells = found?.cells ?? [];
  const names = columnNames(cells, width);
  const columns = { ...found?.columns };
  const header = found?.at ?? -1;
  const shared = found?.shared ?? [];
  const byContent = columnsByContent(rows.slice(header + 1), width, columns, header < 0);
  for (const role of shared) delete byContent[role];
  return {
    header,
    names,
    columns: { ...byContent, ...columns },
    guessed: ROLES.filter((role) => columns[role] === undefined && byContent[role] !== undefined),
    shared,
  };
}

/**
 * The first sheet with a heading over amounts, else the first with amounts, else the first; a hidden one only where none
 * that is shown has amounts.
 */
export function likeliestSheet(
  sheets: { rows: SheetRow[]; isHidden?: true }[],
  remembered: Remembered = NOTHING,
): number {
  const ranks = sheets.map(({ rows, isHidden }) => {
    const { header, columns, shared } = layoutOf(rows, remembered);
    const hasAmounts = columns.amount !== undefined || shared.includes("amount");
    if (!hasAmounts) return 4;
    return (header >= 0 ? 0 : 1) + (isHidden ? 2 : 0);
  });
  return Math.max(ranks.indexOf(Math.min(...ranks)), 0);
}

interface Header {
  /** The last row of the heading. */
  at: number;
  /** What stands over each column. */
  cells: string[];
  columns: Columns;
  /** What several columns have the best name of. */
  shared: Role[];
  /** The columns of both. */
  named: number[];
}

/** The first row that names an amount, or the first that names two things. Titles stand above it. */
function headerOf(rows: SheetRow[], remembered: Remembered): Header | undefined {
  for (const [at, { cells }] of rows.slice(0, MOST_ROWS_ABOVE).entries()) {
    const named = namedIn(cells, remembered);
    const roles = [...Object.keys(named.columns), ...named.shared];
    if (roles.includes("amount") || roles.length > 1)
      return withSecondRow(rows, { at, cells, ...named }, remembered);
  }
  return undefined;
}

/** A heading of two rows, of which some cells are merged downwards and others across. */
function withSecondRow(rows: SheetRow[], header: Header, remembered: Remembered): Header {
  const second = rows[header.at + 1]?.cells ?? [];
  // Below what is named stand payments, unless the name goes on.
  const isBlankBelow = header.named.every((at) => !second[at]?.trim());
  if (!isBlankBelow || !second.some((cell) => /\p{L}/u.test(cell))) return header;
  const width = Math.max(header.cells.length, second.length);
  const cells = Array.from(
    { length: width },
    (_, at) => second[at]?.trim() || header.cells[at] || "",
  );
  const { columns, shared, named } = namedIn(cells, remembered);
  return {
    named,
    at: header.at + 1,
    cells,
    columns: { ...columns, ...header.columns },
    shared: shared.filter((role) => header.columns[role] === undefined),
  };
}

/** The best name of each role wins, unless several columns have it; best is what the clerk chose before. */
function namedIn(cells: string[], { chosen, refused }: Remembered): Omit<Header, "at" | "cells"> {
  const columns: Columns = {};
  const shared: Role[] = [];
  const named: number[] = [];
  // Of two columns with the same name the clerk has chosen one, with its letter.
  const distinct = columnNames(cells, cells.length);
  for (const role of ROLES) {
    const names = [
      ...(chosen[role] ?? []),
      ...NAMES[role].filter((name) => !refused[role]?.includes(name)),
    ];
    const ranks = cells.map((cell, at) => {
      if (plain(cell) === "") return -1;
      const rank = names.indexOf(plain(distinct[at]!));
      return rank >= 0 ? rank : names.indexOf(plain(cell));
    });
    const best = Math.min(...ranks.filter((rank) => rank >= 0));
    if (!Number.isFinite(best)) continue;
    const [first, ...others] = ranks.flatMap((rank, at) => (rank === best ? [at] : []));
    if (others.length === 0) columns[role] = first;
    else shared.push(role);
    named.push(first!, ...others);
  }
  return { columns, shared, named };
}

/**
 * What no heading names, where one column alone looks like it: mostly amounts; keys of letters and digits, nearly all of
 * them different. Texts in Hangul are taken for print contents only where nothing has a heading: they may be names.
 */
function columnsByContent(
  rows: SheetRow[],
  width: number,
  named: Columns,
  isBare: boolean,
): Columns {
  const filled = rows.filter((row) => !isBlank(row)).slice(0, 200);
  const taken = Object.values(named);
  const only = (isIt: (cells: string[]) => boolean) => {
    const found = Array.from({ length: width }, (_, at) => at).filter(
      (at) => !taken.includes(at) && isIt(filled.map(({ cells }) => cells[at]?.trim() ?? "")),
    );
    return found.length === 1 ? found[0] : undefined;
  };
  const most = (cells: string[], isIt: (cell: string) => boolean) =>
    cells.filter(isIt).length * 2 > cells.length;
  const amount = only((cells) => most(cells, isAmountLike));
  const billingTranId = only(
    (cells) => most(cells, isKeyLike) && new Set(cells).size * 10 >= cells.length * 9,
  );
  const printContent = isBare
    ? only((cells) => most(cells, (cell) => /\p{scx=Hang}/u.test(cell)))
    : undefined;
  return {
    ...(amount !== undefined && { amount }),
    ...(billingTranId !== undefined && { billingTranId }),
    ...(printContent !== undefined && { printContent }),
  };
}

function isAmountLike(cell: string): boolean {
  const amount = amountOf(cell);
  return typeof amount === "number" || (typeof amount === "object" && amount.asks !== "words");
}

/** A key that is no word: as Payple's are, or an id of the company's own. */
function isKeyLike(cell: string): boolean {
  return /^[A-Za-z0-9_=+/-]{12,}$/.test(cell) && /[A-Za-z]/.test(cell) && /\d/.test(cell);
}

/** What a column of each role is called, as `plain` has it; the surest first. */
const NAMES: Record<Role, string[]> = {
  amount: names(`
    지급이체금액 지급금액 지급액 실지급액 실지급금액 지급예정금액 지급예정액
    이체금액 이체액 송금금액 송금액 입금금액 입금액 정산금액 정산액 예정금액 출금금액 금액
    tranamt payoutamount payamount transferamount amount amountkrw
  `),
  billingTranId: names(`
    수취계좌빌링키 계좌빌링키 수취인빌링키 수취빌링키 빌링키
    billingtranid billingkey recipientskey recipientkey
  `),
  subId: names(`
    파트너사하위고객id 하위고객id 하위고객아이디 하위고객번호 하위고객
    subid subcustomer subcustomerid 판매자id 셀러id sellerid
  `),
  printContent: names(`
    입금계좌인자내역 인자내역 입금통장표시 입금통장표시내용
    받는분통장표시 받는통장표시 받는통장표시내용 통장표시내용 통장표시
    적요 printcontent memo description
  `),
};

function names(text: string): string[] {
  return text.trim().split(/\s+/);
}
