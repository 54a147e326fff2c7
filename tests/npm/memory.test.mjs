// Nothing has to be freed: ten thousand look-ups leave the module's memory where the first hundred
// brought it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../pkg-scripts/common/checkout.mjs";
import { startSandbox } from "../../sandbox/index.mjs";

/** @import { FetchLikeInit } from "../../src/npm/js/index.d.ts" */

test("10,000 look-ups leave the module's memory where it was after the first hundred", {
  timeout: 120_000,
}, async (t) => {
  /** @type {WebAssembly.Memory[]} */
  const memories = [];
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    /**
     * @param {WebAssembly.Module} module
     * @param {WebAssembly.Imports} [imports]
     */
    constructor(module, imports) {
      super(module, imports);
      memories.push(/** @type {WebAssembly.Memory} */ (this.exports.memory));
    }
  };
  t.after(() => (WebAssembly.Instance = Instance));
  const { PaypleClient } = await import(pathToFileURL(join(root, "dist/npm/index.mjs")).href);
  // Answered in this process: ten thousand real connections would test the network.
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const settings = { environment: "test", cstId: "test", custKey: "abcd1234567890" };
  const recorded = new Map();
  const fetchOnce = async (/** @type {string} */ url, /** @type {FetchLikeInit} */ request) => {
    const sent = JSON.parse(request.body);
    const key = `${new URL(url).pathname} ${sent.group_key ?? sent.PCD_PAYER_ID ?? ""}`;
    if (!recorded.has(key) || key.includes("token")) {
      const response = await fetch(url, request);
      recorded.set(key, { status: response.status, body: await response.text() });
    }
    const { status, body } = recorded.get(key);
    return new Response(body, { status });
  };
  const origins = { hub: sandbox.origin, cpay: sandbox.origin };
  const payple = new PaypleClient({ ...settings, origins, fetch: fetchOnce, maxRetries: 0 });
  const lookUps = async (/** @type {number} */ n) => {
    for (let done = 0; done < n; done += 50) {
      const batch = Array.from({ length: 50 }, (_, i) => {
        const at = done + i;
        if (at % 10 === 0) return payple.lookupPayoutRequests("FAULT_AMOUNT_WORDS").catch(() => {});
        if (at % 2 === 0)
          return payple.lookupBillingKey(`BK_CARD_${String((at % 100) + 1).padStart(3, "0")}`);
        return payple.lookupPayoutRequests(at % 25 === 0 ? "ROWS_300" : "Q0RSSkYzWUI3");
      });
      await Promise.all(batch);
    }
  };

  await lookUps(100);
  assert.equal(memories.length, 1);
  const afterHundred = memories[0].buffer.byteLength;
  await lookUps(9_900);
  assert.equal(memories[0].buffer.byteLength, afterHundred);
});
