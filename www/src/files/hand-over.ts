// The one way by which anything leaves the page: a file that is saved, a sheet that is printed. Why is asked first, as the
// Worker's setting has it, and it is on the Worker's access record before the file is made.

import { computed, signal } from "@preact/signals";
import type { PaypleError } from "payple-edge/browser";
import { post, request } from "../api";
import { ask, asPaypleError, session, signIn } from "../session";

export interface Leaving {
  action: "export" | "print";
  groupKey?: string;
  payerIds?: string[];
  /** The access record itself. */
  accessRecord?: true;
  /** How many requests, keys or entries go with it. */
  rows: number;
}

/** What waits for its reason, or for another try. */
export const waiting = signal<
  { leaving: Leaving; make: () => void; error?: PaypleError } | undefined
>(undefined);

export type Bar = "forbidden" | "noRole";

/** Why nothing of a look-up leaves, so that there is no button for it. */
export const bar = computed<Bar | undefined>(() => {
  const { exportReason, roles } = session.value ?? {};
  if (exportReason === "forbidden") return "forbidden";
  return roles?.includes("export") ? undefined : "noRole";
});

/** Whether a reason is asked for. An auditor takes the record out where nobody takes anything else out, and says why. */
export function reasonFor({ accessRecord }: Leaving): "off" | "optional" | "required" {
  const rule = session.peek()?.exportReason ?? "required";
  return rule === "forbidden" || (accessRecord && rule === "required") ? "required" : rule;
}

/** Asks why, where that is asked at all; `make` then makes what leaves. */
export async function handOver(leaving: Leaving, make: () => void): Promise<void> {
  if (signIn.peek().is !== "in" || (bar.peek() && !leaving.accessRecord)) return;
  if (reasonFor(leaving) !== "off") {
    waiting.value = { leaving, make };
    return;
  }
  try {
    await record(leaving, "", new AbortController().signal);
    make();
  } catch (error) {
    waiting.value = { leaving, make, error: asPaypleError(error) };
  }
}

/** Nothing leaves. */
export function keep() {
  waiting.value = undefined;
}

/** Has the reason written down, then makes what leaves. */
export async function leave(reason: string, signal: AbortSignal): Promise<void> {
  const asked = waiting.peek();
  if (asked === undefined) return;
  await record(asked.leaving, reason, signal);
  if (waiting.peek() !== asked) return;
  keep();
  // The dialog is gone before anything is printed.
  await new Promise((resolve) => setTimeout(resolve));
  asked.make();
}

async function record(leaving: Leaving, reason: string, signal: AbortSignal): Promise<void> {
  for (const part of parts(leaving)) {
    const action = { ...part, ...(reason !== "" && { reason }) };
    await ask(() => request("/api/actions", post(action, signal)), signal);
  }
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
