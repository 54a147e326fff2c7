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

/** 0 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(day).getUTCDay();
}

/** Whether a text is a day of the calendar. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

const DAY_MS = 86_400_000;
const SEOUL_MS = 9 * 3_600_000;
