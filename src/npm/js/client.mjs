// PaypleClient: what a back end calls. Checks what only JavaScript can check, and turns look-ups
// into promises.

import { onAbort } from "./abort.mjs";
import { lookUpMany } from "./billing-keys.mjs";
import { calledFrom, callSite, withCaller } from "./call-site.mjs";
import { PaypleError } from "./error.mjs";
import { hinted, withHint } from "./hints.mjs";
import { Host } from "./host.mjs";
import { insideOf as insideOfClient, keepInside } from "./inside.mjs";
import { expectJson } from "./json.mjs";
import { LookUp } from "./lookup.mjs";
import { currentInstance, giveUp, newCore, start } from "./module.mjs";
import { guarded, OBSERVE } from "./observer.mjs";
import { checkSignal, checkText, checkTimeout, readOptions } from "./options.mjs";
import { reviewPayoutRequests } from "./review.mjs";
import { SealedStore } from "./store.mjs";
import { transportHint } from "./transport-hint.mjs";

export { PaypleError, reviewPayoutRequests };

/**
 * @import { AbortSignalLike, FetchLike, PaypleClientOptions } from "./index.d.ts"
 * @import { BillingKeysOptions, LookupOptions, PayoutLookupOptions } from "./index.d.ts"
 * @import { BillingKey, PayoutRequestGroup } from "./models.d.ts"
 * @import { Core } from "#glue"
 * @import { ErrorDetails } from "./error.mjs"
 * @import { Observer } from "./observer.mjs"
 */

/**
 * @typedef {"lookupPayoutRequests" | "lookupBillingKey"} Operation
 * @typedef {(ok: boolean, value: any, transportError?: unknown) => void} Settle how a look-up ends:
 *   by its answer, or by its error
 * @typedef {Omit<PaypleClientOptions, "fetch" | "tokenStore" | "onExchangeStart" | "onExchange">}
 *   Settings what Rust checks
 * @typedef {Pick<PaypleClientOptions, "tokenStore" | "onExchangeStart" | "onExchange"> & { fetch:
 *   FetchLike, settings: Settings }} CheckedOptions
 */

export class PaypleClient {
  /** Also where a bundler renames classes. */
  static get name() {
    return NAME;
  }

  /** @param {PaypleClientOptions} options */
  constructor(options) {
    keepInside(
      this,
      NAME,
      hinted(() => new Inside(checked(options))),
    );
  }

  /**
   * @param {string} groupKey
   * @param {PayoutLookupOptions} [options]
   * @returns {Promise<PayoutRequestGroup>}
   */
  async lookupPayoutRequests(groupKey, options) {
    const caller = callSite(PaypleClient.prototype.lookupPayoutRequests);
    return explained(caller, async () => {
      const inside = insideOf(this);
      const { expect, ...given } = checkedLookupOptions(options, PAYOUT_LOOKUP_OPTIONS);
      const expectText = expect === undefined ? undefined : expectJson(expect);
      /** @type {Begin} */
      const begin = (core, timeoutMs) => core.lookupPayoutRequests(groupKey, timeoutMs, expectText);
      /** @type {Asked} */
      const asked = { operation: "lookupPayoutRequests", name: "groupKey", key: groupKey };
      return inside.lookUp(asked, given, begin);
    });
  }

  /**
   * @param {string} payerId
   * @param {LookupOptions} [options]
   * @returns {Promise<BillingKey>}
   */
  async lookupBillingKey(payerId, options) {
    const caller = callSite(PaypleClient.prototype.lookupBillingKey);
    return explained(caller, async () => {
      const inside = insideOf(this);
      const given = checkedLookupOptions(options, LOOKUP_OPTIONS);
      /** @type {Begin} */
      const begin = (core, timeoutMs) => core.lookupBillingKey(payerId, timeoutMs);
      /** @type {Asked} */
      const asked = { operation: "lookupBillingKey", name: "payerId", key: payerId };
      return inside.lookUp(asked, given, begin);
    });
  }

  /**
   * @param {Iterable<string> | AsyncIterable<string>} payerIds
   * @param {BillingKeysOptions} [options]
   */
  lookupBillingKeys(payerIds, options) {
    const caller = callSite(PaypleClient.prototype.lookupBillingKeys);
    const inside = hinted(() => insideOf(this));
    /** @type {<E>(error: E) => E} */
    const explain = (error) => withHint(withCaller(error, caller));
    /** @type {Parameters<typeof lookUpMany>[0]} */
    const lookUp = (payerId, timeoutMs, settle) => {
      checkText("payerId", payerId);
      /** @type {Begin} */
      const begin = (core, timeoutMs) => core.lookupBillingKey(payerId, timeoutMs);
      return inside.begin("lookupBillingKey", begin, timeoutMs, settle);
    };
    const checkedOptions = () => hinted(() => checkedBulkOptions(options));
    return lookUpMany(lookUp, payerIds, checkedOptions, explain);
  }

