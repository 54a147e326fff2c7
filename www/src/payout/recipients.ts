// The amounts of a group by recipient, largest first.

import type { PayoutRequest } from "payple-edge/browser";

export interface Recipient {
  /** What its requests print, else the key of its account. */
  name: string;
  amount: number;
  rows: number[];
}

/** The largest `most` recipients, and all the others as one. */
export function recipientsOf(
  requests: PayoutRequest[],
  most: number,
): { all: number; top: Recipient[]; others?: Recipient & { count: number } } {
  const byAccount = new Map<string, Recipient>();
  requests.forEach((request, index) => {
    let recipient = byAccount.get(request.billingTranId);
    if (!recipient) {
      recipient = { name: request.printContent || request.billingTranId, amount: 0, rows: [] };
      byAccount.set(request.billingTranId, recipient);
    }
    recipient.amount += request.amount;
    recipient.rows.push(index);
  });
  const sorted = [...byAccount.values()].sort((a, b) => b.amount - a.amount);
  // One left over is shown by its name.
  const shown = sorted.length === most + 1 ? most + 1 : most;
  const rest = sorted.slice(shown);
  if (rest.length === 0) return { all: sorted.length, top: sorted };
  const others = {
    name: "",
    count: rest.length,
    amount: rest.reduce((sum, { amount }) => sum + amount, 0),
    rows: rest.flatMap(({ rows }) => rows),
  };
  return { all: sorted.length, top: sorted.slice(0, shown), others };
}
