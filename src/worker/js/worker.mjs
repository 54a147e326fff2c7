// The Worker's main module: its HTTP face, its Durable Objects, and `PaypleEdge`, an entrypoint for
// service bindings.
//
// worker-build exports no entrypoint but the default one, so the named one is written here. It
// answers by the very routes of the HTTP face: who may call, what is recorded and what is limited
// is decided there, once.

import { WorkerEntrypoint } from "cloudflare:workers";
import { expectJson } from "../../npm/js/json.mjs";
import { checkText, readOptions } from "../../npm/js/options.mjs";
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
    const question = readAs(() => {
      checkText("groupKey", groupKey);
      const { expect } = readOptions(
        "the options of a look-up",
        options,
        ["expect"],
        "invalid_input",
      );
      const expected = expect === undefined ? "" : `,"expect":${expectJson(expect)}`;
      return `{"groupKey":${JSON.stringify(groupKey)}${expected}}`;
    });
    return this.#answer("payout-requests", question);
  }

  /**
   * The card or account behind a billing key, as `POST /api/billing-key` answers it.
   *
   * @param {string} payerId
   */
  async lookupBillingKey(payerId) {
    const question = readAs(() => {
      checkText("payerId", payerId);
      return JSON.stringify({ payerId });
    });
    return this.#answer("billing-key", question);
  }

  /** @param {string} route @param {string} question as JSON */
  async #answer(route, question) {
    // What a request from outside cannot set: that it came by this entrypoint, where `props` say
    // who is calling.
    Object.defineProperty(this.ctx, "isPaypleEdgeRpc", { value: true, configurable: true });
    const request = new Request(`https://payple-edge.internal/api/${route}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: question,
    });
    const response = await new Worker(this.ctx, this.env).fetch(request);
    const body = await response.json();
    if (!response.ok) throw failure(body.detail, body);
    return body;
  }
}

/**
 * What `write` makes of the arguments. Its error is made one that crosses to the calling Worker:
 * name and details as properties of its own.
 * @param {() => string} write
 */
function readAs(write) {
  try {
    return write();
  } catch (error) {
    const { message, cause: _, ...details } = /** @type {Error & { kind: string }} */ (error);
    throw failure(message, { ...details, detail: message });
  }
}

/** @param {string} message @param {object} details */
function failure(message, details) {
  return Object.assign(new Error(message), details, { name: "PaypleError" });
}
