// The rows of a group as the table shows them: marked, filtered and sorted.

import type { Finding, PayoutRequest, PayoutRequestGroup } from "payple-edge/browser";
import { requestTime } from "../format";

export interface Row {
  /** Its place in Payple's order, from 0. */
  index: number;
  request: PayoutRequest;
  findings: Finding[];
}

export type SortKey =
  | "order"
  | "marks"
  | "requestedAt"
  | "recipient"
  | "printContent"
  | "subId"
  | "amount"
  | "remainingLimit";

export interface TableView {
  sort: { by: SortKey; down: boolean };
  text: string;
  onlyMarked: boolean;
  /** Some rows that were asked for, and what they are called: in the language and under the mask of now. */
  only: { name: () => string; rows: ReadonlySet<number> } | undefined;
}

export const ALL_ROWS: TableView = {
  sort: { by: "order", down: false },
  text: "",
  onlyMarked: false,
  only: undefined,
};

export function rowsOf(group: PayoutRequestGroup): Row[] {
  const rows: Row[] = group.requests.map((request, index) => ({
    index,
    request,
    findings: NO_FINDINGS,
  }));
  for (const finding of group.review.findings) {
    for (const index of finding.rows ?? []) {
      const row = rows[index];
      if (row) row.findings = [...row.findings, finding];
    }
  }
  return rows;
}

export function arranged(rows: Row[], view: TableView): Row[] {
  const shown = rows.filter(isShown(view));
  const { by, down } = view.sort;
  if (by === "order") return down ? shown.reverse() : shown;
  const key = SORT_KEYS[by];
  const keyed = shown.map((row) => ({ row, key: key(row) }));
  const sign = down ? -1 : 1;
  // Equal rows stay in Payple's order, whichever way.
  keyed.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : a.row.index - b.row.index));
  return keyed.map(({ row }) => row);
}

export function sumOf(rows: Row[]): number {
  return rows.reduce((sum, { request }) => sum + request.amount, 0);
}

export function severityOf({ findings }: Row): "error" | "notice" | undefined {
  if (findings.length === 0) return undefined;
  return findings.some(({ severity }) => severity === "error") ? "error" : "notice";
}

function isShown({ text, onlyMarked, only }: TableView): (row: Row) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (row) => {
    if (onlyMarked && row.findings.length === 0) return false;
    if (only && !only.rows.has(row.index)) return false;
    return (
      words.length === 0 || words.every((word) => textOf(row).includes(word) || isAmount(row, word))
    );
  };
}

/** Everything in a row that can be searched for, made once. */
function textOf(row: Row): string {
  let text = texts.get(row.request);
  if (text === undefined) {
    const { request } = row;
    const parts = [
      row.index + 1,
      request.printContent,
      request.billingTranId,
      request.subId,
      request.cstId,
      requestTime(request),
    ];
    text = parts
      .filter((part) => part !== undefined)
      .join("\n")
      .toLowerCase();
    texts.set(request, text);
  }
  return text;
}

/** `1,000`, `₩1000` and `1000원` all find ₩1,000. */
function isAmount({ request }: Row, word: string): boolean {
  const digits = word.replace(/[₩,원]/g, "");
  return digits !== "" && String(request.amount).startsWith(digits);
}

const texts = new WeakMap<PayoutRequest, string>();

const NO_FINDINGS: Finding[] = [];

const SORT_KEYS: Record<Exclude<SortKey, "order">, (row: Row) => string | number> = {
  // Problems first.
  marks: (row) => ({ error: 0, notice: 1, none: 2 })[severityOf(row) ?? "none"],
  requestedAt: ({ request }) => request.requestedAt,
  recipient: ({ request }) => request.billingTranId,
  printContent: ({ request }) => request.printContent ?? "",
  subId: ({ request }) => request.subId ?? "",
  amount: ({ request }) => request.amount,
  remainingLimit: ({ request }) => request.remainingLimit,
};
