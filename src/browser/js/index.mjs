// EdgeClient, `payple-edge/browser`: asks the Worker from a web page.
//
// The caller's signal and the clock stay on this side. The module never sees the caller's signal
// (gloo-net panics at one aborted with a reason that is not an Error), and each promise settles
// here, whatever becomes of the module: if it panics, the calls under way reject with kind
// `internal` and the next call gets a fresh instance.
//
// `#glue` is wasm-bindgen's output, `#wasm` where the module is, or what it is.

import init, * as wasm from "#glue";
import source from "#wasm";
import { onAbort } from "../../npm/js/abort.mjs";
import { calledFrom, callSite, withCaller } from "../../npm/js/call-site.mjs";
import { PaypleError } from "../../npm/js/error.mjs";
import { insideOf as insideOfClient, keepInside } from "../../npm/js/inside.mjs";
import { expectJson } from "../../npm/js/json.mjs";
import { checkSignal, checkText, checkTimeout, readOptions } from "../../npm/js/options.mjs";

export { PaypleError };

/**
 * @import { CallOptions, EdgeClientOptions, HeadersLike, PayoutCallOptions } from "./index.d.ts"
 * @import { BillingKeyResult } from "../../npm/js/index.d.ts"
 * @import { BillingKey, BillingKeyOutcome, PayoutRequestGroup } from "../../npm/js/models.d.ts"
 * @import { Session } from "../../npm/js/models.d.ts"
 * @import { ErrorDetails } from "../../npm/js/error.mjs"
 */

/**
 * What a call carries into the module.
 * @typedef {{ base: string, headers: Headers, signal: AbortSignal }} Call
 */

/**
 * What is asked of the module; wasm-bindgen knows no type of what an answer resolves to.
 * @template T
 * @typedef {(module: typeof wasm, call: Call) => Promise<T>} Question
 */

export class EdgeClient {
  /** Also where a bundler renames classes. */
  static get name() {
    return NAME;
  }

  /** @param {EdgeClientOptions} [options] */
  constructor(options = {}) {
    const given = readOptions("options", options ?? {}, CLIENT_OPTIONS, "invalid_config");
    keepInside(this, NAME, new Inside(given));
  }

  /**
   * @param {string} groupKey
   * @param {PayoutCallOptions} [options]
   * @returns {Promise<PayoutRequestGroup>}
   */
  async lookupPayoutRequests(groupKey, options) {
    return calledFrom(callSite(EdgeClient.prototype.lookupPayoutRequests), async () => {
      checkText("groupKey", groupKey);
      const given = checkedCallOptions(options, PAYOUT_CALL_OPTIONS);
      const expect = given.expect === undefined ? undefined : expectJson(given.expect);
      return insideOf(this).ask(given, (module, call) =>
        module.lookupPayoutRequests(call, groupKey, expect),
      );
    });
  }

  /**
   * @param {string} payerId
   * @param {CallOptions} [options]
   * @returns {Promise<BillingKey>}
   */
  async lookupBillingKey(payerId, options) {
    return calledFrom(callSite(EdgeClient.prototype.lookupBillingKey), async () => {
      checkText("payerId", payerId);
      const given = checkedCallOptions(options);
      return insideOf(this).ask(given, (module, call) => module.lookupBillingKey(call, payerId));
    });
  }

  /**
   * @param {readonly string[]} payerIds
   * @param {CallOptions} [options]
   * @returns {Promise<BillingKeyResult[]>}
   */
  async lookupBillingKeys(payerIds, options) {
    const caller = callSite(EdgeClient.prototype.lookupBillingKeys);
    return calledFrom(caller, async () => {
      if (!Array.isArray(payerIds))
        throw new PaypleError({ kind: "invalid_input", message: "payerIds must be an array" });
      for (const [at, payerId] of payerIds.entries()) checkText(`payerIds[${at}]`, payerId);
      const given = checkedCallOptions(options);
      /** @type {Question<{ results: BillingKeyOutcome[] }>} */
      const question = (module, call) => module.lookupBillingKeys(call, [...payerIds]);
      const { results } = await insideOf(this).ask(given, question);
      return results.map((result) =>
        result.status === "failed"
          ? { ...result, error: withCaller(failureOf(result.error), caller) }
          : result,
      );
    });
  }

