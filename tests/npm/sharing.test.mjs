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
  /** Lets the authentication go on, which waits until then: no clock decides what comes first. */
  let authenticate = () => {};

  before(async () => (sandbox = await startSandbox()));
  after(() => sandbox.close());
  beforeEach(() => {
    sandbox.reset();
    begin();
  });

  /** A client that has no token yet. */
  const begin = () => {
    const isAllowed = new Promise((resolve) => {
      authenticate = () => resolve(undefined);
    });
    payple = clientOf(sandbox, {
      fetch: async (url, init) => {
        if (url.endsWith("/oauth/token")) await isAllowed;
        return fetch(url, init);
      },
    });
  };
  const lookUp = (/** @type {LookupOptions} */ options) =>
    payple.lookupPayoutRequests(GROUP, options).catch((error) => error);

  test("one with little time does not wait as long as the one that began it may", async () => {
    const patient = lookUp({ timeoutMs: 20_000 });
    const { kind, phase } = await lookUp({ timeoutMs: 150 });
    assert.deepEqual([kind, phase], ["timeout", "token"]);
    authenticate();
    assert.equal((await patient).count, 4);
    assert.equal(sandbox.stats().calls.token, 1);
  });

  test("the time-out of the one that began it fails nobody else", async () => {
    const hasty = lookUp({ timeoutMs: 150 });
    const patient = lookUp({ timeoutMs: 20_000 });
    assert.equal((await hasty).kind, "timeout");
    authenticate();
    assert.equal((await patient).count, 4);
  });

  test("the signal of one ends that one at once, and no other", async () => {
    for (const at of [0, 1]) {
      const controller = new AbortController();
      const { signal } = controller;
      const all = [0, 1, 2].map((index) =>
        lookUp({ timeoutMs: 20_000, ...(index === at && { signal }) }),
      );
      const [ended] = all.splice(at, 1);
      setTimeout(() => controller.abort(), 50);
      assert.equal((await ended).kind, "aborted");
      authenticate();
      for (const { count } of await Promise.all(all)) assert.equal(count, 4);
      begin();
    }
  });
});
