// A panic inside the module: every look-up under way is rejected, the next one works on a fresh
// instance.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { buildFace, faceFolder } from "../../pkg-scripts/build/build.mjs";
import { pack } from "../../pkg-scripts/build/pack.mjs";
import { root, target } from "../../pkg-scripts/common/checkout.mjs";
import { startSandbox } from "../../sandbox/index.mjs";

/**
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @typedef {typeof import("../../src/npm/js/index.d.ts")} Package
 */

describe("a panic inside the module", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Package & { panic(): void }} the package of the test build */
  let panics;
  /** @type {Package} */
  let published;
  /** @type {() => InstanceType<Package["PaypleClient"]>} */
  let client;

  before(async () => {
    await buildFace("npm-panics");
    const out = join(target, "test", "npm-panics");
    const hidden = `export { panic } from "${join(root, "tests/npm/panics.mjs")}";`;
    await pack({ out, npmFace: faceFolder("npm-panics"), hidden });
    panics = await import(pathToFileURL(join(out, "index.mjs")).href);
    published = await import(pathToFileURL(join(root, "dist/npm/index.mjs")).href);
    sandbox = await startSandbox();
    const origins = { hub: sandbox.origin, cpay: sandbox.origin };
    client = () =>
      new panics.PaypleClient({
        environment: "test",
        cstId: "test",
        custKey: "abcd1234567890",
        origins,
      });
  });
  after(() => sandbox.close());

  test("rejects every look-up under way with kind internal, and leaves nothing unhandled", async () => {
    const [one, two] = [client(), client()];
    /** @type {unknown[]} */
    const unhandled = [];
    process.on("unhandledRejection", (reason) => unhandled.push(reason));
    const waiting = [
      one.lookupPayoutRequests("FAULT_NO_ANSWER"),
      two.lookupBillingKey("FAULT_NO_ANSWER"),
    ];
    assert.throws(() => panics.panic(), { kind: "internal" });
    for (const outcome of await Promise.allSettled(waiting)) {
      assert.equal(outcome.status, "rejected");
      assert.ok(outcome.reason instanceof panics.PaypleError);
      assert.equal(outcome.reason.kind, "internal");
      assert.ok(outcome.reason.cause instanceof Error);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(unhandled, []);
  });

  test("is over for the next call: old clients and new ones work on", async () => {
    const old = client();
    assert.equal((await old.lookupPayoutRequests("Q0RSSkYzWUI3")).count, 4);
    for (let round = 0; round < 3; round += 1) {
      assert.throws(() => panics.panic(), { kind: "internal" });
      assert.equal((await old.lookupPayoutRequests("Q0RSSkYzWUI3")).count, 4);
      assert.equal((await client().lookupBillingKey("BK_CARD_001")).type, "card");
    }
  });

  test("cannot be provoked in the published build", () => {
    assert.deepEqual(
      Object.keys(published)
        .sort()
        .filter((name) => /panic/i.test(name)),
      [],
    );
  });
});
