// Days and hours as the access record has them: on the clock of Seoul, which knows no summer time.

/** 2026-11-28 */
export function dayOf(moment: Date): string {
  return new Date(moment.getTime() + SEOUL_MS).toISOString().slice(0, 10);
}

export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);
}

/** 2026-11 of a day. */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** The month `n` months before one. */
export function monthsBefore(month: string, n: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 - n, 1)).toISOString().slice(0, 7);
}

/** The first and the last day of a month. */
export function daysOfMonth(month: string): { from: string; to: string } {
  return { from: `${month}-01`, to: daysBefore(`${monthsBefore(month, -1)}-01`, 1) };
}

/** Days that were read at a moment: no day after it is among them. What is empty has no limit. */
export interface DaysRead {
  from: string;
  to: string;
  at: Date;
}

/** Whether all days that `those` has are among `these`. */
export function covers(these: DaysRead, those: DaysRead): boolean {
  const end = ({ to, at }: DaysRead) => (to === "" || to > dayOf(at) ? dayOf(at) : to);
  return these.from <= those.from && end(these) >= end(those);
}

const DAY_MS = 86_400_000;
const SEOUL_MS = 9 * 3_600_000;
