// How `payple-edge/opentelemetry` follows a client: an observer hears of each look-up and exchange
// as it begins and ends, at that very moment, and may run them in a context of its own. What it
// throws is its own affair.

/**
 * @typedef {object} Observer
 * @property {(operation: "lookupPayoutRequests" | "lookupBillingKey", environment: string) =>
 *   ObservedLookUp} begin
 */

/**
 * @typedef {object} ObservedLookUp
 * @property {<T>(act: () => T) => T} run runs what begins the look-up
 * @property {(event: import("./index.d.ts").ExchangeStartEvent) => void} exchangeBegins
 * @property {<T>(url: string, act: () => T) => T} runExchange runs what sends the exchange that
 *   began last
 * @property {(event: import("./index.d.ts").ExchangeEvent) => void} exchangeEnds
 * @property {(ok: boolean, outcome: any) => void} end with the answer, or the error
 */

/**
 * By name, not by reference: the entry that observes and the one that is observed may be two copies
 * of this file.
 */
export const OBSERVE = Symbol.for("payple-edge.observe");

/** @param {Observer} observer @returns {Observer["begin"]} one whose failures fail nothing else */
export function guarded(observer) {
  return (operation, environment) => {
    const observed = attempt(() => observer.begin(operation, environment));
    return {
      run: (act) => once(act, (act) => observed?.run(act)),
      exchangeBegins: (event) => attempt(() => observed?.exchangeBegins(event)),
      runExchange: (url, act) => once(act, (act) => observed?.runExchange(url, act)),
      exchangeEnds: (event) => attempt(() => observed?.exchangeEnds(event)),
      end: (ok, outcome) => attempt(() => observed?.end(ok, outcome)),
    };
  };
}

/**
 * Has `act` run by `runner`, or where that fails before it does, at once. What `act` throws is
 * thrown.
 * @template T
 * @param {() => T} act
 * @param {(act: () => T) => void} runner
 * @returns {T}
 */
function once(act, runner) {
  /** @type {{ value: T } | { error: unknown } | undefined} */
  let outcome;
  const noted = () => {
    try {
      const value = act();
      outcome = { value };
      return value;
    } catch (error) {
      outcome = { error };
      throw error;
    }
  };
  attempt(() => runner(noted));
  if (outcome === undefined) return act();
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}

/**
 * @template T
 * @param {() => T} act
 */
function attempt(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}
