// What the payout view holds, in this tab's memory alone: the key typed, the look-up, the recent ones, the table's view.

import { computed, signal } from "@preact/signals";
import type { PayoutExpectation, PayoutRequestGroup } from "payple-edge/browser";
import { recordAction } from "../actions";
import { cleaned } from "../files/clean";
import { visible } from "../format";
import { Lookup } from "../lookup";
import { maskedGroup, maskedName } from "../masking";
import { now } from "../parts/clock";
import { ask } from "../session";
import { changesOf, type RowChange } from "./change";
import type { Question } from "./judgement";
import { arranged, rowsOf, sumOf } from "./rows";
import { resetTable, showAll, tableView } from "./table-view";

export interface Recent {
  groupKey: string;
  requests: number;
  total: number;
}

export const typed = signal("");
/** What was wrong with the key when it was to be looked up. */
export const fault = signal<ReturnType<typeof faultOf>>(undefined);
export const lookup = new Lookup<PayoutRequestGroup>();
/** The list that stands on the page: part of every question until it is taken away. */
export interface HeldList {
  /** What is sent; nothing where the list cannot be compared as it is. */
  expect?: PayoutExpectation;
  /** Rows that look like payments and are not compared. */
  leftOut: number;
  /** The file's name, where it is one, and the SHA-256 of what it holds. */
  name?: string;
  sha256?: string;
}
export const heldList = signal<HeldList | undefined>(undefined);

/** The question that the answer on the page belongs to. */
export const asked = signal<{ groupKey: string; list: HeldList | undefined } | undefined>(
  undefined,
);

/** The question that stands on the page, beside the answer. */
export const question = computed<Question>(() => {
  const { groupKey, list } = asked.value ?? {};
  const isOtherKey = cleaned(typed.value) !== groupKey;
  const isOtherList = heldList.value !== list;
  return {
    freshness: isOtherKey ? "otherKey" : isOtherList ? "otherList" : "current",
    list: heldList.value,
    isOld: isOld.value,
    isChanged: isChanged.value,
  };
});

/** What became of the group since it was looked up before. */
export interface Change {
  before: PayoutRequestGroup;
  /** When it was as before. */
  at: Date;
  /** None where the fingerprint is the same. */
  rows: RowChange[];
}
export const change = signal<Change | undefined>(undefined);
/** Whether somebody said to have seen it. */
const isChangeSeen = signal(false);
export const isChanged = computed(
  () => (change.value?.rows.length ?? 0) > 0 && !isChangeSeen.value,
);

/** How long ago the answer on the page came. */
export const minutesOld = computed(() => {
  const progress = lookup.progress.value;
  if (progress.is !== "done") return 0;
  return Math.max(0, Math.floor((now.value - progress.at.getTime()) / 60_000));
});
export const isOld = computed(() => minutesOld.value >= OLD_MINUTES);

/** For each of the recent keys the last answer with which somebody has seen what changed. */
const seen = new Map<string, { group: PayoutRequestGroup; at: Date }>();

export const recent = signal<Recent[]>([]);

/** The key whose group is shown with its names. */
const named = signal<string | undefined>(undefined);
/** Whether the names of the group on the page are shown. */
export const isNamed = computed(() => named.value !== undefined);

/** The group on the page, if there is one: masked until somebody wants to see it. */
export const group = computed(() => {
  const progress = lookup.progress.value;
  if (progress.is !== "done") return undefined;
  return isNamed.value ? progress.answer : maskedGroup(progress.answer);
});

/** Shows the names once that is on the access record. */
export async function showNames(signal: AbortSignal) {
  const progress = lookup.progress.peek();
  if (progress.is !== "done") return;
  const { groupKey, requests } = progress.answer;
  await recordAction({ action: "show", groupKey, rows: requests.length }, signal);
  if (asked.peek()?.groupKey === groupKey) named.value = groupKey;
}

export function maskNames() {
  named.value = undefined;
}

/** A text of a request that may hold a name, as it is shown. */
export function shownName(text: string): string {
  return isNamed.value ? text : maskedName(text);
}

/** Who a row is for, as it is shown. */
export function recipientOf(row: number): string {
  const { printContent, billingTranId = "" } = rows.value[row]?.request ?? {};
  return visible(printContent || billingTranId);
}

/** Its rows as they are, and as the table shows them. */
export const rows = computed(() => (group.value ? rowsOf(group.value) : []));
export const shownRows = computed(() => arranged(rows.value, tableView.value));
export const shownSum = computed(() => sumOf(shownRows.value));

/** A row that somebody wants to see: the table goes there. */
export const wanted = signal<{ row: number } | undefined>(undefined);

/** Asks with the list that stands on the page, if there is one. */
export async function lookUp(groupKey: string) {
  const list = heldList.peek();
  const expect = list?.expect;
  typed.value = groupKey;
  fault.value = undefined;
  if (named.peek() !== groupKey) maskNames();
  asked.value = { groupKey, list };
  resetTable();
  wanted.value = undefined;
  await lookup.ask(async (signal) => {
    const found = await ask(
      (client) => client.lookupPayoutRequests(groupKey, { signal, ...(expect && { expect }) }),
      signal,
    );
    remember({ groupKey, requests: found.review.computedCount, total: found.review.computedTotal });
    compareWithBefore(groupKey, found);
    return found;
  });
}

/** Goes to a row; where the table hides it, everything is shown again. */
export function showRow(row: number) {
  if (!shownRows.peek().some(({ index }) => index === row)) showAll();
  wanted.value = { row };
}

/** What is wrong with a key before it is sent, in words of the dictionary. */
export function faultOf(groupKey: string): "empty" | "spaces" | "tooLong" | undefined {
  if (groupKey === "") return "empty";
  if (/\s/.test(groupKey)) return "spaces";
  return [...groupKey].length > MAX_GROUP_KEY_CHARS ? "tooLong" : undefined;
}

function compareWithBefore(groupKey: string, found: PayoutRequestGroup) {
  const before = seen.get(groupKey);
  const rows = before ? changesOf(before.group, found) : [];
  change.value = before && { before: before.group, at: before.at, rows };
  isChangeSeen.value = false;
  // A change that nobody has seen yet is not forgotten because it is asked once more.
  if (rows.length === 0) seen.set(groupKey, { group: found, at: new Date() });
  const kept = new Set(recent.peek().map(({ groupKey }) => groupKey));
  for (const key of seen.keys()) if (!kept.has(key)) seen.delete(key);
}

/** From here on the group as it is now is the one that later answers are compared with. */
export function seeChange() {
  const progress = lookup.progress.peek();
  if (progress.is !== "done") return;
  isChangeSeen.value = true;
  seen.set(progress.answer.groupKey, { group: progress.answer, at: progress.at });
}

/** Nothing is known any more of what was looked up before. */
export function forgetRecent() {
  recent.value = [];
  seen.clear();
}

function remember(entry: Recent) {
  const others = recent.peek().filter(({ groupKey }) => groupKey !== entry.groupKey);
  recent.value = [entry, ...others].slice(0, MAX_RECENT);
}

const MAX_GROUP_KEY_CHARS = 64;
const MAX_RECENT = 8;
/** From then on an answer may not hold any more, and its verdict is not green. */
const OLD_MINUTES = 5;
