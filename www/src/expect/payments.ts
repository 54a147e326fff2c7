// The rows of a sheet as payments; a row that is none is kept with the reason.

import { cleaned } from "../files/clean";
import { unguarded } from "../files/csv";
import { inALine, isBlank } from "../files/headings";
import type { SheetRow } from "../files/sheet-row";
import { unitIn } from "../files/unit";
import { type AmountFault, type AmountQuestion, amountOf, inUnit } from "./amount";
import { type Columns, type Layout, ROLES, type Role } from "./columns";

export interface Payment {
  line: number;
  request: { billingTranId?: string; subId?: string; printContent?: string; amount: number };
}

export interface Skipped {
  line: number;
  reason: SkipReason;
  /** The row as it is. */
  text: string;
  /** What it would have paid, as far as that can be read. */
  amount?: number;
  /** What a question most likely means. */
  suggestion?: number;
}

export type SkipReason =
  | AmountFault
  | AmountQuestion["asks"]
  | "emptyLine"
  | "aboveHeader"
  | "header"
  | "sumRow"
  | "sumWithoutLabel"
  | "sumDiffers"
  | "spoiltKey"
  | "beyondSum"
  | "byHand";

/** What the clerk decided, by the line. */
export interface Decisions {
  leftOut: ReadonlySet<number>;
  /** Answers to questions. */
  amounts: ReadonlyMap<number, number>;
}

export const NO_DECISIONS: Decisions = { leftOut: new Set(), amounts: new Map() };

/** Rows that nobody takes for a payment. */
export const HARMLESS: SkipReason[] = [
  "emptyLine",
  "aboveHeader",
  "header",
  "sumRow",
  "sumWithoutLabel",
];

export interface Payments {
  payments: Payment[];
  /** What they add up to. */
  total: number;
  skipped: Skipped[];
}

export function paymentsOf(
  rows: SheetRow[],
  { header, names }: Layout,
  columns: Columns,
  decisions: Decisions = NO_DECISIONS,
): Payments {
  const payments: Payment[] = [];
  const skipped: Skipped[] = [];
  const sums = new ListedSums();
  const titles = rows.slice(0, Math.max(header, 0)).flatMap(({ cells }) => cells);
  const unit = unitIn([names[columns.amount ?? -1] ?? "", ...titles]);
  let total = 0;
  for (const [at, row] of rows.entries()) {
    if (at === header) continue;
    const read = at < header ? "aboveHeader" : readRow(row, columns, unit, decisions, sums);
    const skip = (reason: SkipReason, more: Partial<Skipped> = {}) =>
      skipped.push({ line: row.line, reason, text: inALine(row), ...more });
    if (typeof read === "string") skip(isBlank(row) ? "emptyLine" : read);
    else if ("reason" in read) skip(read.reason, read);
    else {
      const { amount } = read.request;
      sums.add(amount);
      if (decisions.leftOut.has(row.line)) skip("byHand", { amount });
      else if (!Number.isSafeInteger(total + amount)) skip("beyondSum", { amount });
      else {
        total += amount;
        payments.push(read);
      }
    }
  }
  return { payments, total, skipped };
}

/** What the rows add up to so far, whether they are compared or not: a sum row speaks of the list as it was written. */
class ListedSums {
  #all = 0;
  #part = 0;
  #rows = 0;

  add(amount: number) {
    this.#all += amount;
    this.#part += amount;
    this.#rows += 1;
  }

  /** Of everything above, or of what stands since the last sum. */
  isSum(amount: number): boolean {
    return amount === this.#all || amount === this.#part;
  }

  get isOfSeveral(): boolean {
    return this.#rows > 1;
  }

  startPart() {
    this.#part = 0;
  }
}

type Unpaid = Pick<Skipped, "reason" | "amount" | "suggestion">;

function readRow(
  { line, cells }: SheetRow,
  columns: Columns,
  unit: number,
  decisions: Decisions,
  sums: ListedSums,
): Payment | Unpaid | SkipReason {
  const cellOf = (role: Role) =>
    columns[role] === undefined ? "" : cleaned(cells[columns[role]] ?? "");
  const amount = decisions.amounts.get(line) ?? inUnit(amountOf(cellOf("amount")), unit);
  const keys = ROLES.filter((role) => role !== "amount" && columns[role] !== undefined);
  const isLabelled = cells.some((cell) => isSumLabel(cell));
  const isBare = keys.length > 0 && keys.every((role) => cellOf(role) === "");
  if (isLabelled || (isBare && sums.isOfSeveral)) {
    // Whether a sum is one needs no answer in which unit it is.
    const isInUnit = typeof amount === "object" && amount.asks === "unit";
    const sum = isInUnit ? amount.suggestion : amount;
    if (typeof sum === "number" && sums.isSum(sum)) {
      sums.startPart();
      return { reason: isLabelled ? "sumRow" : "sumWithoutLabel", amount: sum };
    }
    if (isLabelled)
      return typeof sum === "number" ? { reason: "sumDiffers", amount: sum } : "sumRow";
  }
  if (typeof amount === "string") return amount;
  if (typeof amount === "object" && decisions.leftOut.has(line)) return "byHand";
  if (typeof amount === "object")
    return {
      reason: amount.asks,
      ...(amount.suggestion !== undefined && { suggestion: amount.suggestion }),
    };
  const request: Payment["request"] = { amount };
  for (const role of keys) {
    if (role === "amount") continue;
    const text = unguarded(cellOf(role));
    if (text === "") continue;
    const isSpoilt =
      // What a spreadsheet makes of a long key of digits; the rest of it is lost.
      /^\d([.,]\d+)?E[+-]?\d+$/i.test(text) || /^(=|#(REF|N\/A|NAME|VALUE))/i.test(text);
    if (role !== "printContent" && isSpoilt) return { reason: "spoiltKey", amount };
    request[role] = text;
  }
  return { line, request };
}

/** 합계 · 지급 합계 · 합계(128건) · 총 128건 · Total */
function isSumLabel(cell: string): boolean {
  const text = cell
    .normalize("NFKC")
    .replace(/\([^()]*\)|[\s:*[\]<>·]/g, "")
    .replace(/(총|계)?[\d,]{1,20}(건|명|개)$/, "$1")
    .replace(/(금액|액)$/, "");
  return SUM_LABEL.test(text);
}

const SUM_LABEL =
  /^((지급|이체|송금|입금|출금|정산|예정|전체|최종|당월|금월|금액|액|월|총)*(합계|총계|소계|누계|총합|합산)|계|총|(grand|sub)?total|sum)$/i;
