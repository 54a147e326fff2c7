// The comparison, request by request: what was expected beside what the group has.

import type { PayoutRequest, PayoutRequestGroup } from "payple-edge/browser";
import { originalOf } from "../masking";
import type { Payment } from "./payments";

export type EntryKind = "missing" | "different" | "unexpected" | "matched";

export interface Entry {
  kind: EntryKind;
  expected?: Payment;
  found?: { index: number; request: PayoutRequest };
  /** It could as well be matched otherwise. */
  isAmbiguous: boolean;
  /** It matches, but for a text that both give. */
  hasOtherTexts: boolean;
}

/** Differences first, in the order of the list and then of the group; a match is told by what was expected. */
export function entriesOf(group: PayoutRequestGroup, payments: Payment[]): Entry[] {
  const { findings } = group.review;
  const of = (wanted: string) => findings.filter(({ kind }) => kind === wanted);
  const unsureLines = new Set(
    of("ambiguous_match").flatMap(({ expectedRows }) => expectedRows ?? []),
  );
  const unsureRows = new Set(of("ambiguous_match").flatMap(({ rows }) => rows ?? []));
  const told = new Set<number>();

  const entry = (
    kind: EntryKind,
    line: number | undefined,
    row: number | undefined,
    hasOtherTexts = false,
  ): Entry[] => {
    const expected = line === undefined ? undefined : payments[line];
    const request = row === undefined ? undefined : group.requests[row];
    if (line !== undefined) told.add(line);
    if (!expected && !request) return [];
    return [
      {
        kind,
        ...(expected && { expected }),
        ...(request && { found: { index: row!, request } }),
        isAmbiguous: unsureLines.has(line ?? -1) || unsureRows.has(row ?? -1),
        hasOtherTexts,
      },
    ];
  };
  const missing = of("missing_request").flatMap(({ expectedRows }) =>
    (expectedRows ?? []).flatMap((line) => entry("missing", line, undefined)),
  );
  const different = of("amount_mismatch").flatMap(({ rows, expectedRows }) =>
    entry("different", expectedRows?.[0], rows?.[0]),
  );
  const unexpected = of("unexpected_request").flatMap(({ rows }) =>
    (rows ?? []).flatMap((row) => entry("unexpected", undefined, row)),
  );
  const otherTexts = of("text_mismatch").flatMap(({ rows = [], expectedRows = [] }) =>
    rows.flatMap((row, n) => entry("matched", expectedRows[n], row, true)),
  );
  const matched = payments.flatMap((_, line) =>
    told.has(line) ? [] : entry("matched", line, undefined),
  );
  return [...missing, ...different, ...unexpected, ...otherTexts, ...matched];
}

/** What the group has less what was expected; 0 for what matches. */
export function gapOf({ kind, expected, found }: Entry): number {
  return kind === "matched" ? 0 : (found?.request.amount ?? 0) - (expected?.request.amount ?? 0);
}

/** These are shown side by side, not one by one in words. */
export function isOfComparison(kind: string): boolean {
  return [
    "missing_request",
    "unexpected_request",
    "amount_mismatch",
    "ambiguous_match",
    "text_mismatch",
  ].includes(kind);
}

/** Whether there is something to look into: it does not match for certain, or not in everything. */
export function isDifference({ kind, isAmbiguous, hasOtherTexts }: Entry): boolean {
  return kind !== "matched" || isAmbiguous || hasOtherTexts;
}

export function differencesOf(entries: Entry[]): Entry[] {
  return entries.filter(isDifference);
}

/** The texts that the list gives of it, where the request has others. */
export function otherTextsOf({ expected, found }: Entry): [role: TextRole, text: string][] {
  const request = found && originalOf(found.request);
  return TEXTS.flatMap((role): [TextRole, string][] => {
    const [text, other] = [expected?.request[role], request?.[role]];
    return text && other && text !== other ? [[role, text]] : [];
  });
}

const TEXTS = ["printContent", "billingTranId", "subId"] as const;
type TextRole = (typeof TEXTS)[number];

/** The same for the same difference, also at another look-up. */
export function idOfEntry(groupKey: string, { kind, expected, found }: Entry): string {
  const sideOf = (request: Payment["request"] | undefined) => {
    const { billingTranId, subId, printContent, amount } = request ?? {};
    return [billingTranId, subId, printContent, String(amount)];
  };
  return JSON.stringify([
    groupKey,
    kind,
    sideOf(expected?.request),
    expected?.line,
    sideOf(found && originalOf(found.request)),
    found?.index,
  ]);
}
