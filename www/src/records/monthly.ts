// A month of the access record as its reviewer needs it: who did how much of what, what was outside the hours of work, what
// was taken out and why, which sign-ins failed.

import { signal } from "@preact/signals";
import type {
  AccessRecord,
  AccessSummary,
  AccessSummaryLine,
  PaypleError,
  RecordChain,
  RecordTask,
} from "payple-edge/browser";
import { request } from "../api";
import { ask, asPaypleError } from "../session";
import { dayOf, daysOfMonth, monthOf, monthsBefore } from "./korean-days";
import { NO_FILTER, pages } from "./read";

/** When work begins and ends on a day from Monday to Friday, in Korea: `09:00`. */
export interface Hours {
  opens: string;
  closes: string;
}

/** What one person or program did. */
export interface Person {
  who: string;
  /** How many acts by task, of those that came to something. */
  tasks: Map<RecordTask, number>;
  /** Those that were refused, or failed. */
  refused: number;
  outsideHours: number;
  all: number;
}

/** Rows that were taken out at once: a file of many billing keys has an entry for each of them. */
export interface Taken {
  first: AccessRecord;
  /** Of how many group keys or billing keys. */
  subjects: number;
}

/** Sign-ins that failed, by where they came from. */
export interface Failures {
  address: string;
  count: number;
  first: string;
  last: string;
}

export interface Monthly {
  month: string;
  hours: Hours;
  people: Person[];
  taken: Taken[];
  failures: Failures[];
  /** How often the admin token was used in live. */
  emergencies: number;
  chains: RecordChain[];
  at: Date;
}

export type Review =
  | { is: "none" }
  | { is: "reading" }
  | { is: "done"; monthly: Monthly }
  | { is: "failed"; error: PaypleError };

export const review = signal<Review>({ is: "none" });
/** The month before this one: it is over. */
export const month = signal(monthsBefore(monthOf(dayOf(new Date())), 1));
export const hours = signal<Hours>({ opens: "09:00", closes: "18:00" });

let abort = new AbortController();

export function stopReview() {
  abort.abort();
  abort = new AbortController();
  review.value = { is: "none" };
}

export async function reviewMonth() {
  stopReview();
  const { signal } = abort;
  const asked = { month: month.peek(), hours: hours.peek() };
  review.value = { is: "reading" };
  try {
    const range = daysOfMonth(asked.month);
    const summary = await summaryOf({ ...range, ...asked.hours }, signal);
    const of = (task: RecordTask) => all({ ...range, task }, signal);
    const exports = await of("export");
    const prints = await of("print");
    const signIns = await of("sign_in");
    if (signal.aborted) return;
    review.value = {
      is: "done",
      monthly: {
        ...asked,
        people: peopleOf(summary.lines),
        taken: takenOf([...exports, ...prints].toSorted((a, b) => (a.at < b.at ? -1 : 1))),
        failures: failuresOf(signIns),
        emergencies: sum(summary.lines.filter(({ method }) => method === "emergency")),
        chains: summary.chains,
        at: new Date(),
      },
    };
  } catch (error) {
    if (!signal.aborted) review.value = { is: "failed", error: asPaypleError(error) };
  }
}

async function summaryOf(
  parameters: Record<string, string>,
  signal: AbortSignal,
): Promise<AccessSummary> {
  const address = `/api/access-records/summary?${new URLSearchParams(parameters)}`;
  const response = await ask(() => request(address, { signal }), signal);
  return (await response.json()) as AccessSummary;
}

async function all(
  filter: { from: string; to: string; task: RecordTask },
  signal: AbortSignal,
): Promise<AccessRecord[]> {
  const found: AccessRecord[] = [];
  for await (const { records } of pages({ ...NO_FILTER, ...filter }, signal)) {
    signal.throwIfAborted();
    for (const record of records) found.push(record);
  }
  return found;
}

/** People first, who did most before the others. */
export function peopleOf(lines: AccessSummaryLine[]): Person[] {
  const people = new Map<string, Person>();
  for (const { who, task, outcome, count, outsideHours } of lines) {
    const person = people.get(who) ?? {
      who,
      tasks: new Map<RecordTask, number>(),
      refused: 0,
      outsideHours: 0,
      all: 0,
    };
    people.set(who, person);
    if (outcome === "ok") person.tasks.set(task, (person.tasks.get(task) ?? 0) + count);
    else person.refused += count;
    person.outsideHours += outsideHours;
    person.all += count;
  }
  const isProgram = ({ who }: Person) => Number(who.startsWith("program "));
  return [...people.values()].sort((a, b) => isProgram(a) - isProgram(b) || b.all - a.all);
}

/** What was refused did not leave. */
export function takenOf(records: AccessRecord[]): Taken[] {
  const taken = new Map<string, Taken>();
  for (const record of records) {
    if (record.outcome !== "ok") continue;
    const { requestId, task } = record;
    const before = taken.get(`${task} ${requestId}`);
    if (before) before.subjects += 1;
    else taken.set(`${task} ${requestId}`, { first: record, subjects: 1 });
  }
  return [...taken.values()];
}

export function failuresOf(signIns: AccessRecord[]): Failures[] {
  const failures = new Map<string, Failures>();
  for (const { address, at, outcome } of signIns) {
    if (outcome === "ok") continue;
    const before = failures.get(address) ?? { address, count: 0, first: at, last: at };
    failures.set(address, {
      address,
      count: before.count + 1,
      first: at < before.first ? at : before.first,
      last: at > before.last ? at : before.last,
    });
  }
  return [...failures.values()].sort((a, b) => b.count - a.count);
}

function sum(lines: AccessSummaryLine[]): number {
  return lines.reduce((sum, { count }) => sum + count, 0);
}