  /** For `payple-edge/opentelemetry`. @param {Observer} observer */
  [OBSERVE](observer) {
    insideOf(this).observe(observer);
  }

  toJSON() {
    return { environment: insideOf(this).environment };
  }

  [Symbol.for("nodejs.util.inspect.custom")]() {
    return `PaypleClient { environment: '${insideOf(this).environment}' }`;
  }
}

/**
 * What is asked, and the option or argument that names it.
 * @typedef {{ operation: Operation, name: string, key: unknown }} Asked
 * @typedef {(core: Core, timeoutMs: number | undefined) => number} Begin
 */

/** A client's inside, whose private fields no printing shows. */
class Inside {
  #options;
  /** @type {{ core: Core, host: Host, instance: number } | undefined} */
  #running;
  /** @type {Observer["begin"] | undefined} */
  #observe;

  /** @param {CheckedOptions} options */
  constructor(options) {
    this.#options = options;
    this.#live();
  }

  get environment() {
    return this.#options.settings.environment;
  }

  /** @param {Observer} observer */
  observe(observer) {
    this.#observe = guarded(observer);
  }

  /**
   * @param {Asked} asked
   * @param {LookupOptions} options as checked
   * @param {Begin} begin
   * @returns {Promise<any>} what the look-up says that it resolves to
   */
  async lookUp({ operation, name, key }, { signal, timeoutMs }, begin) {
    checkText(name, key);
    if (signal?.aborted) throw aborted(signal);
    return new Promise((resolve, reject) => {
      let forget = () => {};
      /** @type {Settle} */
      const settle = (ok, value) => {
        forget();
        if (ok) resolve(value);
        else reject(value);
      };
      const drop = this.begin(operation, begin, timeoutMs, settle);
      forget = onAbort(signal, () => {
        reject(aborted(signal));
        drop();
      });
    });
  }

  /**
   * Begins a look-up and returns how to give it up. `settle` is called once it is over; where this
   * throws, or where it is given up, what `settle` hears does not count.
   * @param {Operation} operation
   * @param {Begin} begin
   * @param {number | undefined} timeoutMs
   * @param {Settle} settle
   */
  begin(operation, begin, timeoutMs, settle) {
    if (this.#options.fetch === globalFetch && typeof globalThis.fetch !== "function")
      throw noFetch();
    const { core, host } = this.#live();
    const observed = this.#observe?.(operation, this.environment);
    /** @type {Settle} */
    const end = (ok, value, transportError) => {
      const outcome = ok ? value : failure(value, transportError);
      observed?.end(ok, outcome);
      settle(ok, outcome);
    };
    const waitMs = timeoutMs ?? this.#options.settings.timeoutMs;
    const act = () => start(new LookUp(host, end, waitMs, observed), () => begin(core, timeoutMs));
    try {
      const task = observed === undefined ? act() : observed.run(act);
      return () => {
        giveUp(task);
        observed?.end(false, { kind: "aborted" });
      };
    } catch (error) {
      observed?.end(false, error);
      throw error;
    }
  }

  /** The Rust side in the instance that runs now. */
  #live() {
    const instance = currentInstance();
    if (this.#running?.instance !== instance) {
      const { settings, fetch, tokenStore, onExchangeStart, onExchange } = this.#options;
      const store = tokenStore && new SealedStore(tokenStore, partners(settings));
      const host = new Host({ fetch, store, onExchangeStart, onExchange, instance });
      this.#running = { core: newCore(settings, host), host, instance };
    }
    return this.#running;
  }
}

const NAME = "PaypleClient";

/** @param {unknown} client */
function insideOf(client) {
  return insideOfClient(client, Inside, { name: NAME, variable: "payple" });
}

/**
 * The options, those that are functions or objects with functions checked; Rust checks the rest.
 * @param {PaypleClientOptions} options
 * @returns {CheckedOptions}
 */
function checked(options) {
  if (inWebPage()) {
    throw invalidConfig(
      "PaypleClient does not run in a web page: credentials do not belong there. Use payple-edge/browser.",
    );
  }
  const { fetch, tokenStore, onExchangeStart, onExchange, ...settings } = readOptions(
    "options",
    options,
    CLIENT_OPTIONS,
    "invalid_config",
  );
  for (const [name, known] of Object.entries(NESTED_OPTIONS)) {
    const given = /** @type {Record<string, unknown>} */ (settings);
    const nested = given[name];
    // Rust says what is wrong with anything else.
    if (nested !== null && typeof nested === "object")
      given[name] = readOptions(name, nested, known, "invalid_config");
  }
  for (const [name, value] of Object.entries({ fetch, onExchangeStart, onExchange })) {
    if (value !== undefined && typeof value !== "function")
      throw invalidConfig(`${name} must be a function`);
  }
  /** @type {("get" | "set" | "delete")[]} */
  const methods = tokenStore === undefined ? [] : ["get", "set", "delete"];
  for (const method of methods) {
    if (typeof tokenStore?.[method] !== "function")
      throw invalidConfig(`tokenStore must have a method ${method}`);
  }
  return { settings, tokenStore, onExchangeStart, onExchange, fetch: fetch ?? globalFetch };
}

