// The one way by which anything leaves the page: a file that is saved, a sheet that is printed. The reason is asked for
// first, as the Worker's setting says, and is on the access record before the file is made.

import { computed, signal } from "@preact/signals";
import type { Action } from "../action-parts";
import { recordAction } from "../actions";
import { session, signIn } from "../session";

export interface Leaving extends Action {
  action: "export" | "print";
}

/** What waits for its reason, or until it is on the record. */
export const waiting = signal<{ leaving: Leaving; make: () => void } | undefined>(undefined);

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

/** A dialog asks why, where that is asked at all, and has it recorded; `make` then makes what leaves. */
export function handOver(leaving: Leaving, make: () => void) {
  if (signIn.peek().is !== "in" || (bar.peek() && !leaving.accessRecord)) return;
  waiting.value = { leaving, make };
}

/** Nothing leaves. */
export function keep() {
  waiting.value = undefined;
}

/** Has the reason written down, then makes what leaves. */
export async function leave(reason: string, signal: AbortSignal): Promise<void> {
  const asked = waiting.peek();
  if (asked === undefined) return;
  await recordAction({ ...asked.leaving, ...(reason !== "" && { reason }) }, signal);
  if (waiting.peek() !== asked) return;
  keep();
  // The dialog is gone before anything is printed.
  await new Promise((resolve) => setTimeout(resolve));
  asked.make();
}
