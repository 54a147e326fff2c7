// Measures the package in a process of its own: complete warm look-ups over loopback beside the zod
// client, and how often fifty concurrent callers authenticate. Run by bench.mjs, which has the
// sandbox: `node.mjs <lookups|auth> <origin>`.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { PaypleClient } from "../../dist/npm/index.mjs";
import { compare } from "./measure.mjs";
import { Client } from "./peers/client.mjs";
import { withFingerprint } from "./peers/fingerprint.mjs";
import { readGroup as readByZod } from "./peers/zod.mjs";

/** @import { ReadGroup } from "./peers/group.mjs" */

const SPEC_GROUP = "Q0RSSkYzWUI3";
const readGroup = (/** @type {Parameters<ReadGroup>} */ ...reply) =>
  withFingerprint(readByZod(...reply));
const [, , what, origin, ...more] = process.argv;
const PARTNER = { cstId: "test", custKey: "abcd1234567890" };
const ours = new PaypleClient({ environment: "test", ...PARTNER, origins: { hub: origin } });

const [first] = more.map(Number);
process.stdout.write(JSON.stringify(await (what === "lookups" ? lookups(first) : auth(first))));

async function lookups(/** @type {number} */ rounds) {
  const zod = new Client({ origin, ...PARTNER, readGroup });
  assert.deepEqual(
    await ours.lookupPayoutRequests(SPEC_GROUP),
    await zod.lookupPayoutRequests(SPEC_GROUP),
  );
  return compare(
    {
      ours: () => ours.lookupPayoutRequests(SPEC_GROUP),
      zod: () => zod.lookupPayoutRequests(SPEC_GROUP),
    },
    { rounds, warmUp: 8, repeat: 100 },
  );
}

/** Fifty callers, each asking again and again until the time is over. */
async function auth(/** @type {number} */ forMs) {
  const endMs = performance.now() + forMs;
  let lookups = 0;
  const caller = async () => {
    while (performance.now() < endMs) {
      await ours.lookupPayoutRequests(SPEC_GROUP);
      lookups += 1;
      await sleep(20);
    }
  };
  await Promise.all(Array.from({ length: 50 }, caller));
  return { lookups };
}
