// The package as it was built, and a client of it with Payple's public test pair: what the tests
// beside this file begin with.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../pkg-scripts/common/checkout.mjs";

export const dist = join(root, "dist", "npm");

export const { PaypleClient, PaypleError } = await import(
  pathToFileURL(join(dist, "index.mjs")).href
);

/** Published by Payple for its test servers. */
export const CUST_KEY = "abcd1234567890";

/** A client that asks a sandbox, or without one whomever `options` name. */
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
