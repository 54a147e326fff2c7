// The table as a CSV file that Excel opens rightly: UTF-8 with a byte order mark, and no text that it would run.

import { requestTime } from "../format";
import { session } from "../session";
import { t } from "../text";
import type { Row } from "./rows";

export function csvOf(rows: Row[]): string {
  const { columns } = t.value.table;
  const { kinds } = t.value.findings;
  const head = [
    columns.order,
    columns.requestedAt,
    columns.recipient,
    columns.printContent,
    columns.subId,
    columns.amount,
    columns.remainingLimit,
    columns.partner,
    columns.groupKey,
    columns.marks,
  ];
  const lines = rows.map(({ index, request, findings }) => [
    index + 1,
    requestTime(request),
    request.billingTranId,
    request.printContent ?? "",
    request.subId ?? "",
    request.amount,
    request.remainingLimit,
    request.cstId,
    request.groupKey,
    findings.map(({ kind }) => kinds[kind] ?? kind).join(", "),
  ]);
  return csv([head, ...lines]);
}

export function csv(lines: (string | number)[][]): string {
  return `\ufeff${lines.map((cells) => cells.map(cell).join(",")).join("\r\n")}\r\n`;
}

/**
 * Numbers of our own are harmless; a text that a spreadsheet would take for a formula gets an apostrophe in front. White
 * space and characters that nobody sees are passed over, as some spreadsheets do.
 */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const FORMULA = /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠])/u;

/** `what` names the file, with the environment and the minute. */
export function download(what: string, text: string) {
  const stamp = new Date(Date.now() + 9 * 3_600_000)
    .toISOString()
    .slice(0, 16)
    .replace(/[-:]/g, "")
    .replace("T", "-");
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${what}_${session.peek()?.environment ?? ""}_${stamp}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
