// The numbers and names behind a finding: how much is lacking, which group, which partner.

import type { Finding, PayoutRequest, PayoutRequestGroup } from "payple-edge/browser";
import { count, difference, visible, won } from "../format";
import { t } from "../text";

export function numbersOf({ kind, rows = [] }: Finding, group: PayoutRequestGroup): string[] {
  const words = t.value.findings.numbers;
  const { requests, review } = group;
  const concerned = rows.flatMap((row) => requests[row] ?? []);
  switch (kind) {
    case "total_mismatch":
      return [words.gap(difference(review.computedTotal - group.total))];
    case "limit_exceeded": {
      const lowest = concerned.reduce(
        (least, { remainingLimit: left }) => Math.min(least, left),
        0,
      );
      return lowest < 0 ? [words.short(won(-lowest))] : [];
    }
    case "limit_sequence":
      return listed(
        rows.flatMap((row) => {
          const [before, request] = [requests[row - 1], requests[row]];
          if (!before || !request) return [];
          const computed = before.remainingLimit - request.amount;
          return [words.limit(`#${count(row + 1)}`, won(computed), won(request.remainingLimit))];
        }),
      );
    case "foreign_group_key":
      return listed(
        tally(concerned, ({ groupKey }) => groupKey).map(([key, n, sum]) =>
          words.group(visible(key), n, won(sum)),
        ),
      );
    case "foreign_partner":
      return listed(
        tally(concerned, ({ cstId }) => cstId).map(([id, n, sum]) =>
          words.partner(visible(id), n, won(sum)),
        ),
      );
    case "possible_duplicate": {
      const [first] = concerned;
      if (!first) return [];
      const name = visible(first.printContent || first.billingTranId);
      return [words.twice(name, won(first.amount), concerned.length)];
    }
    default:
      return [];
  }
}

/** Each value with how many requests have it and what they add up to. */
function tally(
  requests: PayoutRequest[],
  of: (request: PayoutRequest) => string,
): [value: string, n: number, sum: number][] {
  const found = new Map<string, [string, number, number]>();
  for (const request of requests) {
    const [value, n, sum] = found.get(of(request)) ?? [of(request), 0, 0];
    found.set(value, [value, n + 1, sum + request.amount]);
  }
  return [...found.values()];
}

/** The first few, and that there are more. */
function listed(texts: string[]): string[] {
  const { more } = t.value.findings.numbers;
  return texts.length <= MOST ? texts : [...texts.slice(0, MOST), more(texts.length - MOST)];
}

const MOST = 3;
