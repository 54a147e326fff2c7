// The amounts of a group by recipient and by sub-customer, largest first.

import type { PayoutRequest } from "payple-edge/browser";

export interface Subtotal {
  /** The key of the account, or the id of the sub-customer; empty where a request has none. */
  key: string;
  /** What the first of its requests prints. */
  printContent: string;
  amount: number;
  rows: number[];
}

export type SubtotalKey = "billingTranId" | "subId";

export function subtotalsOf(requests: PayoutRequest[], by: SubtotalKey): Subtotal[] {
  const found = new Map<string, Subtotal>();
  requests.forEach((request, index) => {
    const key = request[by] ?? "";
    let subtotal = found.get(key);
    if (!subtotal) {
      subtotal = { key, printContent: request.printContent ?? "", amount: 0, rows: [] };
      found.set(key, subtotal);
    }
    subtotal.amount += request.amount;
    subtotal.rows.push(index);
  });
  return [...found.values()].sort((a, b) => b.amount - a.amount);
}

export type Recipient = Pick<Subtotal, "amount" | "rows">;

/** The largest `most` recipients, and all the others as one. */
export function recipientsOf(
  requests: PayoutRequest[],
  most: number,
): { all: number; top: Recipient[]; others?: Recipient & { count: number } } {
  const sorted = subtotalsOf(requests, "billingTranId");
  // One left over is shown by its name.
  const shown = sorted.length === most + 1 ? most + 1 : most;
  const rest = sorted.slice(shown);
  if (rest.length === 0) return { all: sorted.length, top: sorted };
  const others = {
    count: rest.length,
    amount: rest.reduce((sum, { amount }) => sum + amount, 0),
    rows: rest.flatMap(({ rows }) => rows),
  };
  return { all: sorted.length, top: sorted.slice(0, shown), others };
}
