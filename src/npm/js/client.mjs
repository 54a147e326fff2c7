// PaypleClient: what a back end calls. Checks what only JavaScript can check, and turns look-ups into promises.

import { PaypleError } from "./error.mjs";
import { Host } from "./host.mjs";
import { expectJson } from "./json.mjs";
import { LookUp } from "./lookup.mjs";
import { currentInstance, giveUp, isUnderWay, newCore, start } from "./module.mjs";
import { reviewPayoutRequests } from "./review.mjs";
import { SealedStore } from "./store.mjs";
import { transportHint } from "./transport-hint.mjs";

export { PaypleError, reviewPayoutRequests };

export class PaypleClient {
  #options;
  #core;
  #host;
  #instance;

  constructor(options) {
    if (inWebPage()) {
      throw invalidConfig(
        "PaypleClient does not run in a web page: credentials do not belong there. Use payple-edge/browser.",
      );
    }
    this.#options = checked(options);
    this.#live();
  }

  async lookupPayoutRequests(groupKey, options) {
    const expect = options?.expect === undefined ? undefined : expectJson(options.expect);
    return this.#lookUp("groupKey", groupKey, options, PAYOUT_LOOKUP_OPTIONS, (core, timeoutMs) =>
      core.lookupPayoutRequests(groupKey, timeoutMs, expect),
    );
  }

  lookupBillingKey(payerId, options) {
    return this.#lookUp("payerId", payerId, options, LOOKUP_OPTIONS, (core, timeoutMs) =>
      core.lookupBillingKey(payerId, timeoutMs),
    );
  }

  async #lookUp(name, key, options = {}, known, begin) {
    if (typeof key !== "string") throw invalidInput(`${name} must be a string`);
    if (options === null || typeof options !== "object")
      throw invalidInput("the options of a look-up must be an object");
    refuseUnknown("the options of a look-up", options, known, invalidInput);
    const { signal, timeoutMs } = options;
    if (
      signal !== undefined &&
      !(typeof signal?.addEventListener === "function" && "aborted" in signal)
    ) {
      throw invalidInput("signal must be an AbortSignal");
    }
    if (signal?.aborted) throw aborted(signal);

    const { core, host } = this.#live();
    return new Promise((resolve, reject) => {
      let task;
      const onAbort = () => {
        reject(aborted(signal));
        giveUp(task);
      };
      const settle = (ok, value, transportError) => {
        signal?.removeEventListener("abort", onAbort);
        if (ok) resolve(value);
        else reject(failure(value, transportError));
      };
      task = start(new LookUp(host, settle), () => begin(core, timeoutMs));
      if (isUnderWay(task)) signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** The Rust side in the instance that runs now. */
  #live() {
    const instance = currentInstance();
    if (this.#instance !== instance) {
      const { settings, fetch, tokenStore, onExchangeStart, onExchange } = this.#options;
      const store = tokenStore && new SealedStore(tokenStore, partners(settings));
      this.#host = new Host({ fetch, store, onExchangeStart, onExchange, instance });
      this.#core = newCore(settings, this.#host);
      this.#instance = instance;
    }
    return { core: this.#core, host: this.#host };
  }

  toJSON() {
    return { environment: this.#options.settings.environment };
  }

  get [Symbol.toStringTag]() {
    return "PaypleClient";
  }

  [Symbol.for("nodejs.util.inspect.custom")]() {
    return `PaypleClient { environment: '${this.#options.settings.environment}' }`;
  }
}

/** The options, those that are functions or objects with functions checked; Rust checks the rest. */
function checked(options) {
  if (options === null || typeof options !== "object")
    throw invalidConfig("options must be an object");
  refuseUnknown("options", options, CLIENT_OPTIONS, invalidConfig);
  for (const [name, known] of Object.entries(NESTED_OPTIONS)) {
    const nested = options[name];
    if (nested !== null && typeof nested === "object")
      refuseUnknown(name, nested, known, invalidConfig);
  }
  const { fetch, tokenStore, onExchangeStart, onExchange, ...rest } = options;
  for (const [name, value] of Object.entries({ fetch, onExchangeStart, onExchange })) {
    if (value !== undefined && typeof value !== "function")
      throw invalidConfig(`${name} must be a function`);
  }
  for (const method of tokenStore === undefined ? [] : ["get", "set", "delete"]) {
    if (typeof tokenStore?.[method] !== "function")
      throw invalidConfig(`tokenStore must have a method ${method}`);
  }
  const settings = {};
  for (const name of SETTINGS) {
    if (rest[name] !== undefined) settings[name] = copied(rest[name]);
  }
  // Looked up at the call: tests and tracers replace the global later.
  return {
    settings,
    tokenStore,
    onExchangeStart,
    onExchange,
    fetch: fetch ?? ((...request) => globalThis.fetch(...request)),
  };
}

/** An option that is not known would be skipped in silence: a comparison not made, or the real Payple asked. */
function refuseUnknown(where, options, known, invalid) {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  // What looks like anything else than a name may be a value that went astray.
  const shown = /^[A-Za-z_]{1,32}$/.test(unknown) ? unknown : "…";
  throw invalid(`${where} must not have "${shown}"; known are ${known.join(", ")}`);
}

/** Plain data of its own, so that what the caller changes later changes nothing here. */
function copied(value) {
  return value !== null && typeof value === "object" ? { ...value } : value;
}

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
    typeof WorkerGlobalScope !== "undefined" &&
    globalThis.navigator?.userAgent?.startsWith("Mozilla/") === true
  );
}

/** What a look-up rejects with: an error already, or its details as the core has them. */
function failure(details, transportError) {
  if (details instanceof PaypleError) return details;
  if (transportError === undefined) return new PaypleError(details);
  return new PaypleError({ ...transportHint(transportError), ...details, cause: transportError });
}

function aborted(signal) {
  return new PaypleError({
    kind: "aborted",
    message: "the look-up was aborted by the caller",
    cause: signal.reason,
  });
}

function invalidInput(message) {
  return new PaypleError({ kind: "invalid_input", message });
}

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
