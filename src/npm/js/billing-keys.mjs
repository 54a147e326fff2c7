// Many billing keys: a few look-ups at a time, so many begun a second, and never more results kept
// than that.
//
// Pull-based: what is not taken is not replaced by another look-up, and a key is taken from its
// source only when it is the next one to be looked up. So any number of keys costs the memory of
// `concurrency` look-ups.

import { onAbort } from "./abort.mjs";
import { PaypleError } from "./error.mjs";
import { MAX_TIMER_MS } from "./options.mjs";

/**
 * @import { BillingKeyResult, BillingKeysOptions, PaypleError as Failure } from "./index.d.ts"
 * @import { BillingKey } from "./models.d.ts"
 */

/**
 * @param {(payerId: unknown, timeoutMs: number | undefined, settle: (ok: boolean, value: any) =>
 *   void) => () => void} lookUp begins one look-up and returns how to give it up; `settle` is
 *   called once
 * @param {unknown} payerIds
 * @param {() => BillingKeysOptions} checkedOptions
 * @param {<E>(error: E) => E} explain adds to an error the caller's stack and what to do
 * @returns {AsyncGenerator<BillingKeyResult, void, undefined>}
 */
export async function* lookUpMany(lookUp, payerIds, checkedOptions, explain) {
  const { concurrency = 4, perSecond = 5, signal, timeoutMs } = checkedOptions();
  const source = iteratorOf(payerIds);
  if (source === undefined) throw explain(new PaypleError(NO_ITERABLE));
  const pace = new Pace(1_000 / perSecond);
  const change = new Change();
  const outage = new Outage(Math.max(20, 5 * concurrency));
  /** What is under way, and how to give it up. @type {Map<object, (() => void) | undefined>} */
  const underWay = new Map();
  /** @type {BillingKeyResult[]} */
  const results = [];
  let index = 0;
  let [isAsking, isDry] = [false, false];
  /** Why it ends before its time. @type {{ error: unknown } | undefined} */
  let end;
  /** The next key, which waits for its turn. @type {{ value: unknown } | undefined} */
  let held;
  let isLeft = false;
  const isWanted = () => end === undefined && !isLeft && !signal?.aborted;
  const forget = signal?.aborted ? () => {} : onAbort(signal, change.tell);

  const begin = (/** @type {unknown} */ payerId) => {
    // What is no string has been refused before it is part of a result.
    const asked = { index: index++, payerId: /** @type {string} */ (payerId) };
    /** @type {Parameters<typeof lookUp>[2]} */
    const settle = (ok, value) => {
      if (!underWay.delete(asked)) return;
      if (!ok) explain(value);
      const isFatal = !ok && (endsAll(value) || outage.isSure(value));
      if (ok) outage.isOver();
      if (isFatal) end ??= { error: value };
      else results.push({ ...asked, ...(ok ? registered(value) : notRegistered(value)) });
      change.tell();
    };
    underWay.set(asked, undefined);
    try {
      const giveUp = lookUp(payerId, timeoutMs, settle);
      if (underWay.has(asked)) underWay.set(asked, giveUp);
    } catch (error) {
      settle(false, error);
    }
  };
  const beginHeld = () => {
    if (held === undefined || !isWanted() || !pace.isDue(change.tell)) return;
    const { value } = held;
    held = undefined;
    pace.begun();
    begin(value);
  };
  const take = (/** @type {IteratorResult<unknown>} */ next) => {
    // A source of the caller's own may come to anything.
    if (next === null || typeof next !== "object") throw explain(new PaypleError(NO_RESULT));
    if (next.done) isDry = true;
    else held = { value: next.value };
    isAsking = false;
    beginHeld();
    change.tell();
  };
  const fail = (/** @type {unknown} */ error) => {
    [isAsking, isDry] = [false, true];
    end ??= { error };
    change.tell();
  };
  const ask = () => {
    isAsking = true;
    try {
      const next =
        /** @type {IteratorResult<unknown> & Partial<Promise<IteratorResult<unknown>>>} */ (
          source.next()
        );
      if (typeof next?.then === "function") Promise.resolve(next).then(take).catch(fail);
      else take(next);
    } catch (error) {
      fail(error);
    }
  };

  // Where there is room for one more: the source may have none.
  const mayAsk = () =>
    isWanted() &&
    !isAsking &&
    !isDry &&
    held === undefined &&
    underWay.size + results.length < concurrency;

  try {
    for (;;) {
      const changed = change.next();
      beginHeld();
      while (mayAsk()) ask();
      if (signal?.aborted) throw explain(new PaypleError({ ...ABORTED, cause: signal.reason }));
      const result = results.shift();
      if (result !== undefined) yield result;
      else if (underWay.size > 0) await changed;
      else if (end !== undefined) throw end.error;
      else if (isDry) return;
      else await changed;
    }
  } finally {
    // Also where the caller leaves the loop: nothing goes on behind its back.
    isLeft = true;
    pace.stop();
    forget();
    const open = [...underWay.values()];
    underWay.clear();
    for (const giveUp of open) giveUp?.();
    if (!isDry) await leave(source, isAsking);
  }
}

