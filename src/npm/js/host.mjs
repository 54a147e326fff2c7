// What JavaScript does for one client's core: network, clock, timers, randomness, the shared store, events.
//
// Everything slow is begun under a number and completed later, never inside the call that began it.

import { completed, settled } from "./module.mjs";
import { groupOf } from "./rows.mjs";

/** The most that is read of one reply; the core says the same. */
const MAX_REPLY_BYTES = 16 * 1024 * 1024;

export class Host {
  #fetch;
  #store;
  #onExchangeStart;
  #onExchange;
  #instance;
  /** What to undo when an operation is not wanted any more, by number. @type {Map<number, () => void>} */
  #open = new Map();

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

  random(bytes) {
    // A copy: some runtimes refuse to fill WebAssembly's own memory.
    bytes.set(crypto.getRandomValues(new Uint8Array(bytes.length)));
    return true;
  }

  send(operation, url, headers, body, timeoutMs) {
    const controller = new AbortController();
    this.#open.set(operation, () => controller.abort());
    const request = {
      method: "POST",
      headers: JSON.parse(headers),
      body,
      redirect: "manual",
      signal: controller.signal,
    };
    this.#finish(operation, inTime(exchangeOnce(this.#fetch, url, request), timeoutMs, controller));
  }

  sleep(operation, durationMs) {
    const waited = new Promise((resolve) => {
      const timer = setTimeout(resolve, durationMs);
      this.#open.set(operation, () => clearTimeout(timer));
    });
    this.#finish(operation, waited);
  }

  loadToken(operation, service) {
    this.#finish(operation, Promise.resolve(this.#store?.load(service)));
  }

  saveToken(operation, service, token, lifetimeMs) {
    this.#finish(operation, Promise.resolve(this.#store?.save(service, token, lifetimeMs)));
  }

  deleteToken(operation, service) {
    this.#finish(operation, Promise.resolve(this.#store?.delete(service)));
  }

  get listens() {
    return this.#onExchange !== undefined || this.#onExchangeStart !== undefined;
  }

  reportStart(json) {
    tell(this.#onExchangeStart, json);
  }

  report(json) {
    tell(this.#onExchange, json);
  }

  cancel(operation) {
    const undo = this.#open.get(operation);
    this.#open.delete(operation);
    undo?.();
  }

  settle(task, ok, json) {
    settled(task, ok, JSON.parse(json));
  }

  settleGroup(task, json, texts, places, won) {
    settled(task, true, groupOf(json, texts, places, won));
  }

  /** The instance broke: nothing that is open will be asked for any more. */
  abandon() {
    for (const operation of [...this.#open.keys()]) this.cancel(operation);
  }

  #finish(operation, outcome) {
    const end = (ok) => (value) => {
      this.#open.delete(operation);
      completed(operation, ok, value, this.#instance);
    };
    outcome.then(end(true), end(false));
  }
}

/** Calls a listener later, because it may ask this very client something; and what it throws is its own affair. */
function tell(listener, json) {
  if (listener === undefined) return;
  const event = JSON.parse(json);
  queueMicrotask(async () => {
    try {
      await listener(event);
    } catch {}
  });
}

/** What `exchange` comes to, or `"timeout"`. Raced, because a fetch of the user's own may not heed the signal. */
async function inTime(exchange, timeoutMs, controller) {
  let timer;
  const timeUp = new Promise((_, reject) => {
    timer = setTimeout(() => reject("timeout"), timeoutMs);
  });
  try {
    return await Promise.race([exchange, timeUp]);
  } catch (fault) {
    // What is still under way is not wanted. After a whole reply nothing is, and to abort would cost more than to ask did.
    controller.abort();
    throw fault;
  } finally {
    clearTimeout(timer);
  }
}

/** One HTTP exchange, or a word for why there is no reply. */
async function exchangeOnce(fetch, url, request) {
  let response;
  try {
    response = await fetch(url, request);
  } catch {
    throw "unreachable";
  }
  try {
    // A runtime that hides redirects shows status 0; which one it was makes no difference.
    const status = response.type === "opaqueredirect" ? 302 : response.status;
    return new Reply(
      status,
      retryAfterSeconds(response.headers.get("retry-after")),
      await readBody(response),
    );
  } catch (fault) {
    throw fault === "too_large" ? fault : "unreachable";
  }
}

/** What came back. The core has the body written into its own memory: it is copied once, and in pieces as it came. */
export class Reply {
  #pieces;

  constructor(status, retryAfterS, pieces) {
    this.status = status;
    this.retryAfterS = retryAfterS;
    this.#pieces = pieces;
  }

  get length() {
    return this.#pieces.reduce((length, piece) => length + piece.byteLength, 0);
  }

  writeTo(memory) {
    let at = 0;
    for (const piece of this.#pieces) {
      memory.set(piece, at);
      at += piece.byteLength;
    }
  }
}

/** The whole body in pieces, unless it grows beyond what is read of one reply. */
async function readBody(response) {
  if (!response.body) return [new Uint8Array(await response.arrayBuffer())];
  const reader = response.body.getReader();
  const pieces = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return pieces;
    pieces.push(value);
    length += value.byteLength;
    if (length > MAX_REPLY_BYTES) {
      reader.cancel().catch(() => {});
      throw "too_large";
    }
  }
}

/** `Retry-After`, given in seconds or as a date, in whole seconds from now; `undefined` where there is none to read. */
function retryAfterSeconds(header) {
  if (!header) return undefined;
  const seconds = /^\s*\d+\s*$/.test(header)
    ? Number(header)
    : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
