// Tokens that the npm package keeps in a shared store: in the documented format, which is the
// Worker's as well.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandbox } from "../../sandbox/index.mjs";
import { SealedStore } from "../../src/npm/js/store.mjs";
import { canonical, entryName, open, seal } from "../token-format.mjs";
import { CUST_KEY, clientOf } from "./client.mjs";

/** @import { TokenStore } from "../../src/npm/js/index.d.ts" */

const GROUP = "Q0RSSkYzWUI3";
const CARD = "d0toSS9sT084bVJSNThScnFX";
const { vectors } = JSON.parse(
  readFileSync(new URL("../../docs/token-format-vectors.json", import.meta.url), "utf8"),
);

test("the documented vectors hold for the recipe of docs/storage.md", () => {
  assert.ok(vectors.length > 3);
  for (const { scope, custKey, token, nonce, ...expected } of vectors) {
    const entry = seal(token, scope, custKey, Buffer.from(nonce, "hex"));
    assert.deepEqual(
      {
        canonical: canonical(scope).toString(),
        name: entryName(scope, custKey),
        entry: entry.toString("base64"),
      },
      expected,
    );
    assert.equal(open(entry, scope, custKey), token);
  }
});

test("the package opens what the documented vectors hold", async () => {
  for (const { scope, custKey, token, name, entry } of vectors) {
    const { service, origin, ...partner } = scope;
    /** @type {string[]} */
    const asked = [];
    const get = (/** @type {string} */ key) => {
      asked.push(key);
      return entry;
    };
    const store = { get, set() {}, delete() {} };
    const whose = { ...partner, custKey, ...(origin && { origin }) };
    const sealed = new SealedStore(store, { hub: whose, cpay: whose });
    assert.equal(await sealed.load(service), token);
    assert.deepEqual(asked, [name]);
  }
});

test("both tokens are written under the documented names, and open by the documented recipe", async () => {
  const sandbox = await startSandbox();
  const stored = new Map();
  const payple = clientOf(sandbox, {
    tokenStore: {
      get: (key) => stored.get(key),
      set: (key, value) => void stored.set(key, value),
      delete: (key) => void stored.delete(key),
    },
  });
  await payple.lookupPayoutRequests(GROUP);
  await payple.lookupBillingKey(CARD);
  await sandbox.close();

  assert.equal(stored.size, 2);
  for (const service of ["hub", "cpay"]) {
    const scope = { service, environment: "test", cstId: "test", origin: sandbox.origin };
    const entry = stored.get(entryName(scope, CUST_KEY));
    assert.ok(entry, service);
    const token = JSON.parse(open(Buffer.from(entry, "base64"), scope, CUST_KEY));
    assert.equal(typeof token, "object");
  }
});

/** @type {[string, () => unknown][]} */
const UNANSWERED = [
  ["never answers", () => new Promise(() => {})],
  ["fails late", () => new Promise((_, reject) => setTimeout(reject, 1_500, new Error("late")))],
];
for (const [how, act] of UNANSWERED) {
  test(`a store that ${how} holds up no look-up for longer than its timeoutMs`, async () => {
    /** @type {unknown[]} */
    const unhandled = [];
    const note = (/** @type {unknown} */ reason) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    const sandbox = await startSandbox();
    const working = { get() {}, set() {}, delete() {} };
    const broken = [{ get: act }, { set: act }, { delete: act }];
    broken.push(Object.assign({}, ...broken));
    try {
      for (const methods of broken) {
        const tokenStore = /** @type {TokenStore} */ ({ ...working, ...methods });
        const payple = clientOf(sandbox, { tokenStore, timeoutMs: 300 });
        for (const step of ["the first look-up", "the token is rejected"]) {
          const since = performance.now();
          assert.equal((await payple.lookupPayoutRequests(GROUP)).count, 4, step);
          assert.equal((await payple.lookupBillingKey(CARD, { timeoutMs: 200 })).type, "card");
          const tookMs = performance.now() - since;
          // Three waits for each service at most, to forget, to ask and to keep: 1.5 s, where each
          // would take a second if it were not for timeoutMs.
          assert.ok(tookMs < 5_000, `${step} took ${tookMs} ms`);
          sandbox.revokeTokens();
        }
      }
      if (how === "fails late") await sleep(1_600);
      assert.deepEqual(unhandled, []);
    } finally {
      process.off("unhandledRejection", note);
      await sandbox.close();
    }
  });
}

test("a store is waited for a second at most, whatever timeoutMs allows", async () => {
  const sandbox = await startSandbox();
  const get = () => /** @type {Promise<undefined>} */ (new Promise(() => {}));
  const tokenStore = { get, set() {}, delete() {} };
  const since = performance.now();
  const group = await clientOf(sandbox, { tokenStore }).lookupPayoutRequests(GROUP);
  const tookMs = performance.now() - since;
  await sandbox.close();

  assert.equal(group.count, 4);
  // As long as timeoutMs would be ten seconds.
  assert.ok(tookMs > 900 && tookMs < 8_000, `took ${tookMs} ms`);
});

test("what is too long to be a token is not decoded: that would block the process", async (t) => {
  const sandbox = await startSandbox();
  const decoded = t.mock.method(globalThis, "atob");
  const tokenStore = { get: () => "A".repeat(20_000_000), set() {}, delete() {} };
  const group = await clientOf(sandbox, { tokenStore }).lookupPayoutRequests(GROUP);
  await sandbox.close();

  assert.equal(group.count, 4);
  const lengths = decoded.mock.calls.map(({ arguments: [text] }) => text.length);
  assert.deepEqual(
    lengths.filter((length) => length > 1_000_000),
    [],
  );
});

test("a store that takes its time is waited for", async () => {
  const sandbox = await startSandbox();
  /** @type {Map<string, string>} */
  const stored = new Map();
  const slowly = () => sleep(150);
  const tokenStore = {
    get: async (/** @type {string} */ key) => slowly().then(() => stored.get(key)),
    set: async (/** @type {string} */ key, /** @type {string} */ value) =>
      slowly().then(() => stored.set(key, value)),
    delete: slowly,
  };
  await clientOf(sandbox, { tokenStore }).lookupPayoutRequests(GROUP);
  await clientOf(sandbox, { tokenStore }).lookupPayoutRequests(GROUP);
  const { calls } = sandbox.stats();
  await sandbox.close();
  assert.equal(calls.token, 1);
});
