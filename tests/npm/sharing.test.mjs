// Look-ups that share an authentication: each has its own time and its own signal, and none has
// another's.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { clientOf } from "./client.mjs";

/** @import { Sandbox } from "../../sandbox/index.d.ts" */
/** @import { LookupOptions } from "../../src/npm/js/index.d.ts" */
/** @import { Client } from "./client.mjs" */

const GROUP = "Q0RSSkYzWUI3";

describe("look-ups that share an authentication", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Client} */
  let payple;

  before(async () => (sandbox = await startSandbox()));
  after(() => sandbox.close());
  beforeEach(() => {
    sandbox.reset();
    sandbox.queueFault({ endpoint: "token", fault: "SLOW_ANSWER-600", times: 1 });
    payple = clientOf(sandbox);
  });

  const timed = async (/** @type {LookupOptions} */ options) => {
    const begun = performance.now();
    const outcome = await payple.lookupPayoutRequests(GROUP, options).catch((error) => error);
    return { outcome, ms: performance.now() - begun };
  };

  test("one with little time does not wait as long as the one that began it may", async () => {
    const [patient, hasty] = await Promise.all([
      timed({ timeoutMs: 10_000 }),
      timed({ timeoutMs: 150 }),
    ]);
    assert.equal(patient.outcome.count, 4);
    assert.deepEqual([hasty.outcome.kind, hasty.outcome.phase], ["timeout", "token"]);
    assert.ok(hasty.ms < 450, `${hasty.ms} ms`);
    assert.equal(sandbox.stats().calls.token, 1);
  });

  test("the time-out of the one that began it fails nobody else", async () => {
    const [hasty, patient] = await Promise.all([
      timed({ timeoutMs: 150 }),
      timed({ timeoutMs: 10_000 }),
    ]);
    assert.equal(hasty.outcome.kind, "timeout");
    assert.ok(hasty.ms < 450, `${hasty.ms} ms`);
    assert.equal(patient.outcome.count, 4);
  });

  test("the signal of one ends that one at once, and no other", async () => {
    for (const at of [0, 1]) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 50);
      const all = await Promise.all(
        [0, 1, 2].map((index) => timed(index === at ? { signal: controller.signal } : {})),
      );
      assert.equal(all[at].outcome.kind, "aborted");
      assert.ok(all[at].ms < 400, `${all[at].ms} ms`);
      for (const { outcome } of all.filter((_, index) => index !== at))
        assert.equal(outcome.count, 4);
      sandbox.reset();
      sandbox.revokeTokens();
      sandbox.queueFault({ endpoint: "token", fault: "SLOW_ANSWER-600", times: 1 });
      payple = clientOf(sandbox);
    }
  });
});
