// Tokens in a shared store: sealed, so that a reader of the store learns nothing, and under names
// that tell nothing.
//
// AES-256-GCM and HMAC with keys derived (HKDF) from the partner's key: changed credentials never
// meet an old token. Service, environment, partner and origin are bound to the entry: moved to
// another name, it does not open, and a sandbox's token is never taken for Payple's. The format is
// docs/storage.md's; the Worker stores in the same one.

import { TextDecoder, TextEncoder } from "./text.mjs";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const NONCE_BYTES = 12;
const FORMAT = "payple-edge token 3";
/**
 * The longest that the store is waited for. One that answers later than an authentication takes is
 * of no use, and one that hangs must not hold up look-ups.
 */
const MAX_WAIT_MS = 1_000;
/** No entry is as long: to decode what a foreign program wrote there would block the process. */
const MAX_ENTRY_CHARACTERS = 128 * 1024;

/**
 * Whose tokens they are.
 * @typedef {{ environment: string, cstId: string, custKey: string, origin?: string }} Partner
 * @typedef {"hub" | "cpay"} Service
 */

/** Any trouble means that there is no token. */
export class SealedStore {
  #store;
  #partners;
  /**
   * What is derived from each service's partner, once.
   * @type {Map<Service, ReturnType<typeof derive>>}
   */
  #derived = new Map();

  /**
   * @param {import("./index.d.ts").TokenStore} store
   * @param {Record<Service, Partner>} partners
   */
  constructor(store, partners) {
    this.#store = store;
    this.#partners = partners;
  }

  /**
   * @param {Service} service
   * @param {number} [timeoutMs] the look-up's own
   */
  async load(service, timeoutMs) {
    try {
      const { name, key, bound } = await this.#of(service);
      const sealed = await inTime(this.#store.get(name), timeoutMs);
      if (typeof sealed !== "string" || sealed.length > MAX_ENTRY_CHARACTERS) return undefined;
      const bytes = Uint8Array.from(atob(sealed), (character) => character.charCodeAt(0));
      const [nonce, text] = [bytes.slice(0, NONCE_BYTES), bytes.slice(NONCE_BYTES)];
      return decoder.decode(
        await crypto.subtle.decrypt(
          { name: "AES-GCM", iv: nonce, additionalData: bound },
          key,
          text,
        ),
      );
    } catch {
      return undefined;
    }
  }

  /**
   * @param {Service} service
   * @param {string} token
   * @param {number} lifetimeMs
   * @param {number} [timeoutMs] the look-up's own
   */
  async save(service, token, lifetimeMs, timeoutMs) {
    try {
      const { name, key, bound } = await this.#of(service);
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const text = await crypto.subtle.encrypt(
        { name: "AES-GCM", iv: nonce, additionalData: bound },
        key,
        encoder.encode(token),
      );
      const sealed = btoa(String.fromCharCode(...nonce, ...new Uint8Array(text)));
      // Rounded up: the entry carries its own end, which alone is trusted.
      const ttlSeconds = Math.max(1, Math.ceil(lifetimeMs / 1000));
      await inTime(this.#store.set(name, sealed, ttlSeconds), timeoutMs);
    } catch {}
  }

  /**
   * @param {Service} service
   * @param {number} [timeoutMs] the look-up's own
   */
  async delete(service, timeoutMs) {
    try {
      await inTime(this.#store.delete((await this.#of(service)).name), timeoutMs);
    } catch {}
  }

  /** @param {Service} service */
  async #of(service) {
    const derived = this.#derived.get(service) ?? derive(service, this.#partners[service]);
    this.#derived.set(service, derived);
    return derived;
  }
}

/**
 * What the store comes to, or nothing where it takes too long. What it does after that, rejecting
 * included, is its own affair.
 * @template T
 * @param {T} answer
 * @param {number} [timeoutMs]
 */
async function inTime(answer, timeoutMs = MAX_WAIT_MS) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const timeUp = new Promise((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.min(timeoutMs, MAX_WAIT_MS));
  });
  try {
    return await Promise.race([answer, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {Service} service
 * @param {Partner} partner
 */
async function derive(service, { environment, cstId, custKey, origin }) {
  const material = await crypto.subtle.importKey("raw", encoder.encode(custKey), "HKDF", false, [
    "deriveKey",
  ]);
  const from = (/** @type {string} */ purpose) => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: encoder.encode("payple-edge"),
    info: encoder.encode(purpose),
  });
  const key = await crypto.subtle.deriveKey(
    from(`${FORMAT} seal`),
    material,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
  const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
  const naming = await crypto.subtle.deriveKey(from(`${FORMAT} name`), material, hmac, false, [
    "sign",
  ]);
  const bound = encoder.encode(
    JSON.stringify([FORMAT, service, environment, cstId, origin ?? null]),
  );
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", naming, bound));
  const hex = [...mac].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const name = `payple-edge:token:3:${hex}`;
  return { name, key, bound };
}