  /**
   * @param {string} token
   * @param {CallOptions} [options]
   */
  async signIn(token, options) {
    return calledFrom(callSite(EdgeClient.prototype.signIn), async () => {
      checkText("token", token);
      const given = checkedCallOptions(options);
      await insideOf(this).ask(given, (module, call) => module.signIn(call, token));
    });
  }

  /**
   * @param {CallOptions} [options]
   * @returns {Promise<Session | null>}
   */
  async session(options) {
    return calledFrom(callSite(EdgeClient.prototype.session), async () => {
      const given = checkedCallOptions(options);
      try {
        return await insideOf(this).ask(given, (module, call) => module.session(call));
      } catch (error) {
        if (isSignedOut(error)) return null;
        throw error;
      }
    });
  }

  /** @param {CallOptions} [options] */
  async signOut(options) {
    return calledFrom(callSite(EdgeClient.prototype.signOut), async () => {
      const given = checkedCallOptions(options);
      await insideOf(this).ask(given, (module, call) => module.signOut(call));
    });
  }

  /** Shows nothing: the headers may hold a token. */
  toJSON() {
    return {};
  }
}

const NAME = "EdgeClient";

/** @param {unknown} client */
function insideOf(client) {
  return insideOfClient(client, Inside, { name: NAME, variable: "edge" });
}

/** A client's inside, whose private fields no printing shows. */
class Inside {
  #base;
  #headers;
  #timeoutMs;

  /** @param {EdgeClientOptions} options whose names are known */
  constructor({ baseUrl = "/", headers = {}, token, timeoutMs = DEFAULT_TIMEOUT_MS }) {
    this.#base = absolute(baseUrl);
    this.#headers = checkedHeaders(headers, token);
    checkTimeout(timeoutMs, "invalid_config");
    this.#timeoutMs = timeoutMs;
  }

