// What JavaScript does for one client's core: network, clock, timers, randomness, the shared store,
// events.
//
// Everything slow is begun under a number and completed later, never inside the call that began it;
// and in the async context of the look-up that asks for it.

import { completed, serve, servedLookUp, settled } from "./module.mjs";
import { groupOf } from "./rows.mjs";
import { TextEncoder } from "./text.mjs";

/**
 * @import { ExchangeEvent, ExchangeStartEvent } from "./index.d.ts"
 * @import { FetchLike, FetchLikeInit, FetchLikeResponse } from "./index.d.ts"
 * @import { LookUp } from "./lookup.mjs"
 * @import { SealedStore, Service } from "./store.mjs"
 */

/**
 * Why there is no reply, with the transport's own error.
 * @typedef {{ reason: "too_large" | "timeout" | "unreachable", transportError?: unknown }} Fault
 */

/** The most that is read of one reply; the core says the same. */
const MAX_REPLY_BYTES = 16 * 1024 * 1024;
/** @type {Fault} */
const TOO_LARGE = { reason: "too_large" };
const encoder = new TextEncoder();

export class Host {
  #fetch;
  #store;
  #onExchangeStart;
  #onExchange;
  #instance;
  /**
   * Whose an operation is, and what to undo when it is not wanted any more, by number.
   * @type {Map<number, Asked>}
   */
  #open = new Map();

  /**
   * @param {object} parts
   * @param {FetchLike} parts.fetch
   * @param {SealedStore} [parts.store]
   * @param {(event: ExchangeStartEvent) => unknown} [parts.onExchangeStart]
   * @param {(event: ExchangeEvent) => unknown} [parts.onExchange]
   * @param {number} parts.instance
   */
  constructor({ fetch, store, onExchangeStart, onExchange, instance }) {
    this.#fetch = fetch;
    this.#store = store;
    this.#onExchangeStart = onExchangeStart;
    this.#onExchange = onExchange;
    this.#instance = instance;
  }

  now() {
    return Date.now();
  }

  /** @param {Uint8Array} bytes */
  random(bytes) {
    // A copy: some runtimes refuse to fill WebAssembly's own memory.
    bytes.set(crypto.getRandomValues(new Uint8Array(bytes.length)));
    return true;
  }

