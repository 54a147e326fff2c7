// Every fault through the npm package as it is published, in Node; and the faults that have no key.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../pkg-scripts/common/checkout.mjs";
import { startSandbox } from "../../sandbox/index.mjs";
import { closedPort } from "../closed-port.mjs";
import { playEveryFault } from "./suite.mjs";

/**
 * @import { FetchLikeInit, PaypleClientOptions } from "../../src/npm/js/index.d.ts"
 * @import { PaypleClient as Client } from "../../src/npm/js/index.d.ts"
 * @import { Outcome, Question } from "./suite.mjs"
 */

/** @type {typeof import("../../src/npm/js/index.d.ts")} */
const { PaypleClient, PaypleError } = await import(
  pathToFileURL(join(root, "dist/npm/index.mjs")).href
);

playEveryFault({
  name: "the npm package",
  async open(sandboxes) {
    return {
      lanes: sandboxes.map(({ origin }) => ({
        lookUp: (question) => ask(client(origin), question),
      })),
      async close() {},
    };
  },
});

test("a refused connection is unavailable", async () => {
  const port = await closedPort();

  const { error } = await ask(client(`http://127.0.0.1:${port}`), { service: "hub", key: "G" });
  assert.deepEqual([error?.kind, error?.phase, error?.retryable], ["unavailable", "token", true]);
});

test("a clock that jumps an hour forth or back costs one authentication and no answer", async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { now } = Date;
  t.after(() => (Date.now = now));
  const payple = client(sandbox.origin);
  const both = async () => {
    assert.equal((await payple.lookupPayoutRequests("Q0RSSkYzWUI3")).count, 4);
    assert.equal((await payple.lookupBillingKey("BK_CARD_001")).type, "card");
  };

  await both();
  for (const jumpMs of [3_600_000, -3_600_000]) {
    sandbox.reset();
    Date.now = () => now() + jumpMs;
    await both();
    await both();
    assert.deepEqual(sandbox.stats().calls, { token: 1, auth: 1, payout: 2, billing: 2 });
  }
});

test("a clock that jumps while the token is on its way costs no answer", async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const { now } = Date;
  t.after(() => (Date.now = now));
  for (const jumpMs of [3_600_000, -3_600_000]) {
    sandbox.reset();
    Date.now = now;
    const jump = async (/** @type {string} */ url, /** @type {FetchLikeInit} */ request) => {
      const reply = await fetch(url, request);
      Date.now = () => now() + jumpMs;
      return reply;
    };
    const payple = client(sandbox.origin, { fetch: jump });
    assert.equal((await payple.lookupPayoutRequests("Q0RSSkYzWUI3")).count, 4);
    assert.deepEqual(sandbox.stats().calls, { token: 1, auth: 0, payout: 1, billing: 0 });
  }
});

/** @param {string} origin @param {Partial<PaypleClientOptions>} [more] */
function client(origin, more) {
  return new PaypleClient({
    environment: "test",
    cstId: "test",
    custKey: "abcd1234567890",
    origins: { hub: origin, cpay: origin },
    ...more,
  });
}

/** @param {Client} payple @param {Question} question @returns {Promise<Outcome>} */
async function ask(payple, { service, key, timeoutMs = 5_000 }) {
  const lookUp =
    service === "hub"
      ? payple.lookupPayoutRequests(key, { timeoutMs })
      : payple.lookupBillingKey(key, { timeoutMs });
  try {
    return { answer: await lookUp };
  } catch (error) {
    assert.ok(error instanceof PaypleError);
    return {
      error: {
        ...error.toJSON?.(),
        kind: error.kind,
        code: error.code,
        phase: error.phase,
        retryable: error.retryable,
        message: error.message,
      },
    };
  }
}
