// The passes (hub tokens, cpay AuthKeys) that were issued: their holders, their lives, and taking them back.

/** @template Holder */
export class Passes {
  #issued = new Map();
  #refusesAll = false;

  /** @param {() => number} now milliseconds @param {number} lifetimeMs */
  constructor(now, lifetimeMs) {
    this.now = now;
    // Counted at each check, not at issue: shortening it ends passes already handed out as well.
    this.lifetimeMs = lifetimeMs;
  }

  /** @param {string} pass @param {Holder} holder */
  issue(pass, holder) {
    if (this.#issued.size >= PRUNE_FROM) this.#dropExpired();
    this.#issued.set(pass, { holder, issuedAtMs: this.now() });
  }

  /** @returns {Holder | undefined} who holds this pass, if it is good at this moment */
  holderOf(pass) {
    if (this.#refusesAll) return undefined;
    const entry = this.#issued.get(pass);
    return entry && this.#isAlive(entry) ? entry.holder : undefined;
  }

  revoke(pass) {
    this.#issued.delete(pass);
  }

  /** `forGood` also refuses every pass issued from now on, until `acceptAgain`. */
  revokeAll({ forGood = false } = {}) {
    this.#issued.clear();
    this.#refusesAll = forGood;
  }

  acceptAgain() {
    this.#refusesAll = false;
  }

  #isAlive(entry) {
    return this.now() - entry.issuedAtMs < this.lifetimeMs;
  }

  #dropExpired() {
    for (const [pass, entry] of this.#issued) {
      if (!this.#isAlive(entry)) this.#issued.delete(pass);
    }
  }
}

const PRUNE_FROM = 1000;
