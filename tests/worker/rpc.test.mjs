// The named entrypoint `PaypleEdge`, called from a second Worker by service bindings.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { eventually, startWorkers } from "./workers.mjs";

/**
 * @import { BillingKey, PayoutRequestGroup } from "../../src/npm/js/models.d.ts"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Workers } from "./workers.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";
const CARD = "d0toSS9sT084bVJSNThScnFX";

/** Name, kind and message of an error that the Worker's own checks give. */
const REFUSED = (/** @type {string} */ message) => ["PaypleError", "invalid_input", message];

/**
 * Calls a method of a binding, or its `fetch`, and tells what came of it. What JSON does not know
 * is named: "js:NaN".
 */
const CALLER = `
  const values = {
    "js:NaN": NaN, "js:Infinity": Infinity, "js:4000n": 4000n, "js:function": () => 1,
    "js:date": new Date(NaN),
  };
  export default {
    async fetch(request, env) {
      const named = (_, value) => (Object.hasOwn(values, value) ? values[value] : value);
      const { binding, method, args } = JSON.parse(await request.text(), named);
      try {
        if (method === "fetch") {
          const { url, headers, body } = args;
          const reply = await env[binding].fetch(url, { method: "POST", headers, body });
          return Response.json({ status: reply.status, body: await reply.json() });
        }
        return Response.json({ value: await env[binding][method](...args) });
      } catch (error) {
        const { name, message, kind, code, phase, status, hintKo, requestId } = error;
        return Response.json({ error: { name, message, kind, code, phase, status, hintKo, requestId } });
      }
    },
  };`;

