// Tokens at rest as docs/storage.md describes them, a third time and by other means: checked
// against its vectors, and then held against what the npm package and the Worker write and read.

import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * @typedef {{ service: string, environment: string, cstId: string, origin: string | null }} Scope
 *   whose token it is
 */

/** The name of the entry. */
export function entryName(/** @type {Scope} */ scope, /** @type {string} */ custKey) {
  const mac = createHmac("sha256", derived(custKey, "payple-edge token 3 name"));
  return `payple-edge:token:3:${mac.update(canonical(scope)).digest("hex")}`;
}

/** The entry of a token: nonce, cipher text, tag. */
export function seal(
  /** @type {string} */ token,
  /** @type {Scope} */ scope,
  /** @type {string} */ custKey,
  nonce = randomBytes(NONCE_BYTES),
) {
  const cipher = createCipheriv("aes-256-gcm", sealingKey(custKey), nonce).setAAD(canonical(scope));
  return Buffer.concat([nonce, cipher.update(token), cipher.final(), cipher.getAuthTag()]);
}

/** The token in an entry; throws where it does not open. */
export function open(
  /** @type {Buffer} */ entry,
  /** @type {Scope} */ scope,
  /** @type {string} */ custKey,
) {
  const [nonce, text] = [entry.subarray(0, NONCE_BYTES), entry.subarray(NONCE_BYTES, -TAG_BYTES)];
  const decipher = createDecipheriv("aes-256-gcm", sealingKey(custKey), nonce)
    .setAAD(canonical(scope))
    .setAuthTag(entry.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(text), decipher.final()]).toString();
}

/**
 * What an entry is bound to, as bytes.
 * @param {Scope} scope
 */
export function canonical({ service, environment, cstId, origin }) {
  return Buffer.from(JSON.stringify(["payple-edge token 3", service, environment, cstId, origin]));
}

const sealingKey = (/** @type {string} */ custKey) => derived(custKey, "payple-edge token 3 seal");

function derived(/** @type {string} */ custKey, /** @type {string} */ info) {
  return Buffer.from(hkdfSync("sha256", custKey, "payple-edge", info, 32));
}
