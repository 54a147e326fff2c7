// What became of a group between two look-ups, row by row. Pure: no signals, no words.

import type { PayoutRequest, PayoutRequestGroup } from "payple-edge/browser";

export type RowChange =
  | { kind: "added"; after: PayoutRequest; index: number }
  | { kind: "removed"; before: PayoutRequest }
  | { kind: "changed"; before: PayoutRequest; after: PayoutRequest; index: number };

/**
 * The rows that are not the same, whatever their order; none where the fingerprints agree. Two that are left over for one
 * recipient are the same row, changed.
 */
export function changesOf(before: PayoutRequestGroup, after: PayoutRequestGroup): RowChange[] {
  if (before.fingerprint === after.fingerprint) return [];
  const left = new Map<string, PayoutRequest[]>();
  for (const request of before.requests) push(left, wholeOf(request), request);
  const news: { after: PayoutRequest; index: number }[] = [];
  for (const [index, request] of after.requests.entries())
    if (!left.get(wholeOf(request))?.shift()) news.push({ after: request, index });

  const byRecipient = new Map<string, PayoutRequest[]>();
  // In Payple's order, not in that of the map.
  const stillLeft = new Set([...left.values()].flat());
  for (const request of before.requests)
    if (stillLeft.has(request)) push(byRecipient, request.billingTranId, request);
  const found = news.map(({ after, index }): RowChange => {
    const before = byRecipient.get(after.billingTranId)?.shift();
    return before ? { kind: "changed", before, after, index } : { kind: "added", after, index };
  });
  const gone = [...byRecipient.values()].flat();
  return [...found, ...gone.map((before): RowChange => ({ kind: "removed", before }))];
}

/** What the fingerprint covers of a row. */
function wholeOf({
  cstId,
  billingTranId,
  subId,
  printContent,
  amount,
  requestedAt,
}: PayoutRequest): string {
  return JSON.stringify([cstId, billingTranId, subId, printContent, amount, requestedAt]);
}

function push<V>(map: Map<string, V[]>, key: string, value: V) {
  const held = map.get(key);
  if (held) held.push(value);
  else map.set(key, [value]);
}
