// Tokens in KV: useful to this partner alone, and no failure of KV ever fails a look-up.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandbox } from "../../sandbox/index.mjs";
import { entryName, open, seal } from "../token-format.mjs";
import { eventually, startWorkers } from "./workers.mjs";

/**
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Scope } from "../token-format.mjs"
 * @import { Api, Workers } from "./workers.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";
const CARD = "d0toSS9sT084bVJSNThScnFX";
const CUST_KEY = "abcd1234567890";
const OTHER = { PAYPLE_CST_ID: "other", PAYPLE_CUST_KEY: "other-key-0123456789" };

describe("tokens in KV", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Sandbox} */
  let elsewhere;
  /** @type {Workers} */
  let workers;
  before(async () => {
    const keys = [
      ["test", "abcd1234567890"],
      ["other", OTHER.PAYPLE_CUST_KEY],
      ["test", "a-new-key-0123456789"],
    ];
    sandbox = await startSandbox({
      credentials: keys.map(([cstId, custKey]) => ({ cstId, custKey })),
    });
    elsewhere = await startSandbox();
    const { origin } = sandbox;
    // Each test has a writer and readers: isolates of their own that share a KV namespace.
    const sharing = (/** @type {string} */ kv, /** @type {string[]} */ names) =>
      Object.fromEntries(names.map((name) => [name, { origin, kv }]));
    workers = await startWorkers({
      ...sharing("sealed", ["sealed"]),
      ...sharing("spoilt", [
        "spoilt",
        "spoilt0",
        "spoilt1",
        "spoilt2",
        "spoilt3",
        "spoilt4",
        "spoilt5",
        "spoilt6",
      ]),
      ...sharing("foreign", ["foreign", "foreignReader"]),
      foreignPartner: { origin, kv: "foreign", settings: OTHER },
      ...sharing("swapped", ["swapped", "swappedReader"]),
      ...sharing("stale", ["stale", "staleReader"]),
      ...sharing("bound", ["bound", "bound0", "bound1", "bound2", "bound3", "bound4"]),
      ...sharing("rekeyed", ["rekeyed"]),
      rekeyedReader: {
        origin,
        kv: "rekeyed",
        settings: { PAYPLE_CUST_KEY: "a-new-key-0123456789" },
      },
      ...sharing("moved", ["moved"]),
      movedReader: { origin: elsewhere.origin, kv: "moved" },
      ...sharing("revoked", ["revoked", "revokedReader"]),
      none: { origin, kv: false },
      failing: {
        origin,
        kv: false,
        kvTrouble: '() => { throw new Error("KV failed: 429 Too Many Requests"); }',
      },
      rejecting: {
        origin,
        kv: false,
        kvTrouble: '() => Promise.reject(new Error("KV failed: 429 Too Many Requests"))',
      },
      hanging: {
        origin,
        kv: false,
        kvTrouble: "() => new Promise(() => setInterval(() => {}, 1_000))",
      },
      lying: { origin, kv: false, kvTrouble: "async () => ({ keys: 7 })" },
      odd: { origin, kv: false, kvTrouble: '"no function"' },
    });
  });
  after(async () => {
    await workers?.close();
    await Promise.all([sandbox?.close(), elsewhere?.close()]);
  });
  beforeEach(() => sandbox.reset());

  const both = async (/** @type {Api} */ worker) => [
    (await worker.payoutRequests(GROUP)).status,
    (await worker.billingKey(CARD)).status,
  ];
  const issued = () => [sandbox.stats().tokens, sandbox.stats().partnerAuthentications];
  /** Both entries, once they are written: the longer one is cpay's. */
  const entries = async (/** @type {string} */ name, count = 2) => {
    const kv = await workers.kv(name);
    await eventually(async () => assert.equal((await kv.list()).keys.length, count));
    const found = await Promise.all(
      (await kv.list()).keys.map(async ({ name, expiration = Number.NaN }) => ({
        name,
        expiration,
        value: Buffer.from(await kv.get(name, "arrayBuffer")),
      })),
    );
    return found.sort((one, other) => one.value.length - other.value.length);
  };

  test("are sealed, under names that say nothing, and are gone in time", async () => {
    const beforeS = Date.now() / 1_000;
    await both(workers.sealed);
    const [hub, cpay] = await entries("sealed");
    const afterS = Date.now() / 1_000;
    for (const { name, value } of [hub, cpay]) {
      assert.match(name, /^payple-edge:token:3:[0-9a-f]{64}$/);
      assert.doesNotMatch(
        value.toString("latin1"),
        /test|abcd|Bearer|issued|held|hub|cpay|[A-Za-z0-9+/=]{24}/,
      );
    }
    assert.ok(
      hub.expiration - beforeS > 55 && hub.expiration - afterS <= 61,
      "KV keeps nothing for less than a minute",
    );
    assert.ok(cpay.expiration - beforeS > 24 * 60 && cpay.expiration - afterS <= 25 * 60 + 1);
  });

  test("that are damaged are replaced, after an authentication", async () => {
    await both(workers.spoilt);
    const [hub, cpay] = await entries("spoilt");
    const kv = await workers.kv("spoilt");
    /** @type {((value: Buffer) => Uint8Array)[]} */
    const spoil = [
      (value) => value.subarray(0, -1),
      (value) => Buffer.concat([value, Buffer.from([0])]),
      (value) => value.map((byte, at) => (at === 3 ? byte ^ 1 : byte)),
      (value) => value.map((byte, at) => (at === value.length - 1 ? byte ^ 128 : byte)),
      () => Buffer.alloc(0),
      () =>
        Buffer.from('{"held":"token","issued_at_ms":0,"expires_at_ms":99999999999999,"serial":1}'),
      () => Buffer.alloc(1_000_000, 7),
    ];
    for (const [n, change] of spoil.entries()) {
      for (const { name, value } of [hub, cpay]) await kv.put(name, new Uint8Array(change(value)));
      sandbox.reset();
      assert.deepEqual([n, await both(workers[`spoilt${n}`]), issued()], [n, [200, 200], [1, 1]]);
      await eventually(async () =>
        assert.notDeepEqual(Buffer.from(await kv.get(hub.name, "arrayBuffer")), change(hub.value)),
      );
    }
  });

  test("of another partner do not open", async () => {
    await both(workers.foreign);
    const mine = await entries("foreign");
    await both(workers.foreignPartner);
    const theirs = (await entries("foreign", 4)).filter(
      ({ name }) => !mine.some((entry) => entry.name === name),
    );
    assert.equal(theirs.length, 2, "nobody finds another partner's token");
    const kv = await workers.kv("foreign");
    for (const n of [0, 1]) await kv.put(mine[n].name, new Uint8Array(theirs[n].value));
    sandbox.reset();

    assert.deepEqual(
      [await both(workers.foreignReader), issued()],
      [
        [200, 200],
        [1, 1],
      ],
    );
  });

  test("of the other service do not open", async () => {
    await both(workers.swapped);
    const [hub, cpay] = await entries("swapped");
    const kv = await workers.kv("swapped");
    await kv.put(hub.name, new Uint8Array(cpay.value));
    await kv.put(cpay.name, new Uint8Array(hub.value));
    sandbox.reset();

    assert.deepEqual(
      [await both(workers.swappedReader), issued()],
      [
        [200, 200],
        [1, 1],
      ],
    );
  });

  test("sealed for another service, environment, partner or address do not open", async () => {
    await workers.bound.payoutRequests(GROUP);
    const [{ name, value }] = await entries("bound", 1);
    const kv = await workers.kv("bound");
    const mine = { service: "hub", environment: "test", cstId: "test", origin: sandbox.origin };
    assert.equal(name, entryName(mine, CUST_KEY), "the name is that of the documented format");
    const token = open(value, mine, CUST_KEY);
    const others = [
      { service: "cpay" },
      { environment: "live" },
      { cstId: "other" },
      { origin: elsewhere.origin },
    ];
    const tokens = async (/** @type {string} */ reader, /** @type {Scope} */ place) => {
      await kv.put(name, new Uint8Array(seal(token, place, CUST_KEY)));
      sandbox.reset();
      assert.equal((await workers[reader].payoutRequests(GROUP)).status, 200);
      return sandbox.stats().tokens;
    };

    assert.equal(await tokens("bound0", mine), 0, "sealed anew as it was, it opens");
    for (const [n, other] of others.entries()) {
      assert.deepEqual([other, await tokens(`bound${n + 1}`, { ...mine, ...other })], [other, 1]);
    }
  });

  test("of an earlier key, or from another address, are never met again", async () => {
    await workers.rekeyed.payoutRequests(GROUP);
    await entries("rekeyed", 1);
    await both(workers.moved);
    await entries("moved");
    sandbox.reset();

    assert.equal((await workers.rekeyedReader.payoutRequests(GROUP)).status, 200);
    assert.equal(sandbox.stats().tokens, 1);
    await entries("rekeyed", 2);
    assert.deepEqual(await both(workers.movedReader), [200, 200]);
    assert.deepEqual([elsewhere.stats().tokens, elsewhere.stats().calls.payout], [1, 1]);
    await entries("moved", 4);
  });

  test("that have expired are not even tried", async () => {
    sandbox.setLifetimes({ tokenMs: 3_000 });
    await workers.stale.payoutRequests(GROUP);
    await entries("stale", 1);
    await sleep(3_100);

    assert.equal((await workers.staleReader.payoutRequests(GROUP)).status, 200);
    assert.deepEqual([sandbox.stats().tokens, sandbox.stats().calls.payout], [2, 2]);
  });

  test("that Payple has revoked are replaced once", async () => {
    await both(workers.revoked);
    await entries("revoked");
    sandbox.revokeTokens();
    sandbox.revokeAuthKeys();

    assert.deepEqual(
      [await both(workers.revokedReader), issued()],
      [
        [200, 200],
        [2, 2],
      ],
    );
    const { calls } = sandbox.stats();
    assert.deepEqual(calls, { token: 2, auth: 2, payout: 3, billing: 3 });
  });

  test("are done without where KV is missing, fails, hangs or lies", async () => {
    for (const name of ["none", "failing", "rejecting", "hanging", "lying", "odd"]) {
      sandbox.reset();
      const startedAt = Date.now();
      assert.deepEqual([name, await both(workers[name]), issued()], [name, [200, 200], [1, 1]]);
      assert.deepEqual(
        [name, await both(workers[name]), issued()],
        [name, [200, 200], [1, 1]],
        "memory serves all the same",
      );
      const tookMs = Date.now() - startedAt;
      assert.ok(name !== "hanging" || tookMs >= 2_000, `${tookMs} ms`);
    }
  });
});
