// The one way by which anything leaves the page: a file that is saved, a sheet that is printed. Why is asked first, and
// is on the Worker's access record before the file is made.

import { signal } from "@preact/signals";
import { post, request } from "../api";
import { ask, signIn } from "../session";

export interface Leaving {
  action: "export" | "print";
  groupKey?: string;
  payerIds?: string[];
  /** How many requests or keys go with it. */
  rows: number;
}

/** What waits for its reason. */
export const waiting = signal<{ leaving: Leaving; make: () => void } | undefined>(undefined);

/** Asks why; `make` then makes what leaves. */
export async function handOver(leaving: Leaving, make: () => void): Promise<void> {
  if (signIn.peek().is === "in") waiting.value = { leaving, make };
}

/** Nothing leaves. */
export function keep() {
  waiting.value = undefined;
}

/** Has the reason written down, then makes what leaves. */
export async function leave(reason: string, signal: AbortSignal): Promise<void> {
  const asked = waiting.peek();
  if (asked === undefined) return;
  for (const leaving of parts(asked.leaving))
    await ask(() => request("/api/actions", post({ ...leaving, reason }, signal)), signal);
  if (waiting.peek() !== asked) return;
  keep();
  // The dialog is gone before anything is printed.
  await new Promise((resolve) => setTimeout(resolve));
  asked.make();
}

/** As many billing keys at once as the Worker takes. */
function parts({ payerIds, ...leaving }: Leaving): Leaving[] {
  if (payerIds === undefined) return [leaving];
  const starts = Array.from({ length: Math.ceil(payerIds.length / MOST_KEYS) }, (_, n) => n);
  return starts.map((n) => ({
    ...leaving,
    payerIds: payerIds.slice(n * MOST_KEYS, (n + 1) * MOST_KEYS),
  }));
}

const MOST_KEYS = 1_000;