describe("another Worker, by a service binding to PaypleEdge,", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  before(async () => {
    sandbox = await startSandbox();
    const rpc = (/** @type {Record<string, unknown> | undefined} */ props = undefined) => ({
      name: "edge",
      entrypoint: "PaypleEdge",
      ...(props && { props }),
    });
    workers = await startWorkers({
      edge: { origin: sandbox.origin },
      caller: {
        script: CALLER,
        services: {
          LOOKUP: rpc({ name: "settlement", roles: ["lookup"] }),
          AUDIT: rpc({ name: "auditing", roles: ["audit"] }),
          NOBODY: rpc(),
          NAMELESS: rpc({ name: "", roles: ["lookup"] }),
          MISTYPED: rpc({ name: "settlement", roles: ["lookup"], role: "audit" }),
          STRANGE: rpc({ name: "settlement", roles: ["everything"] }),
          // The HTTP face, by a binding that carries props.
          HTTP: { name: "edge", props: { name: "settlement", roles: ["lookup"] } },
        },
      },
    });
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });

  /**
   * @param {string} binding
   * @param {string} method
   * @param {unknown[]} args
   */
  const call = async (binding, method, ...args) => {
    const reply = await workers.caller.post("/", {
      binding,
      method,
      args: method === "fetch" ? args[0] : args,
    });
    return reply.json();
  };

  test("looks payout requests up, with a review and a comparison", async () => {
    /** @type {{ value: PayoutRequestGroup }} */
    const { value } = await call("LOOKUP", "lookupPayoutRequests", GROUP, {
      expect: { total: 4000, count: 5 },
    });
    assert.deepEqual([value.groupKey, value.count, value.review.consistent], [GROUP, 4, false]);
    assert.deepEqual(
      value.review.findings.map(({ kind }) => kind),
      ["possible_duplicate", "expected_count_mismatch"],
    );
  });

  test("looks a billing key up", async () => {
    /** @type {{ value: BillingKey }} */
    const { value } = await call("LOOKUP", "lookupBillingKey", CARD);
    assert.deepEqual([value.payerId, value.type], [CARD, "card"]);
  });

  test("is counted and recorded by the name in its props", async () => {
    workers.clearLogs();
    await call("LOOKUP", "lookupPayoutRequests", GROUP);
    await eventually(() =>
      assert.deepEqual(
        workers.events("audit").map(({ who, route, outcome }) => [who, route, outcome]),
        [["program settlement", "payout-requests", "ok"]],
      ),
    );
  });

  test("gets an error that says what and why", async () => {
    const { error } = await call("LOOKUP", "lookupBillingKey", "UNKNOWN_KEY");
    assert.deepEqual([error.name, error.kind, error.phase], ["PaypleError", "rejected", "lookup"]);
    assert.ok(error.message && error.hintKo && error.requestId);

    const refused = await call("LOOKUP", "lookupPayoutRequests", GROUP, { expects: {} });
    assert.deepEqual(
      [refused.error.kind, refused.error.message],
      ["invalid_input", 'the options of a look-up must not have "expects"; known are expect'],
    );
    const missing = await call("LOOKUP", "lookupPayoutRequests");
    assert.equal(missing.error.kind, "invalid_input");
  });

  test("is refused what JSON would pass over in silence, and bigints are amounts", async () => {
    for (const [expect, message] of /** @type {[object, string][]} */ ([
      [{ total: "js:NaN", count: 4 }, "expect.total is not a finite number"],
      [{ total: "js:Infinity", count: 4 }, "expect.total is not a finite number"],
      [{ total: "js:function", count: 4 }, "expect.total cannot be written as JSON"],
      [{ total: "js:date", count: 4 }, "expect.total cannot be written as JSON"],
      [{ fingerprint: "js:NaN", count: 4 }, "expect.fingerprint is not a finite number"],
      [{ requests: [{ amount: "js:NaN" }] }, "expect.requests[0].amount is not a finite number"],
    ])) {
      const { error, value } = await call("LOOKUP", "lookupPayoutRequests", GROUP, { expect });
      assert.equal(value, undefined, message);
      assert.deepEqual([error.name, error.kind, error.message], REFUSED(message));
    }
    /** @type {{ value: PayoutRequestGroup }} */
    const { value } = await call("LOOKUP", "lookupPayoutRequests", GROUP, {
      expect: { total: "js:4000n", requests: [{ amount: "js:4000n" }] },
    });
    assert.equal(value.review.expectation?.matchedBy, "amount");
    for (const options of [null, 7, []]) {
      const { error } = await call("LOOKUP", "lookupPayoutRequests", GROUP, options);
      assert.deepEqual(
        [error.name, error.kind, error.message],
        REFUSED("the options of a look-up must be an object"),
      );
    }
  });

  test("may do what its roles say, and nothing without props that say so", async () => {
    sandbox.reset();
    /** @type {Record<string, string>} */
    const kinds = {};
    for (const binding of ["AUDIT", "NOBODY", "NAMELESS", "MISTYPED", "STRANGE"])
      kinds[binding] = (await call(binding, "lookupPayoutRequests", GROUP)).error.kind;
    assert.deepEqual(kinds, {
      AUDIT: "role_missing",
      NOBODY: "not_signed_in",
      NAMELESS: "not_signed_in",
      MISTYPED: "not_signed_in",
      STRANGE: "not_signed_in",
    });
    assert.equal(sandbox.stats().calls.payout, 0);
  });

  test("signs nobody in who comes over HTTP, whatever the binding's props say", async () => {
    const { status, body } = await call("HTTP", "fetch", {
      url: "https://payple-edge.internal/api/payout-requests",
      headers: { "Content-Type": "application/json", isPaypleEdgeRpc: "true" },
      body: JSON.stringify({ groupKey: GROUP }),
    });
    assert.deepEqual([status, body.kind], [401, "not_signed_in"]);
  });

  test("finds no fetch at that entrypoint", async () => {
    const { error } = await call("LOOKUP", "fetch", {
      url: "https://payple-edge.internal/healthz",
      headers: {},
      body: "{}",
    });
    assert.match(error.message, /does not export a fetch\(\) function/);
  });
});
