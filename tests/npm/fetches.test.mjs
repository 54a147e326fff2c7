// The fetches that people hand over: undici's, node-fetch, cross-fetch, and a fetch without a
// streamed body.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import crossFetch from "cross-fetch";
import nodeFetch from "node-fetch";
import { fetch as undiciFetch } from "undici";
import { startSandbox } from "../../sandbox/index.mjs";
import { clientOf } from "./client.mjs";

/** @import { Sandbox } from "../../sandbox/index.d.ts" */
/** @import { Client } from "./client.mjs" */

const fetches = {
  "the runtime's own": fetch,
  "undici's": undiciFetch,
  "node-fetch": nodeFetch,
  "cross-fetch": crossFetch,
  "one without a streamed body": async (
    /** @type {string} */ url,
    /** @type {RequestInit} */ init,
  ) => {
    const response = await fetch(url, init);
    const { status, headers } = response;
    return { status, headers, arrayBuffer: () => response.arrayBuffer() };
  },
};

for (const [name, fetch] of Object.entries(fetches)) {
  describe(`the fetch ${name}`, () => {
    /** @type {Sandbox} */
    let sandbox;
    /** @type {Client} */
    let payple;

    before(async () => {
      sandbox = await startSandbox();
      payple = clientOf(sandbox, {
        maxRetries: 0,
        fetch,
      });
    });
    after(() => sandbox.close());

    test("answers, also at length", async () => {
      assert.equal((await payple.lookupPayoutRequests("ROWS_10000")).count, 10_000);
      assert.equal((await payple.lookupBillingKey("BK_CARD_001")).type, "card");
    });

    test("follows no redirect, and reads no reply beyond all measure", async () => {
      for (const key of ["FAULT_REDIRECT_302", "FAULT_REDIRECT_307", "FAULT_HUGE_BODY-20"]) {
        const error = await payple.lookupPayoutRequests(key).catch((error) => error);
        assert.equal(error.kind, "protocol", key);
      }
      assert.equal(sandbox.stats().redirectsFollowed, 0);
    });

    test("is timed out and given up, with what it said as the cause of a failure", async () => {
      const slow = await payple
        .lookupPayoutRequests("FAULT_NO_ANSWER", { timeoutMs: 100 })
        .catch((error) => error);
      assert.equal(slow.kind, "timeout");
      const controller = new AbortController();
      setTimeout(() => controller.abort("enough"), 50);
      const { signal } = controller;
      const error = await payple
        .lookupPayoutRequests("FAULT_NO_ANSWER", { signal })
        .catch((error) => error);
      assert.deepEqual([error.kind, error.cause], ["aborted", "enough"]);
      const reset = await payple
        .lookupPayoutRequests("FAULT_RESET_ONCE-fetch")
        .catch((error) => error);
      assert.deepEqual([reset.kind, reset.cause instanceof Error], ["unavailable", true]);
      assert.match(reset.hint, /broke off/);
    });
  });
}
