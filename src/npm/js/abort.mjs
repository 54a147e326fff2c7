// Hears of an abort by one listener for each signal, however many look-ups share it: Node warns of
// a leak at the eleventh.

/** @import { AbortSignalLike } from "./index.d.ts" */

/**
 * What to do at the abort of each signal that is listened to.
 * @type {WeakMap<AbortSignalLike, { acts: Set<() => void>, tell: () => void }>}
 */
const heard = new WeakMap();

/**
 * Calls `act` once `signal` is aborted; what is returned forgets that.
 * @param {AbortSignalLike | undefined} signal one that is not aborted yet
 * @param {() => void} act
 */
export function onAbort(signal, act) {
  if (signal === undefined) return () => {};
  const { acts, tell } = heard.get(signal) ?? listen(signal);
  // One of its own, should the same be handed in twice.
  const own = () => act();
  acts.add(own);
  return () => {
    if (!acts.delete(own) || acts.size > 0) return;
    heard.delete(signal);
    try {
      signal.removeEventListener("abort", tell);
    } catch {
      // A signal of the caller's own may fail: what it still tells is not heard any more.
    }
  };
}

/** @param {AbortSignalLike} signal */
function listen(signal) {
  /** @type {Set<() => void>} */
  const acts = new Set();
  const tell = () => {
    heard.delete(signal);
    for (const act of acts) act();
  };
  const listening = { acts, tell };
  heard.set(signal, listening);
  signal.addEventListener("abort", tell, { once: true });
  return listening;
}
