// What the auditor's list holds, in this tab's memory alone: the entries asked for, and where the rest begins.

import { batch, computed, signal } from "@preact/signals";
import type { AccessRecord, PaypleError } from "payple-edge/browser";
import { asPaypleError } from "../session";
import { dayOf, monthOf } from "./korean-days";
import { type Filter, NO_FILTER, pages } from "./read";

const today = dayOf(new Date());

/** As typed. */
export const filter = signal<Filter>({ ...NO_FILTER, from: `${monthOf(today)}-01`, to: today });

const wanted = computed<Filter>(() => {
  const { from, to, who, task, subject } = filter.value;
  return { from, to, who: who.trim(), task, subject: subject.trim() };
});

export type Progress =
  | { is: "idle" }
  | { is: "reading" }
  | { is: "done" }
  | { is: "failed"; error: PaypleError };

export const progress = signal<Progress>({ is: "idle" });
export const entries = signal<readonly AccessRecord[]>([]);
/** What the entries are an answer to. */
export const asked = signal<Filter | undefined>(undefined);
/** Whether something else stands in the form by now. */
export const isOther = computed(
  () => asked.value !== undefined && JSON.stringify(asked.value) !== JSON.stringify(wanted.value),
);
/** Whether any answer has come: before, nothing is known of what there is. */
export const isRead = signal(false);
/** Where the rest begins; nothing where these are all. */
export const next = signal<string | undefined>(undefined);

let abort = new AbortController();

/** Reads the newest entries of what is typed. */
export async function search() {
  stop();
  const trimmed = wanted.peek();
  batch(() => {
    asked.value = trimmed;
    entries.value = [];
    isRead.value = false;
    next.value = undefined;
  });
  await read(trimmed);
}

/** Reads on where the list ends. */
export async function readOn() {
  const { value } = asked;
  if (value && next.peek() !== undefined) await read(value, next.peek());
}

/** Reads all that there is; resolves to whether the list is whole then, and still of the same search. */
export async function readAll(): Promise<boolean> {
  const { value } = asked;
  if (!value || !isRead.peek()) return false;
  return next.peek() === undefined || (await read(value, next.peek(), Infinity));
}

/** What was read stays. */
export function stop() {
  abort.abort();
  abort = new AbortController();
  if (progress.peek().is === "reading") progress.value = { is: "done" };
}

/** Resolves to whether it came to its end. */
async function read(which: Filter, cursor?: string, most = AT_ONCE): Promise<boolean> {
  stop();
  const { signal } = abort;
  progress.value = { is: "reading" };
  let left = most;
  try {
    for await (const page of pages(which, signal, cursor)) {
      if (signal.aborted) return false;
      batch(() => {
        isRead.value = true;
        entries.value = entries.peek().concat(page.records);
        next.value = page.next;
      });
      left -= page.records.length;
      if (left <= 0) break;
    }
    if (!signal.aborted) progress.value = { is: "done" };
    return !signal.aborted;
  } catch (error) {
    if (!signal.aborted) progress.value = { is: "failed", error: asPaypleError(error) };
    return false;
  }
}

/** As many entries as one press of a button reads. */
export const AT_ONCE = 5_000;
