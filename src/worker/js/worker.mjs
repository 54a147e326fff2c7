// The Worker's main module: its HTTP face, its Durable Objects, and `PaypleEdge`, an entrypoint for
// service bindings.
//
// worker-build exports no entrypoint but the default one, so the named one is written here. It
// answers by the very routes of the HTTP face: who may call, what is recorded and what is limited
// is decided there, once.

import { WorkerEntrypoint } from "cloudflare:workers";
import Worker from "./index.js";

export * from "./index.js";
export default Worker;

/**
 * For other Workers of the same account: `[[services]]` with `entrypoint = "PaypleEdge"`, and in
 * `props` who is calling and what they may do, `{ name: "settlement", roles: ["lookup"] }`.
 */
export class PaypleEdge extends WorkerEntrypoint {
  /**
   * The payout requests of a group, reviewed, as `POST /api/payout-requests` answers them.
   *
   * @param {string} groupKey
   * @param {{ expect?: unknown }} [options]
   */
  async lookupPayoutRequests(groupKey, options = {}) {
    refuseUnknown(options, ["expect"]);
    return this.#answer("payout-requests", { groupKey, ...options });
  }

  /**
   * The card or account behind a billing key, as `POST /api/billing-key` answers it.
   *
   * @param {string} payerId
   */
  async lookupBillingKey(payerId) {
    return this.#answer("billing-key", { payerId });
  }

  /** @param {string} route @param {object} question */
  async #answer(route, question) {
    // What a request from outside cannot set: that it came by this entrypoint, where `props` say
    // who is calling.
    Object.defineProperty(this.ctx, "isPaypleEdgeRpc", { value: true, configurable: true });
    const request = new Request(`https://payple-edge.internal/api/${route}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(question),
    });
    const response = await new Worker(this.ctx, this.env).fetch(request);
    const body = await response.json();
    if (!response.ok) throw Object.assign(new Error(body.detail), body, { name: "PaypleError" });
    return body;
  }
}

/**
 * An option that is not understood is an error, never skipped.
 * @param {object} options
 * @param {string[]} known
 */
function refuseUnknown(options, known) {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const detail = `options.${unknown} is not known: there is ${known.join(", ")}`;
  throw Object.assign(new Error(detail), { name: "PaypleError", kind: "invalid_input", detail });
}
