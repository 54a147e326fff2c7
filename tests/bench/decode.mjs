// Measures reading alone: the bytes of a reply to a complete, reviewed payout group. Run by
// bench.mjs.

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { startSandbox } from "../../sandbox/index.mjs";
import { compare } from "./measure.mjs";
import { withFingerprint } from "./peers/fingerprint.mjs";
import { readGroup as readByHand } from "./peers/hand.mjs";
import { readGroup as readByZod } from "./peers/zod.mjs";

/** @import { ReadGroup } from "./peers/group.mjs" */

const [, , bundle, ...more] = process.argv;
/** @type {{ decode: ReadGroup }} */
const { decode } = await import(pathToFileURL(bundle).href);

const byHand = (/** @type {Parameters<ReadGroup>} */ ...reply) =>
  withFingerprint(readByHand(...reply));
const byZod = (/** @type {Parameters<ReadGroup>} */ ...reply) =>
  withFingerprint(readByZod(...reply));
const PARTNER = { cst_id: "test", custKey: "abcd1234567890" };
const SPEC_GROUP = "Q0RSSkYzWUI3";

const sandbox = await startSandbox();
/** @type {Record<string, Uint8Array<ArrayBuffer>>} */
const replies = {};
for (const key of [SPEC_GROUP, "ROWS_10000", "ROWS_100000"]) replies[key] = await replyOf(key);
await sandbox.close();

for (const [key, bytes] of Object.entries(replies)) {
  const [ours, hand, zod] = [decode, byHand, byZod].map((read) => read(bytes, key, "test"));
  assert.deepEqual(ours, hand);
  assert.deepEqual(ours, zod);
}

const variantsFor = (/** @type {string} */ key) => ({
  ours: () => decode(replies[key], key, "test"),
  jsonparse: () => JSON.parse(new TextDecoder().decode(replies[key])),
  hand: () => byHand(replies[key], key, "test"),
  zod: () => byZod(replies[key], key, "test"),
});

const results = {
  rows4: await compare(variantsFor(SPEC_GROUP), { rounds: 25, warmUp: 5, repeat: 500 }),
  rows10k: await compare(variantsFor("ROWS_10000"), { rounds: 15, warmUp: 3, repeat: 6 }),
  scaling: await compare(
    {
      // As many rows in both samples, and so as much for the garbage collector, which comes once in
      // several of the small ones.
      tenths: () => {
        for (let i = 0; i < 10; i += 1) decode(replies.ROWS_10000, "ROWS_10000", "test");
      },
      whole: () => decode(replies.ROWS_100000, "ROWS_100000", "test"),
    },
    { rounds: 10, warmUp: 2 },
  ),
};
if (more.includes("--table")) show(results);
else process.stdout.write(JSON.stringify(results));

async function replyOf(/** @type {string} */ groupKey) {
  /**
   * @param {string} path
   * @param {object} fields
   * @param {Record<string, string>} [headers]
   */
  const post = (path, fields, headers) =>
    fetch(sandbox.origin + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify({ ...PARTNER, ...fields }),
    });
  const { access_token: token } = await (await post("/oauth/token", { code: "as12345678" })).json();
  const reply = await post(
    "/request/result/group_key",
    { group_key: groupKey },
    { Authorization: `Bearer ${token}` },
  );
  return new Uint8Array(await reply.arrayBuffer());
}

function show(/** @type {Record<string, Awaited<ReturnType<typeof compare>>>} */ results) {
  for (const [name, variants] of Object.entries(results)) {
    for (const [variant, { cpu, wall }] of Object.entries(variants)) {
      const ratio = variants.ours ? variants.ours.cpu.median / cpu.median : 0;
      const wallRatio = variants.ours ? variants.ours.wall.median / wall.median : 0;
      console.log(
        name,
        variant.padEnd(10),
        cpu.median.toFixed(1),
        `(${cpu.low.toFixed(1)}–${cpu.high.toFixed(1)})`,
        "wall",
        wall.median.toFixed(1),
        ratio.toFixed(2),
        wallRatio.toFixed(2),
      );
    }
  }
}
