// Each look-up runs in the async context of its caller, though many share one turn of the module;
// and its events say which look-up they belong to.

import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { after, before, beforeEach, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { clientOf } from "./client.mjs";

/**
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { LookupOptions } from "../../src/npm/js/index.d.ts"
 * @import { Client, Options } from "./client.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";
const storage = new AsyncLocalStorage();

describe("the async context of a look-up", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {{ what: string, in: any, of?: any }[]} with the context it was done in, and
   *   a key or an id */
  let seen;

  before(async () => (sandbox = await startSandbox()));
  after(() => sandbox.close());
  beforeEach(() => {
    sandbox.reset();
    seen = [];
  });

  /** A client that notes what is done in which context. */
  const client = (/** @type {Options} */ options = {}) => {
    const note = (/** @type {string} */ what, /** @type {string} */ of) =>
      seen.push({ what, in: storage.getStore(), of });
    return clientOf(sandbox, {
      fetch: (url, request) => {
        const { groupKey, PCD_PAYER_ID, group_key } = JSON.parse(request.body);
        const isToken = /oauth\/token|auth\.php/.test(url);
        note(isToken ? "token" : "lookup", group_key ?? groupKey ?? PCD_PAYER_ID);
        return fetch(url, request);
      },
      onExchangeStart: ({ phase, lookupId }) => note(`start ${phase}`, lookupId),
      onExchange: ({ phase, lookupId }) => note(`end ${phase}`, lookupId),
      ...options,
    });
  };
  /**
   * Asks in a context named after the key; what it comes to, and in which context the caller goes
   * on.
   * @param {Client} payple
   * @param {string} key
   * @param {LookupOptions} [options]
   */
  const ask = (payple, key, options) =>
    storage.run(key, async () => {
      const outcome = await payple.lookupPayoutRequests(key, options).catch((error) => error);
      assert.equal(storage.getStore(), key);
      return outcome;
    });
  const keys = (/** @type {number} */ count) =>
    Array.from({ length: count }, (_, at) => `ROWS_${at + 1}`);
  const told = async () => new Promise((resolve) => setTimeout(resolve, 10));

  /**
   * Every look-up was sent in its own context, and so were its events; the token's exchange in the
   * context of one.
   * @param {string[]} asked
   * @param {string} [gaveUp]
   */
  const assertOwn = (asked, gaveUp) => {
    const lookups = seen.filter(({ what }) => what === "lookup");
    assert.deepEqual(
      lookups.map((one) => one.in),
      lookups.map(({ of }) => of),
    );
    assert.deepEqual(new Set(lookups.map(({ of }) => of)), new Set(asked));
    for (const one of seen)
      assert.ok([...asked, gaveUp].includes(one.in), `${one.what} in ${one.in}`);
    const events = seen.filter(({ what }) => /^(start|end) /.test(what));
    const contexts = new Map();
    for (const { in: context, of } of events) {
      assert.match(of, /^[0-9a-f]{16}$/);
      assert.equal(contexts.get(of) ?? context, context);
      contexts.set(of, context);
    }
    assert.equal(contexts.size, new Set(contexts.values()).size);
    for (const phase of ["token", "lookup"]) {
      const ids = (/** @type {string} */ what) =>
        seen
          .filter((one) => one.what === what)
          .map(({ of }) => of)
          .sort();
      assert.deepEqual(ids(`start ${phase}`), ids(`end ${phase}`));
    }
  };

  test("is its own, for cold look-ups that share one authentication", async () => {
    const payple = client();
    const asked = keys(20);
    const groups = await Promise.all(asked.map((key) => ask(payple, key)));
    await told();
    assert.deepEqual(
      groups.map(({ count }) => count),
      asked.map((_, at) => at + 1),
    );
    assert.equal(sandbox.stats().calls.token, 1);
    assertOwn(asked);
  });

  test("is its own when the look-up that began the authentication is given up", async () => {
    const payple = client();
    sandbox.queueFault({ endpoint: "token", fault: "SLOW_ANSWER-100", times: 1 });
    const asked = keys(8);
    const controller = new AbortController();
    const [first, ...others] = asked.map((key, at) =>
      ask(payple, key, at === 0 ? { signal: controller.signal } : {}),
    );
    setTimeout(() => controller.abort(), 30);
    assert.equal((await first).kind, "aborted");
    await Promise.all(others);
    const late = await ask(payple, "ROWS_9");
    assert.equal(late.count, 9);
    await told();
    assert.equal(sandbox.stats().calls.token, 1);
    assertOwn([...asked.slice(1), "ROWS_9"], asked[0]);
  });

  test("is its own through retries, refused tokens and a store", async () => {
    const entries = new Map();
    /**
     * @template {any[]} Given
     * @template Result
     * @param {(...given: Given) => Result} act
     */
    const noting =
      (act) =>
      async (/** @type {Given} */ ...given) => {
        seen.push({ what: "store", in: storage.getStore() });
        return act(...given);
      };
    const tokenStore = {
      get: noting((/** @type {string} */ key) => entries.get(key)),
      set: noting((/** @type {string} */ key, /** @type {string} */ value) =>
        entries.set(key, value),
      ),
      delete: noting((/** @type {string} */ key) => entries.delete(key)),
    };
    const payple = client({ tokenStore });
    const asked = [
      ...keys(8),
      ...Array.from({ length: 4 }, (_, at) => `FAULT_500_ONCE-context${at}`),
    ];
    sandbox.queueFault({ endpoint: "token", fault: "500_HTML", times: 1 });
    await Promise.all(asked.map((key) => ask(payple, key)));
    sandbox.revokeTokens();
    await Promise.all(asked.map((key) => ask(payple, key)));
    await told();
    assert.ok(seen.some(({ what }) => what === "store"));
    for (const { what, in: context, of } of seen) {
      assert.ok(asked.includes(context), `${what} in ${context}`);
      if (what === "lookup") assert.equal(context, of);
    }
  });

  test("is nobody's where nobody has one", async () => {
    assert.equal((await client().lookupPayoutRequests(GROUP)).count, 4);
    assert.ok(seen.length > 0 && seen.every((one) => one.in === undefined));
  });
});
