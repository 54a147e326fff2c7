// What a fault is: the shape that the files beside this one write down, and the endpoints that play
// it.

/** @typedef {"token" | "auth" | "payout" | "billing"} Endpoint */

/** Where a token is issued. @type {Endpoint[]} */
export const AUTHENTICATIONS = ["token", "auth"];
/** Where a token is used. @type {Endpoint[]} */
export const LOOKUPS = ["payout", "billing"];
/** @type {Endpoint[]} */
export const EVERYWHERE = [...AUTHENTICATIONS, ...LOOKUPS];

/**
 * A row of the table, and one of the ways to play it.
 * @typedef {object} Definition
 * @property {string} name the key without `FAULT_`
 * @property {Endpoint[]} at
 * @property {string} describes
 * @property {string} kind `ok`, or the kind of the error that a client should end with
 * @property {string} [note]
 * @property {string} [code] Payple's code that the error should carry
 * @property {string[]} [findings] kinds of findings that the review should make
 * @property {number} calls how often a cold look-up with `maxRetries: 2` should call the endpoint
 *   that plays the fault
 * @property {{ token: number, lookup: number }} [upstreamCalls] instead of `calls`, where both
 *   endpoints are called again
 * @property {string} [parameter] what may follow the key after a hyphen
 * @property {number} [firstTimes] played that often per key, then no more
 * @property {(context: Context) => import("../http.mjs").Reply} [instead] another reply; nothing is
 *   granted
 * @property {(body: any, context: Context) => object} [edit] changes the right reply
 * @property {(text: string) => string | Buffer} [text] changes its JSON text
 * @property {Record<string, string>} [headers] changes its headers
 * @property {(response: import("node:http").ServerResponse, bytes: Buffer, context: Context) =>
 *   void} [takeOver] sends the right reply in its own way, or not at all
 */

/**
 * What a fault may need to know of the exchange it disturbs.
 * @typedef {object} Context
 * @property {Endpoint} endpoint
 * @property {string} [parameter]
 * @property {Record<string, unknown>} fields of the request
 * @property {string} scheme of this sandbox, `http:` or `https:`
 * @property {string} own host and port of this sandbox
 * @property {string} ownName the same without the port
 * @property {string} trapHost host and port of the trap
 * @property {number} trapPort
 * @property {() => import("../http.mjs").Reply} refuseToken takes back the token that came with the
 *   request
 */

/**
 * What a file writes down: most of its faults share where they are played and what is expected.
 * @typedef {Partial<Definition> & { name: string, describes: string }} Outline
 */

/**
 * What is expected of one of many faults that differ in little.
 * @typedef {Omit<Partial<Definition>, "name" | "describes">} Expectation
 */

/**
 * @param {Pick<Definition, "at"> & Partial<Definition>} shared
 * @param {Outline[]} outlines
 * @returns {Definition[]}
 */
export function define(shared, outlines) {
  return outlines.map((outline) => ({ kind: "protocol", calls: 1, ...shared, ...outline }));
}
