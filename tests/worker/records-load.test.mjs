// Many programs at once: their acts are spread over the objects that keep them, each of which has a
// whole chain.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { wholeRecord } from "./whole-record.mjs";
import { startWorkers } from "./workers.mjs";

const GROUP = "Q0RSSkYzWUI3";
const PROGRAMS = 64;
const LOOK_UPS_EACH = 10;

test("the look-ups of 64 programs are on four chains, in equal shares and without a gap", async (t) => {
  const programs = Array.from({ length: PROGRAMS }, (_, n) => {
    const token = randomBytes(32).toString("base64url");
    const sha256 = createHash("sha256").update(token).digest("hex");
    const named = { name: `program-${n}`, kind: "program", sha256, roles: ["lookup"] };
    return { token, entry: { ...named, expires: "2099-12-31" } };
  });
  const sandbox = await startSandbox();
  const settings = { NAMED_TOKENS: programs.map(({ entry }) => entry) };
  const workers = await startWorkers({ here: { origin: sandbox.origin, settings } });
  try {
    const lookUps = programs.map(async ({ token }) => {
      for (let n = 0; n < LOOK_UPS_EACH; n += 1) {
        const headers = { Authorization: `Bearer ${token}` };
        const response = await workers.here.payoutRequests(GROUP, headers);
        assert.equal(response.status, 200);
        await response.arrayBuffer();
      }
    });
    await Promise.all(lookUps);

    const { entries, faults } = await wholeRecord(workers.here);
    assert.deepEqual(faults, []);
    const ofPrograms = entries.filter(({ who }) => who.startsWith("program "));
    assert.equal(ofPrograms.length, PROGRAMS * LOOK_UPS_EACH);
    const chains = Map.groupBy(ofPrograms, ({ chain }) => chain);
    const shares = [...chains].map(([chain, { length }]) => `${chain}: ${length}`);
    t.diagnostic(shares.join(", "));
    assert.equal(chains.size, 4);
    for (const [chain, of] of chains) {
      assert.ok(of.length < (2 * PROGRAMS * LOOK_UPS_EACH) / 4, chain);
      assert.deepEqual(
        of.map(({ sequence }) => sequence),
        Array.from(of, (_, n) => of.length - n),
      );
    }
    // One program's acts are on one chain, in their order.
    for (const [who, of] of Map.groupBy(ofPrograms, (entry) => entry.who))
      assert.equal(new Set(of.map(({ chain }) => chain)).size, 1, who);
  } finally {
    await workers.close();
    await sandbox.close();
  }
});