/** @param {BillingKey} billingKey */
function registered(billingKey) {
  return { status: /** @type {const} */ ("registered"), billingKey };
}

/** @param {Failure} error */
function notRegistered(error) {
  const { kind, code, message } = error;
  return kind === "rejected" && code !== undefined && NOT_REGISTERED.includes(code)
    ? { status: /** @type {const} */ ("not_registered"), code, message }
    : { status: /** @type {const} */ ("failed"), error };
}

/** No other key would fare better. @param {Failure} error */
function endsAll({ kind, code = "" }) {
  return kind === "authentication" || kind === "invalid_config" || MAINTENANCE.includes(code);
}

/**
 * Payple cannot be reached or does not answer, so many times in a row that it is none of the keys.
 */
class Outage {
  #limit;
  #inARow = 0;

  /** @param {number} limit */
  constructor(limit) {
    this.#limit = limit;
  }

  /** @param {Failure} error */
  isSure({ kind }) {
    this.#inARow = kind === "unavailable" || kind === "timeout" ? this.#inARow + 1 : 0;
    return this.#inARow >= this.#limit;
  }

  isOver() {
    this.#inARow = 0;
  }
}

/** When the next look-up may begin. */
class Pace {
  #intervalMs;
  #nextAt = Number.NEGATIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {number} intervalMs */
  constructor(intervalMs) {
    this.#intervalMs = intervalMs;
  }

  /** Whether now; if not, `tell` is called once it is. @param {() => void} tell */
  isDue(tell) {
    const leftMs = this.#nextAt - performance.now();
    if (leftMs <= 0) return true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(tell, Math.min(Math.ceil(leftMs), MAX_TIMER_MS));
    return false;
  }

  begun() {
    this.#nextAt = performance.now() + this.#intervalMs;
  }

  stop() {
    clearTimeout(this.#timer);
  }
}

/** Lets one wait until anything has changed since it last looked. */
class Change {
  #told = () => {};

  next() {
    return new Promise((resolve) => {
      this.#told = () => resolve(undefined);
    });
  }

  tell = () => this.#told();
}

/** @typedef {Iterator<unknown> | AsyncIterator<unknown>} Source */

/**
 * An iterator of anything that can be iterated, whether its values come at once or later.
 * @param {unknown} payerIds
 * @returns {Source | undefined}
 */
function iteratorOf(payerIds) {
  if (typeof payerIds === "string") return undefined;
  const given = /** @type {Partial<AsyncIterable<unknown> & Iterable<unknown>> | null} */ (
    payerIds
  );
  /** @type {((this: unknown) => Source) | undefined} */
  const begin = given?.[Symbol.asyncIterator] ?? given?.[Symbol.iterator];
  const source = typeof begin === "function" ? begin.call(payerIds) : undefined;
  return typeof source?.next === "function" ? source : undefined;
}

/**
 * Tells the source that no more is wanted. One that is being asked answers that first: it is not
 * waited for.
 * @param {Source} source
 * @param {boolean} isAsking
 */
async function leave(source, isAsking) {
  // Its failure to do so does not replace how the loop ended.
  const left = (async () => source.return?.())().catch(() => {});
  if (!isAsking) await left;
}

const NO_ITERABLE = {
  kind: "invalid_input",
  message: "payerIds must be an iterable of strings, such as an array",
};
const NO_RESULT = {
  kind: "invalid_input",
  message: "payerIds is no proper iterable: what its iterator's next() gave is no object",
};
const ABORTED = { kind: "aborted", message: "the look-ups were aborted by the caller" };
// Which codes this very call has for it is published nowhere; these are another family's.
const NOT_REGISTERED = ["SPCD0001", "SPCD0012"];
const MAINTENANCE = ["T0996", "T0997"];
