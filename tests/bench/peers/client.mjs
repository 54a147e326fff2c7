// The client around both peers: `fetch`, a token kept for its life and got once by all who ask at a
// time, time limits, and one new token where the old one is refused.

import { randomInt } from "node:crypto";
import { LookupError } from "./group.mjs";

/** @import { ReadGroup } from "./group.mjs" */

/** @template Group */
export class Client {
  #origin;
  #pair;
  #readGroup;
  #timeoutMs;
  /** @type {{ text: string, expiresAtMs: number } | undefined} */
  #token;
  /** @type {Promise<{ text: string }> | undefined} */
  #authenticating;

  /**
   * @param {object} options
   * @param {string} options.origin
   * @param {string} options.cstId
   * @param {string} options.custKey
   * @param {ReadGroup<Group>} options.readGroup
   * @param {number} [options.timeoutMs]
   */
  constructor({ origin, cstId, custKey, readGroup, timeoutMs = 10_000 }) {
    this.#origin = origin;
    this.#pair = { cst_id: cstId, custKey };
    this.#readGroup = readGroup;
    this.#timeoutMs = timeoutMs;
  }

  async lookupPayoutRequests(/** @type {string} */ groupKey) {
    if (!/^[^\s\p{Cc}]{1,64}$/u.test(groupKey))
      throw new LookupError("invalid_input", "groupKey is not one");
    for (let isSecondTry = false; ; isSecondTry = true) {
      const token = await this.#validToken();
      const { status, bytes } = await this.#exchange(
        "/request/result/group_key",
        { group_key: groupKey },
        { Authorization: `Bearer ${token}` },
      );
      if (status === 401 && !isSecondTry) {
        if (this.#token?.text === token) this.#token = undefined;
        continue;
      }
      return this.#readGroup(bytes, groupKey, this.#pair.cst_id, [
        this.#pair.custKey,
        this.#pair.cst_id,
        token,
        groupKey,
      ]);
    }
  }

  async #validToken() {
    if (this.#token && Date.now() < this.#token.expiresAtMs) return this.#token.text;
    this.#authenticating ??= this.#authenticate().finally(() => (this.#authenticating = undefined));
    return (await this.#authenticating).text;
  }

  async #authenticate() {
    const code = Array.from({ length: 10 }, (_, i) =>
      i === 0 ? "a" : i === 1 ? "1" : randomInt(36).toString(36),
    ).join("");
    const askedAtMs = Date.now();
    const { bytes } = await this.#exchange("/oauth/token", { code });
    const reply = JSON.parse(new TextDecoder().decode(bytes));
    if (reply.result !== "T0000")
      throw new LookupError("authentication", `Payple refused the partner: [${reply.result}]`);
    if (reply.code !== code)
      throw new LookupError("protocol", "the token reply does not echo the code");
    const lifetimeMs = Math.min(Number(reply.expires_in) || 0, 60) * 1_000;
    this.#token = { text: reply.access_token, expiresAtMs: askedAtMs + lifetimeMs * 0.9 };
    return this.#token;
  }

  /**
   * @param {string} path
   * @param {object} fields
   * @param {Record<string, string>} [headers]
   */
  async #exchange(path, fields, headers) {
    const response = await fetch(this.#origin + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Cache-Control": "no-cache", ...headers },
      body: JSON.stringify({ ...this.#pair, ...fields }),
      redirect: "manual",
      signal: AbortSignal.timeout(this.#timeoutMs),
    });
    return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
  }
}
