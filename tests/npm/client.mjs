// The package as it was built, and a client of it with Payple's public test pair: what the tests
// beside this file begin with.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../pkg-scripts/common/checkout.mjs";

export const dist = join(root, "dist", "npm");

/** @type {typeof import("../../src/npm/js/index.d.ts")} */
const built = await import(pathToFileURL(join(dist, "index.mjs")).href);
export const { PaypleClient, PaypleError } = built;

/**
 * @typedef {import("../../src/npm/js/index.d.ts").PaypleClient} Client
 * @typedef {Partial<import("../../src/npm/js/index.d.ts").PaypleClientOptions>} Options
 * @typedef {import("../../src/npm/js/index.d.ts").PaypleError} Failure
 * @typedef {import("../../src/npm/js/index.d.ts").FetchLike} FetchLike
 */

/** Published by Payple for its test servers. */
export const CUST_KEY = "abcd1234567890";

/**
 * A client that asks a sandbox, or without one whomever `options` name.
 * @param {{ origin: string }} [sandbox]
 * @param {Options} [options]
 */
export function clientOf(sandbox, options) {
  const origins = sandbox && { hub: sandbox.origin, cpay: sandbox.origin };
  return new PaypleClient({
    environment: "test",
    cstId: "test",
    custKey: CUST_KEY,
    ...(origins && { origins }),
    ...options,
  });
}
