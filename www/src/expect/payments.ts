// The rows of a sheet as payments; a row that is none is kept with the reason.

import type { ExpectedPayoutRequest } from "payple-edge/browser";
import { cleaned } from "../files/clean";
import { unguarded } from "../files/csv";
import type { SheetRow } from "../files/sheet-row";
import { type AmountFault, amountOf } from "./amount";
import { type Columns, type Layout, ROLES, type Role } from "./columns";

export interface Payment {
  line: number;
  request: ExpectedPayoutRequest & { amount: number };
}

export interface Skipped {
  line: number;
  reason: SkipReason;
  /** The row as it is. */
  text: string;
}

export type SkipReason =
  | AmountFault
  | "emptyLine"
  | "aboveHeader"
  | "header"
  | "sumRow"
  | "spoiltKey"
  | "beyondSum";

export interface Payments {
  payments: Payment[];
  /** What they add up to. */
  total: number;
  skipped: Skipped[];
}

export function paymentsOf(rows: SheetRow[], { header }: Layout, columns: Columns): Payments {
  const payments: Payment[] = [];
  const skipped: Skipped[] = [];
  let total = 0;
  for (const [at, { line, cells }] of rows.entries()) {
    const payment =
      at < header ? "aboveHeader" : at === header ? "header" : paymentOf(line, cells, columns);
    const isEmpty = cells.every((cell) => cell.trim() === "");
    if (typeof payment === "string") {
      // The line break at a file's end makes a row of its own, in no program.
      if (isEmpty && at === rows.length - 1) continue;
      if (payment !== "header")
        skipped.push({
          line,
          reason: isEmpty ? "emptyLine" : payment,
          text: cells.filter((cell) => cell.trim() !== "").join(" · "),
        });
    } else if (!Number.isSafeInteger(total + payment.request.amount)) {
      skipped.push({
        line,
        reason: "beyondSum",
        text: cells.filter((cell) => cell.trim() !== "").join(" · "),
      });
    } else {
      total += payment.request.amount;
      payments.push(payment);
    }
  }
  return { payments, total, skipped };
}

function paymentOf(line: number, cells: string[], columns: Columns): Payment | SkipReason {
  if (cells.some((cell) => SUM_WORDS.test(cell.normalize("NFKC").replace(/[\s:]/g, ""))))
    return "sumRow";
  const cellOf = (role: Role) =>
    columns[role] === undefined ? "" : cleaned(cells[columns[role]] ?? "");
  const amount = amountOf(cellOf("amount"));
  if (typeof amount === "string") return amount;
  const request: Payment["request"] = { amount };
  for (const role of ROLES) {
    if (role === "amount") continue;
    const text = unguarded(cellOf(role));
    if (text === "") continue;
    // What a spreadsheet makes of a long key of digits; the rest of it is lost.
    if (role !== "printContent" && /^\d([.,]\d+)?E[+-]?\d+$/i.test(text)) return "spoiltKey";
    if (role !== "printContent" && /^(=|#(REF|N\/A|NAME|VALUE))/i.test(text)) return "spoiltKey";
    request[role] = text;
  }
  return { line, request };
}

const SUM_WORDS = /^(합계|총계|소계|총합계|누계|계|total|grandtotal|subtotal|sum)$/i;
