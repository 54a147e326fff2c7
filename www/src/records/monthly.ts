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
import {
  type Failures,
  failuresOf,
  type Person,
  peopleOf,
  type Taken,
  takenOf,
} from "./monthly-counts";
import { NO_FILTER, pages } from "./read";

/** When work begins and ends on a day from Monday to Friday, in Korea: `09:00`. */
export interface Hours {
  opens: string;
  closes: string;
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

function sum(lines: AccessSummaryLine[]): number {
  return lines.reduce((sum, { count }) => sum + count, 0);
}
