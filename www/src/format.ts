// How amounts, counts and times look.

import type { PayoutRequest } from "payple-edge/browser";

/** ₩1,234,567 */
export function won(amount: number): string {
  return `${amount < 0 ? "−" : ""}₩${count(Math.abs(amount))}`;
}

/** With its sign, for differences. */
export function difference(amount: number): string {
  return `${amount > 0 ? "+" : ""}${won(amount)}`;
}

/** 1,234,567 */
export function count(number: number): string {
  return WHOLE.format(number);
}

/** For the axis of a chart: 1,000만, 10M, 10.05M. Not rounded, since two marks would look alike. */
export function short(amount: number, language: string): string {
  return new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 5 }).format(
    amount,
  );
}

/** 0.3 as 30%; what is not nothing, or not all, is never written so. */
export function share(part: number): string {
  if (part > 0 && part < 0.01) return "<1%";
  return part > 0.99 && part < 1 ? ">99%" : `${Math.round(part * 100)}%`;
}

/** A moment on the clock of Seoul: 2026-11-22 14:05:03 */
export function kst(moment: Date): string {
  return SEOUL.format(moment);
}

/** A request's time as it is shown beside a 'KST'. */
export function requestTime({ requestedAt }: Pick<PayoutRequest, "requestedAt">): string {
  return requestedAt.slice(0, 19).replace("T", " ");
}

/** A key that is as good as money, so that it can be recognised but not read: d0to…cnFX */
export function masked(key: string): string {
  return key.length > 12 ? `${key.slice(0, 4)}…${key.slice(-4)}` : `${key.slice(0, 2)}…`;
}

/** A text of somebody else's with the characters made visible that would hide, move or turn round what stands beside them. */
export function visible(text: string): string {
  return text.replace(/[\r\n]+/g, " ⏎ ").replace(TRICKY, "\ufffd");
}

const TRICKY = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

const WHOLE = new Intl.NumberFormat("en-US");

// The Swedish way to write a time is the ISO one.
const SEOUL = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Seoul",
  dateStyle: "short",
  timeStyle: "medium",
});
