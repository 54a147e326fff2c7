// Tokens that the npm package keeps in a shared store: in the documented format, which is the
// Worker's as well.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { SealedStore } from "../../src/npm/js/store.mjs";
import { canonical, entryName, open, seal } from "../token-format.mjs";
import { CUST_KEY, clientOf } from "./client.mjs";

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