/** Looked up at the call: tests and tracers replace the global later. @type {FetchLike} */
function globalFetch(address, init) {
  return globalThis.fetch(address, init);
}

/**
 * The options of a look-up; of its numbers Rust checks the time.
 * @template {LookupOptions} Options
 * @param {Options | undefined} options
 * @param {string[]} known
 */
function checkedLookupOptions(options, known) {
  const none = /** @type {Options} */ ({});
  const all = options === undefined ? none : options;
  const given = readOptions("the options of a look-up", all, known, "invalid_input");
  checkSignal(given.signal);
  return given;
}

/** @param {BillingKeysOptions} [options] */
function checkedBulkOptions(options) {
  const given = checkedLookupOptions(options, BULK_OPTIONS);
  const { concurrency, perSecond, timeoutMs } = given;
  const isPossible = (/** @type {number} */ value) =>
    Number.isInteger(value) && value >= 1 && value <= MAX_CONCURRENCY;
  if (concurrency !== undefined && !isPossible(concurrency))
    throw invalidInput(`concurrency must be a whole number from 1 to ${MAX_CONCURRENCY}`);
  if (perSecond !== undefined && !(Number.isFinite(perSecond) && perSecond > 0))
    throw invalidInput("perSecond must be a finite number above 0");
  if (timeoutMs !== undefined) checkTimeout(timeoutMs, "invalid_input");
  return given;
}

/** @param {Settings} settings */
function partners({ environment, cstId, custKey, hubCredentials, origins }) {
  const common = { environment, cstId, custKey };
  return {
    hub: { ...common, ...hubCredentials, origin: origins?.hub },
    cpay: { ...common, origin: origins?.cpay },
  };
}

function inWebPage() {
  if (globalThis.process?.versions?.node) return false;
  if (typeof document !== "undefined") return true;
  return (
    "WorkerGlobalScope" in globalThis &&
    globalThis.navigator?.userAgent?.startsWith("Mozilla/") === true
  );
}

/**
 * What `act` comes to; its error says who asked, and what to do about it.
 * @template T
 * @param {ReturnType<typeof callSite>} caller
 * @param {() => Promise<T>} act
 */
function explained(caller, act) {
  return calledFrom(caller, act, withHint);
}

/**
 * What a look-up rejects with: its details as the core has them, and what the transport said.
 * @param {ErrorDetails} details
 * @param {unknown} transportError
 */
function failure(details, transportError) {
  if (transportError === undefined) return new PaypleError(details);
  return new PaypleError({ ...transportHint(transportError), ...details, cause: transportError });
}

/** @param {AbortSignalLike | undefined} signal */
function aborted(signal) {
  return new PaypleError({
    kind: "aborted",
    message: "the look-up was aborted by the caller",
    cause: signal?.reason,
  });
}

function noFetch() {
  return new PaypleError({
    kind: "invalid_config",
    message: "this runtime has no fetch, and the option fetch is not given",
    hint: "Jest's jsdom environment has none: use the node environment, or hand one over as the option fetch.",
    hintKo:
      "Jest의 jsdom 환경에는 fetch가 없습니다. node 환경을 사용하거나 fetch 옵션으로 넘기세요.",
  });
}

/** @param {string} message */
function invalidInput(message) {
  return new PaypleError({ kind: "invalid_input", message });
}

/** @param {string} message */
function invalidConfig(message) {
  return new PaypleError({ kind: "invalid_config", message });
}

/** What Rust checks. */
const SETTINGS = [
  "environment",
  "cstId",
  "custKey",
  "hubCredentials",
  "referer",
  "timeoutMs",
  "maxRetries",
  "origins",
];
const CLIENT_OPTIONS = [...SETTINGS, "fetch", "tokenStore", "onExchangeStart", "onExchange"];
const NESTED_OPTIONS = { hubCredentials: ["cstId", "custKey"], origins: ["hub", "cpay"] };
const LOOKUP_OPTIONS = ["signal", "timeoutMs"];
const PAYOUT_LOOKUP_OPTIONS = [...LOOKUP_OPTIONS, "expect"];
const BULK_OPTIONS = [...LOOKUP_OPTIONS, "concurrency", "perSecond"];

const MAX_CONCURRENCY = 100;
