// What the billing-key view holds, in this tab's memory alone: the keys typed, and a batch of look-ups.

import { computed, signal } from "@preact/signals";
import type { BillingKey } from "payple-edge/browser";
import { Lookup } from "../lookup";
import { ask } from "../session";

export interface Item {
  key: string;
  lookup: Lookup<BillingKey>;
}

export const typed = signal("");
export const items = signal<Item[]>([]);
/** How many of the keys last asked for were there twice. */
export const repeated = signal(0);

export const tally = computed(() => {
  const progresses = items.value.map(({ lookup }) => lookup.progress.value);
  const failed = progresses.filter((progress) => progress.is === "failed");
  const missing = failed.filter((progress) => isNotRegistered(progress.error.code)).length;
  const done = progresses.filter((progress) => progress.is === "done").length;
  return {
    all: progresses.length,
    found: done,
    missing,
    failed: failed.length - missing,
    settled: done + failed.length,
  };
});

export const isUnderWay = signal(false);

let turn = 0;

/** Asks for every key, a few at a time, each shown as it arrives. */
export async function lookUpAll(keys: string[], repeats: number) {
  cancelAll();
  const mine = ++turn;
  repeated.value = repeats;
  items.value = keys.map((key) => ({ key, lookup: new Lookup() }));
  isUnderWay.value = true;
  const waiting = [...items.peek()];
  const worker = async () => {
    for (let item = waiting.shift(); item && mine === turn; item = waiting.shift())
      await lookUpOne(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (mine === turn) isUnderWay.value = false;
}

export function lookUpOne({ key, lookup }: Item): Promise<void> {
  return lookup.ask((signal) => ask((client) => client.lookupBillingKey(key, { signal }), signal));
}

export function cancelAll() {
  turn += 1;
  for (const { lookup } of items.peek()) lookup.cancel();
  isUnderWay.value = false;
}

/** The keys in a pasted text, each once: apart by white space, commas or semicolons, perhaps in quotes. */
export function keysIn(text: string): { keys: string[]; repeats: number } {
  const all = text
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, "")
    .split(/[\s,;]+/)
    .map((key) => key.replace(/^["']|["']$/g, ""))
    .filter(Boolean);
  const keys = [...new Set(all)];
  return { keys, repeats: all.length - keys.length };
}

export function faultOf(keys: string[]): "empty" | "tooMany" | "tooLong" | undefined {
  if (keys.length === 0) return "empty";
  if (keys.length > MAX_KEYS) return "tooMany";
  return keys.some((key) => [...key].length > MAX_KEY_CHARS) ? "tooLong" : undefined;
}

/** Payple's two ways to say that there is nothing behind a key. */
export function isNotRegistered(code: string | undefined): boolean {
  return code === "SPCD0001" || code === "SPCD0012";
}

const AT_ONCE = 4;
const MAX_KEYS = 50;
const MAX_KEY_CHARS = 255;
