// Why the page was loaded again: the reason outlives the loading, so that the page can tell it to
// whoever returns to the tab.

import { signal } from "@preact/signals";

/**
 * `person`: somebody else has signed in. `environment`: the Worker asks Payple's other environment.
 * `out`: signed out in another tab.
 */
export type Reason = "person" | "environment" | "out";

const NAME = "payple-edge:reload-reason";
const REASONS: Reason[] = ["person", "environment", "out"];

/** Told until somebody has read it. */
export const reloadReason = signal(taken());

/** Loads the page again, which is the only way to be sure that nothing stays in memory. */
export function reload(reason?: Reason) {
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
