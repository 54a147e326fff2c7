// One look-up under way: how it ends, its id, and the async context of its caller.

export class LookUp {
  /** @type {string | undefined} */
  #id;
  /** What to run in the caller's context, in order. @type {(() => void)[]} */
  #acts = [];
  #wake = () => {};

  /**
   * @param {{ abandon(): void }} host
   * @param {(ok: boolean, value: any, transportError?: unknown) => void} settle
   * @param {number} [timeoutMs] what was asked for, for one exchange
   * @param {import("./observer.mjs").ObservedLookUp} [observed]
   */
  constructor(host, settle, timeoutMs, observed) {
    this.host = host;
    this.settle = settle;
    this.timeoutMs = timeoutMs;
    this.observed = observed;
    this.#listen();
  }

  /** The same in all its events. Random: look-ups run in many places at once. */
  get id() {
    this.#id ??= Array.from(crypto.getRandomValues(new Uint8Array(8)), hex).join("");
    return this.#id;
  }

  /**
   * Runs `act` soon, in the async context in which this look-up was begun (`AsyncLocalStorage`,
   * OpenTelemetry).
   *
   * One turn of the module may serve many look-ups, in the context of whoever happened to be woken.
   * A promise's reaction runs in the context in which it was registered, in every runtime and
   * without asking for its API.
   * @param {() => void} act
   */
  inContext(act) {
    this.#acts.push(act);
    this.#wake();
  }

  #listen() {
    new Promise((wake) => {
      this.#wake = () => wake(undefined);
    }).then(() => {
      const acts = this.#acts;
      this.#acts = [];
      this.#listen();
      for (const act of acts) act();
    });
  }
}

/** @param {number} byte */
function hex(byte) {
  return byte.toString(16).padStart(2, "0");
}
