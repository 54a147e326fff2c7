// The tokens (hub tokens, cpay AuthKeys) that were issued: their holders, lifetimes and revocation.

/** @template Holder */
export class IssuedTokens {
  #issued = new Map();
  #refusesAll = false;

  /** @param {() => number} now milliseconds @param {number} lifetimeMs */
  constructor(now, lifetimeMs) {
    this.now = now;
    // Counted at each check, not at issue: shortening it ends tokens already handed out as well.
    this.lifetimeMs = lifetimeMs;
  }

  /** @param {string} token @param {Holder} holder */
  issue(token, holder) {
    if (this.#issued.size >= PRUNE_FROM) this.#dropExpired();
    this.#issued.set(token, { holder, issuedAtMs: this.now() });
  }

  /**
   * @returns {Holder | undefined} who holds this token, if it is good at this moment
   * @param {string} token
   */
  holderOf(token) {
    if (this.#refusesAll) return undefined;
    const entry = this.#issued.get(token);
    return entry && this.#isAlive(entry) ? entry.holder : undefined;
  }

  /** @param {string} token */
  revoke(token) {
    this.#issued.delete(token);
  }

  /** `forGood` also refuses every token issued from now on, until `acceptAgain`. */
  revokeAll({ forGood = false } = {}) {
    this.#issued.clear();
    this.#refusesAll = forGood;
  }

  acceptAgain() {
    this.#refusesAll = false;
  }

  /** @param {{ issuedAtMs: number; }} entry */
  #isAlive(entry) {
    return this.now() - entry.issuedAtMs < this.lifetimeMs;
  }

  #dropExpired() {
    for (const [token, entry] of this.#issued) {
      if (!this.#isAlive(entry)) this.#issued.delete(token);
    }
  }
}

const PRUNE_FROM = 1000;