  /**
   * @param {number} operation
   * @param {string} url
   * @param {string} headers as JSON
   * @param {string} body
   * @param {number} timeoutMs
   */
  send(operation, url, headers, body, timeoutMs) {
    const { observed } = servedLookUp();
    this.#begin(operation, (undoBy) => {
      const controller = new AbortController();
      undoBy(() => controller.abort());
      /** @type {FetchLikeInit} */
      const request = {
        method: "POST",
        headers: JSON.parse(headers),
        body,
        redirect: "manual",
        signal: controller.signal,
      };
      const exchange = () => exchangeOnce(this.#fetch, url, request);
      const asked = observed === undefined ? exchange() : observed.runExchange(url, exchange);
      return inTime(asked, timeoutMs, controller);
    });
  }

  /**
   * @param {number} operation
   * @param {number} durationMs
   */
  sleep(operation, durationMs) {
    this.#begin(
      operation,
      (undoBy) =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, durationMs);
          undoBy(() => clearTimeout(timer));
        }),
    );
  }

  /**
   * @param {number} operation
   * @param {Service} service
   */
  loadToken(operation, service) {
    const { timeoutMs } = servedLookUp();
    this.#begin(operation, async () => this.#store?.load(service, timeoutMs));
  }

  /**
   * @param {number} operation
   * @param {Service} service
   * @param {string} token
   * @param {number} lifetimeMs
   */
  saveToken(operation, service, token, lifetimeMs) {
    const { timeoutMs } = servedLookUp();
    this.#begin(operation, async () => this.#store?.save(service, token, lifetimeMs, timeoutMs));
  }

  /**
   * @param {number} operation
   * @param {Service} service
   */
  deleteToken(operation, service) {
    const { timeoutMs } = servedLookUp();
    this.#begin(operation, async () => this.#store?.delete(service, timeoutMs));
  }

  get listens() {
    return (
      this.#onExchange !== undefined ||
      this.#onExchangeStart !== undefined ||
      servedLookUp()?.observed !== undefined
    );
  }

  /** @param {string} json */
  reportStart(json) {
    const { lookUp, event } = /** @type {Told<ExchangeStartEvent>} */ (told(json));
    lookUp.observed?.exchangeBegins(event);
    tell(this.#onExchangeStart, lookUp, event);
  }

  /** @param {string} json */
  report(json) {
    const { lookUp, event } = /** @type {Told<ExchangeEvent>} */ (told(json));
    lookUp.observed?.exchangeEnds(event);
    tell(this.#onExchange, lookUp, event);
  }

  /** Its outcome has been taken, or is not wanted any more. @param {number} operation */
  cancel(operation) {
    const asked = this.#open.get(operation);
    if (asked === undefined) return;
    this.#open.delete(operation);
    serve(asked.lookUp);
    asked.undo?.();
  }

  /**
   * @param {number} task
   * @param {boolean} ok
   * @param {string} json
   */
  settle(task, ok, json) {
    settled(task, ok, JSON.parse(json));
  }

  /**
   * @param {number} task
   * @param {string} json
   * @param {string} texts
   * @param {Uint32Array} places
   * @param {Float64Array} won
   */
  settleGroup(task, json, texts, places, won) {
    settled(task, true, groupOf(json, texts, places, won));
  }

  /** The instance broke: nothing that is open will be asked for any more. */
  abandon() {
    for (const operation of [...this.#open.keys()]) this.cancel(operation);
  }

  /**
   * @param {number} operation
   * @param {(undoBy: (undo: () => void) => void) => Promise<unknown>} act
   */
  #begin(operation, act) {
    /** @type {Asked} */
    const asked = { lookUp: servedLookUp() };
    this.#open.set(operation, asked);
    asked.lookUp.inContext(() => {
      if (this.#open.get(operation) !== asked) return;
      const end = (/** @type {Parameters<typeof completed>[1]} */ outcome) => {
        asked.undo = undefined;
        completed({ operation, of: this.#instance, lookUp: asked.lookUp }, outcome);
      };
      const outcome = act((undo) => {
        asked.undo = undo;
      });
      outcome.then(
        (value) => end({ ok: true, value }),
        (fault) => end({ ok: false, value: fault?.reason, transportError: fault?.transportError }),
      );
    });
  }
}

/**
 * Whose an operation is, and what to undo when it is not wanted any more.
 * @typedef {{ lookUp: LookUp, undo?: (() => void) | undefined }} Asked
 */

/**
 * @template Event
 * @typedef {{ lookUp: LookUp, event: Event }} Told
 */

/** What an event says, and whose it is. @param {string} json */
function told(json) {
  const lookUp = servedLookUp();
  return { lookUp, event: { lookupId: lookUp.id, ...JSON.parse(json) } };
}

/**
 * Calls a listener later, because it may ask this very client something; and what it throws is its
 * own affair.
 * @template Event
 * @param {((event: Event) => unknown) | undefined} listener
 * @param {LookUp} lookUp
 * @param {Event} event
 */
function tell(listener, lookUp, event) {
  if (listener === undefined) return;
  lookUp.inContext(async () => {
    try {
      await listener(event);
    } catch {}
  });
}

/**
 * What `exchange` comes to, or `"timeout"`. Raced, because a fetch of the user's own may not heed
 * the signal.
 * @param {Promise<Reply>} exchange
 * @param {number} timeoutMs
 * @param {AbortController} controller
 */
async function inTime(exchange, timeoutMs, controller) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const timeUp = new Promise((_, reject) => {
    timer = setTimeout(() => reject({ reason: "timeout" }), timeoutMs);
  });
  try {
    return await Promise.race([exchange, timeUp]);
  } catch (fault) {
    // What is still under way is not wanted. After a whole reply nothing is, and to abort would
    // cost more than to ask did.
    controller.abort();
    throw fault;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * One HTTP exchange; where there is no reply, throws a `Fault`.
 * @param {FetchLike} fetch
 * @param {string} url
 * @param {FetchLikeInit} request
 */
async function exchangeOnce(fetch, url, request) {
  /** @type {FetchLikeResponse} */
  let response;
  try {
    response = await fetch(url, request);
  } catch (error) {
    throw { reason: "unreachable", transportError: error };
  }
  try {
    if (typeof response?.headers?.get !== "function")
      throw new TypeError("the option fetch gave no Response");
    // A runtime that hides redirects shows status 0; which one it was makes no difference.
    const status = response.type === "opaqueredirect" ? 302 : response.status;
    return new Reply(
      status,
      retryAfterSeconds(response.headers.get("retry-after")),
      await readBody(response, request.signal),
    );
  } catch (error) {
    throw error === TOO_LARGE ? error : { reason: "unreachable", transportError: error };
  }
}

/**
 * What came back. The core has the body written into its own memory: it is copied once, and in
 * pieces as it came.
 */
export class Reply {
  #pieces;

  /**
   * @param {number} status
   * @param {number | undefined} retryAfterS
   * @param {Uint8Array[]} pieces
   */
  constructor(status, retryAfterS, pieces) {
    this.status = status;
    this.retryAfterS = retryAfterS;
    this.#pieces = pieces;
  }

  get length() {
    return this.#pieces.reduce((length, piece) => length + piece.byteLength, 0);
  }

  /** @param {Uint8Array} memory */
  writeTo(memory) {
    let at = 0;
    for (const piece of this.#pieces) {
      memory.set(piece, at);
      at += piece.byteLength;
    }
  }
}

/**
 * The whole body in pieces, unless it grows beyond what is read of one reply.
 * @param {FetchLikeResponse} response
 * @param {AbortSignal} signal which a stream of the user's own may not heed
 */
async function readBody(response, signal) {
  const pieces = [];
  let length = 0;
  // Leaving the loop ends the stream.
  for await (const piece of piecesOf(response)) {
    if (signal.aborted) throw signal.reason;
    const bytes = bytesOf(piece);
    length += bytes.byteLength;
    if (length > MAX_REPLY_BYTES) throw TOO_LARGE;
    pieces.push(bytes);
  }
  return pieces;
}

/**
 * A piece of a body as bytes: streams of the user's own give any view of them, or texts.
 * @param {unknown} piece
 */
function bytesOf(piece) {
  if (ArrayBuffer.isView(piece))
    return new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
  if (typeof piece === "string") return encoder.encode(piece);
  // Also one of another realm.
  if (Object.prototype.toString.call(piece) === "[object ArrayBuffer]")
    return new Uint8Array(/** @type {ArrayBuffer} */ (piece));
  throw new TypeError("the option fetch gave a Response whose body is neither bytes nor text");
}

/**
 * A body as it comes: a web stream, a stream of Node's (`node-fetch`), or neither.
 * @param {FetchLikeResponse} response
 * @returns {AsyncGenerator<unknown>}
 */
async function* piecesOf(response) {
  const body = /** @type {Partial<ReadableStream<unknown>> | null | undefined} */ (response.body);
  if (typeof body?.getReader === "function") {
    const reader = body.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield value;
      }
    } finally {
      reader.cancel().catch(() => {});
    }
  } else if (typeof body?.[Symbol.asyncIterator] === "function") {
    yield* /** @type {AsyncIterable<unknown>} */ (body);
  } else {
    yield await response.arrayBuffer();
  }
}

/**
 * `Retry-After`, given in seconds or as a date, in whole seconds from now; `undefined` where there
 * is none to read.
 * @param {string | null} header
 */
function retryAfterSeconds(header) {
  if (!header) return undefined;
  const seconds = /^\s*\d+\s*$/.test(header)
    ? Number(header)
    : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
