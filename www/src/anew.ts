// Why the page began anew, in one word that outlives the loading: who comes back to a tab is told what became of it.

import { signal } from "@preact/signals";

/** `person`: somebody else has signed in. `environment`: the Worker asks the other of Payple's worlds. */
export type Reason = "person" | "environment" | "out";

const NAME = "payple-edge:anew";
const REASONS: Reason[] = ["person", "environment", "out"];

/** Told until somebody has read it. */
export const begunAnew = signal(taken());

/** Loads the page again, which is the only way to be sure that nothing stays in memory. */
export function beginAnew(reason?: Reason) {
  try {
    if (reason) sessionStorage.setItem(NAME, reason);
  } catch {
    // Storage may be forbidden: then nobody is told.
  }
  location.reload();
}

function taken(): Reason | undefined {
  try {
    const found = sessionStorage.getItem(NAME);
    sessionStorage.removeItem(NAME);
    return REASONS.find((reason) => reason === found);
  } catch {
    return undefined;
  }
}