  /**
   * @template T
   * @param {CallOptions} options as checked
   * @param {Question<T>} question
   * @returns {Promise<T>}
   */
  ask({ signal, timeoutMs = this.#timeoutMs }, question) {
    return new Promise((resolve, reject) => {
      const own = new AbortController();
      let forget = () => {};
      const settle = (/** @type {() => void} */ end) => {
        clearTimeout(timer);
        forget();
        end();
        own.abort();
      };
      const fail = (/** @type {PaypleError | ErrorDetails} */ details) =>
        settle(() => reject(details instanceof PaypleError ? details : new PaypleError(details)));
      const giveUp = () =>
        fail({
          kind: "aborted",
          message: "the look-up was aborted by the caller",
          cause: signal?.reason,
        });
      const onTime = () =>
        fail({ kind: "timeout", message: "the Worker did not answer in time", retryable: true });
      const timer = setTimeout(onTime, timeoutMs);
      if (signal?.aborted) return giveUp();
      forget = onAbort(signal ?? undefined, giveUp);

      const call = { base: this.#base, headers: this.#headers, signal: own.signal };
      const onFall = () => fail({ kind: "internal", message: "the WebAssembly module panicked" });
      current ??= new Instance();
      current
        .run((module) => question(module, call), own.signal, onFall)
        .then(
          (value) => settle(() => resolve(value)),
          (error) => fail(asDetails(error)),
        );
    });
  }
}

/**
 * 401, or sent elsewhere to sign in; Payple refusing the *partner* has a phase.
 * @param {unknown} error
 */
function isSignedOut(error) {
  return error instanceof PaypleError && error.kind === "authentication" && !("phase" in error);
}

/**
 * The options of a call; `null` is as good as absent, as a signal, too.
 * @param {PayoutCallOptions | null} [options]
 * @param {readonly string[]} [known]
 */
function checkedCallOptions(options, known = CALL_OPTIONS) {
  const given = readOptions("the options of a call", options ?? {}, known, "invalid_input");
  checkSignal(given.signal ?? undefined);
  if (given.timeoutMs !== undefined) checkTimeout(given.timeoutMs, "invalid_input");
  return given;
}

/** @param {string} baseUrl */
function absolute(baseUrl) {
  try {
    const url = new URL(baseUrl, globalThis.location?.href);
    if (!/^https?:$/.test(url.protocol) || url.username || url.password) throw new TypeError();
    url.search = url.hash = "";
    return url.href.endsWith("/") ? url.href : `${url.href}/`;
  } catch {
    throw new PaypleError({
      kind: "invalid_config",
      message: "baseUrl must be an http(s) address, absolute or relative to the page",
    });
  }
}

/**
 * The browser's own check: a header that it takes here cannot make gloo-net panic.
 * @param {HeadersLike} headers
 * @param {string | undefined} token
 */
function checkedHeaders(headers, token) {
  if (token !== undefined && typeof token !== "string")
    throw new PaypleError({ kind: "invalid_config", message: "token must be a string" });
  let checked;
  try {
    checked = new Headers(/** @type {HeadersInit} */ (headers));
    if (token !== undefined) checked.set("authorization", `Bearer ${token}`);
  } catch {
    throw new PaypleError({
      kind: "invalid_config",
      message: "headers or token cannot be sent as HTTP headers",
    });
  }
  checked.set("accept", "application/json, application/problem+json");
  checked.set("content-type", "application/json");
  return checked;
}

/**
 * The error of one key among many.
 * @param {Extract<BillingKeyOutcome, { status: "failed" }>["error"]} details
 */
function failureOf(details) {
  return /** @type {import("../../npm/js/index.d.ts").PaypleError} */ (
    /** @type {unknown} */ (new PaypleError({ ...details }))
  );
}

/**
 * What the module throws are plain details; anything else is a fault of ours.
 * @param {unknown} error
 * @returns {ErrorDetails}
 */
function asDetails(error) {
  const details = /** @type {ErrorDetails | null | undefined} */ (error);
  if (typeof details?.kind === "string") return details;
  return { kind: "internal", message: "the WebAssembly module failed", cause: error };
}

/**
 * One life of the WebAssembly module: from its loading to its panic, which most pages never see.
 */
class Instance {
  /** @type {Set<() => void>} */
  #calls = new Set();
  #ready = start().then(
    () => wasm.onPanic(() => this.#fall()),
    (cause) => {
      this.#forget();
      throw new PaypleError({
        kind: "unavailable",
        message: "the WebAssembly module could not be loaded",
        retryable: true,
        cause,
      });
    },
  );

  /**
   * Asks, unless `signal` is aborted by then. `onFall` is called if this instance panics while
   * `signal` is not.
   * @template T
   * @param {(module: typeof wasm) => Promise<T>} question
   * @param {AbortSignal} signal
   * @param {() => void} onFall
   */
  async run(question, signal, onFall) {
    await this.#ready;
    signal.throwIfAborted();
    this.#calls.add(onFall);
    signal.addEventListener("abort", () => this.#calls.delete(onFall));
    return question(wasm);
  }

  #fall() {
    this.#forget();
    for (const onFall of this.#calls) onFall();
  }

  /** The next call starts a new life. */
  #forget() {
    if (current === this) current = undefined;
  }
}

/** @type {Instance | undefined} */
let current;
let isCompiled = false;

async function start() {
  if (isCompiled) return wasm.__wbg_reset_state();
  await init({ module_or_path: source() });
  isCompiled = true;
}

const CLIENT_OPTIONS = ["baseUrl", "headers", "token", "timeoutMs"];
const CALL_OPTIONS = ["signal", "timeoutMs"];
const PAYOUT_CALL_OPTIONS = [...CALL_OPTIONS, "expect"];
const DEFAULT_TIMEOUT_MS = 60_000;
