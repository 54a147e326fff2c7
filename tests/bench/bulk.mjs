// 2,000 billing keys: `lookupBillingKeys` beside what a user would write around `lookupBillingKey`,
// a pool of workers and `Promise.all`. Run by bench.mjs, which has the sandbox: `bulk.mjs cpu
// <origin>`, `bulk.mjs memory <origin> <way>`.

import assert from "node:assert/strict";
import { PaypleClient } from "../../dist/npm/index.mjs";
import { compare } from "./measure.mjs";

/** @import { BillingKey } from "../../src/npm/js/models.d.ts" */

const [, , what, origin, way] = process.argv;
const CONCURRENCY = 16;
const payple = new PaypleClient({
  environment: "test",
  cstId: "test",
  custKey: "abcd1234567890",
  origins: { cpay: origin },
});
const keys = Array.from(
  { length: 2_000 },
  (_, at) => `BK_CARD_${String((at % 100) + 1).padStart(3, "0")}`,
);

/** @type {Record<string, () => Promise<number>>} */
const ways = {
  async ours() {
    let count = 0;
    const options = { concurrency: CONCURRENCY, perSecond: 1_000_000 };
    for await (const { status } of payple.lookupBillingKeys(keys, options))
      if (status === "registered") count += 1;
    return count;
  },
  async pool() {
    /** @type {{ billingKey?: BillingKey, error?: unknown }[]} */
    const results = [];
    let next = 0;
    const worker = async () => {
      while (next < keys.length) {
        const index = next++;
        try {
          results[index] = { billingKey: await payple.lookupBillingKey(keys[index]) };
        } catch (error) {
          results[index] = { error };
        }
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    return results.filter(({ billingKey }) => billingKey).length;
  },
  async all() {
    const results = await Promise.allSettled(keys.map((key) => payple.lookupBillingKey(key)));
    return results.filter(({ status }) => status === "fulfilled").length;
  },
};

process.stdout.write(JSON.stringify(await (what === "cpu" ? cpu() : memory())));

function cpu() {
  const { ours, pool, all } = ways;
  const compared = { ours: complete(ours), pool: complete(pool), all: complete(all) };
  return compare(compared, { rounds: 11, warmUp: 3 });
}

async function memory() {
  const startedAt = performance.now();
  await complete(ways[way])();
  const seconds = (performance.now() - startedAt) / 1_000;
  return { peakMb: process.resourceUsage().maxRSS / 1_000, seconds };
}

function complete(/** @type {() => Promise<number>} */ run) {
  return async () => assert.equal(await run(), keys.length);
}
