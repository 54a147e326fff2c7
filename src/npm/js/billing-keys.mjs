// Many billing keys: a few look-ups at a time, so many begun a second, and never more results kept than that.
//
// Pull-based: what is not taken is not replaced by another look-up, and a key is taken from its source only right before
// it is looked up. So any number of keys costs the memory of `concurrency` look-ups.

/**
 * @param {(payerId: unknown, options: { signal: AbortSignal, timeoutMs?: number }) => Promise<object>} lookUp
 * @param {unknown} payerIds
 * @param {() => { concurrency?: number, perSecond?: number, signal?: AbortSignal, timeoutMs?: number }} checkedOptions
 * @param {(details: object) => Error} failure
 */
export async function* lookUpMany(lookUp, payerIds, checkedOptions, failure) {
  const { concurrency = 4, perSecond = 5, signal, timeoutMs } = checkedOptions();
  const source = iteratorOf(payerIds);
  if (source === undefined) throw failure(NO_ITERABLE);
  const pace = new Pace(1_000 / perSecond);
  const change = new Change();
  const own = new AbortController();
  const onAbort = () => own.abort(signal.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) onAbort();
  own.signal.addEventListener("abort", change.tell);

  const results = [];
  const outage = new Outage(Math.max(20, 5 * concurrency));
  let [index, underWay] = [0, 0];
  let [isAsking, isDry] = [false, false];
  /** Why it ends before its time. @type {{ error: unknown } | undefined} */
  let end;

  const begin = async (payerId) => {
    const asked = { index: index++, payerId };
    underWay += 1;
    try {
      const outcome = await outcomeOf(lookUp(payerId, { signal: own.signal, timeoutMs }));
      const { error } = outcome;
      if (error !== undefined && (endsAll(error) || outage.isSure(error))) end ??= { error };
      else results.push({ ...asked, ...outcome });
      if (error === undefined) outage.isOver();
    } finally {
      underWay -= 1;
      change.tell();
    }
  };
  const ask = async () => {
    isAsking = true;
    try {
      const { done, value } = await source.next();
      if (done) isDry = true;
      else if (!own.signal.aborted && end === undefined) {
        pace.begun();
        begin(value);
      }
    } catch (error) {
      end ??= { error };
      isDry = true;
    } finally {
      isAsking = false;
      change.tell();
    }
  };

  try {
    for (;;) {
      const changed = change.next();
      if (own.signal.aborted) throw failure({ ...ABORTED, cause: signal.reason });
      const isFree = underWay + results.length < concurrency;
      if (isFree && !isAsking && !isDry && end === undefined && pace.isDue(change.tell)) ask();
      if (results.length > 0) yield results.shift();
      else if (underWay > 0) await changed;
      else if (end !== undefined) throw end.error;
      else if (isDry) return;
      else await changed;
    }
  } finally {
    // Also where the caller leaves the loop: nothing goes on behind its back.
    pace.stop();
    signal?.removeEventListener("abort", onAbort);
    own.abort();
    if (!isDry) await leave(source, isAsking);
  }
}

async function outcomeOf(lookUp) {
  try {
    return { status: "registered", billingKey: await lookUp };
  } catch (error) {
    const { kind, code, message } = error;
    if (kind === "rejected" && NOT_REGISTERED.includes(code))
      return { status: "not_registered", code, message };
    return { status: "failed", error };
  }
}

/** No other key would fare better. */
function endsAll({ kind, code }) {
  return (
    kind === "authentication" ||
    kind === "invalid_config" ||
    kind === "aborted" ||
    MAINTENANCE.includes(code)
  );
}

/** Payple cannot be reached or does not answer, so many times in a row that it is none of the keys. */
class Outage {
  #limit;
  #inARow = 0;

  constructor(limit) {
    this.#limit = limit;
  }

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
  #timer;

  constructor(intervalMs) {
    this.#intervalMs = intervalMs;
  }

  /** Whether now; if not, `tell` is called once it is. */
  isDue(tell) {
    const leftMs = this.#nextAt - performance.now();
    if (leftMs <= 0) return true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(tell, Math.ceil(leftMs));
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
      this.#told = resolve;
    });
  }

  tell = () => this.#told();
}

/** An iterator of anything that can be iterated, whether its values come at once or later. */
function iteratorOf(payerIds) {
  if (typeof payerIds === "string") return undefined;
  const begin = payerIds?.[Symbol.asyncIterator] ?? payerIds?.[Symbol.iterator];
  return typeof begin === "function" ? begin.call(payerIds) : undefined;
}

/** Tells the source that no more is wanted. One that is being asked answers that first: it is not waited for. */
async function leave(source, isAsking) {
  const left = Promise.resolve(source.return?.()).catch(() => {});
  if (!isAsking) await left;
}

const NO_ITERABLE = {
  kind: "invalid_input",
  message: "payerIds must be an iterable of strings, such as an array",
};
const ABORTED = { kind: "aborted", message: "the look-ups were aborted by the caller" };
// Which codes this very call has for it is published nowhere; these are another family's.
const NOT_REGISTERED = ["SPCD0001", "SPCD0012"];
const MAINTENANCE = ["T0996", "T0997"];
