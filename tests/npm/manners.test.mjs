// How the package behaves in other people's code: stack traces, class names, proxies, mocks,
// bundles.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { build } from "esbuild";
import nodeFetch from "node-fetch";
import { startSandbox } from "../../sandbox/index.mjs";
import { clientOf, dist, PaypleClient, PaypleError } from "./client.mjs";

/** @import { Sandbox } from "../../sandbox/index.d.ts" */
/** @import { Client, Failure } from "./client.mjs" */

/**
 * What `import` of the package comes to in one minified file of a user's.
 * @param {string} contents
 */
async function bundled(contents) {
  const { outputFiles } = await build({
    stdin: { contents: contents.replace("payple-edge", "./index.mjs"), resolveDir: dist },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
  });
  return outputFiles[0].text;
}

describe("the package in other people's code", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Client} */
  let payple;

  before(async () => {
    sandbox = await startSandbox();
    payple = clientOf(sandbox, {
      maxRetries: 0,
    });
  });
  after(() => sandbox.close());

  test("one signal for many look-ups has one listener, and Node warns of no leak", async () => {
    /** @type {Error[]} */
    const warnings = [];
    const note = (/** @type {Error} */ warning) => warnings.push(warning);
    process.on("warning", note);
    const controller = new AbortController();
    const { signal } = controller;
    const listeners = () => getEventListeners(signal, "abort").length;
    const many = async (/** @type {string} */ key) => {
      /** @type {unknown[]} */
      const kinds = [];
      for await (const { status } of payple.lookupBillingKeys([key], { signal }))
        kinds.push(status);
      return kinds;
    };
    const twenty = Array.from({ length: 20 });

    const found = twenty.flatMap(() => [
      payple.lookupBillingKey("BK_CARD_001", { signal }),
      many("BK_CARD_001"),
    ]);
    assert.equal(listeners(), 1);
    await Promise.all(found);
    assert.equal(listeners(), 0);

    const ended = twenty.flatMap(() => [
      payple.lookupBillingKey("FAULT_NO_ANSWER", { signal }),
      many("FAULT_NO_ANSWER"),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(listeners(), 1);
    controller.abort("enough");
    for (const { status, reason } of /** @type {any[]} */ (await Promise.allSettled(ended)))
      assert.deepEqual([status, reason.kind, reason.cause], ["rejected", "aborted", "enough"]);
    assert.equal(listeners(), 0);
    process.off("warning", note);
    assert.deepEqual(warnings, []);
  });

  test("a signal of one's own that fails when it is let go holds up no look-up", async () => {
    const signal = {
      aborted: false,
      addEventListener: () => {},
      removeEventListener: () => {
        throw new TypeError("no");
      },
    };
    const payple = clientOf(sandbox);
    const { type } = await payple.lookupBillingKey("BK_CARD_001", { signal });
    assert.equal(type, "card");
  });

  test("one signal for many calls of EdgeClient has one listener, too", async () => {
    const { EdgeClient } = await import(pathToFileURL(join(dist, "browser.mjs")).href);
    const edge = new EdgeClient({ baseUrl: "http://127.0.0.1:9/" });
    const controller = new AbortController();
    const { signal } = controller;
    const asked = Array.from({ length: 20 }, () =>
      edge.lookupBillingKey("BK_CARD_001", { signal }).catch((/** @type {any} */ error) => error),
    );
    assert.equal(getEventListeners(signal, "abort").length, 1);
    controller.abort("enough");
    for (const error of await Promise.all(asked))
      assert.deepEqual([error.kind, error.cause], ["aborted", "enough"]);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });

  test("an error's stack contains the caller, whatever failed", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    const failures = {
      rejected: async function askedHere() {
        return payple.lookupBillingKey("BK_UNKNOWN");
      },
      unavailable: async function askedHere() {
        return payple.lookupPayoutRequests("FAULT_503_HTML");
      },
      timeout: async function askedHere() {
        return payple.lookupPayoutRequests("FAULT_NO_ANSWER", { timeoutMs: 30 });
      },
      aborted: async function askedHere() {
        return payple.lookupPayoutRequests("FAULT_NO_ANSWER", { signal: controller.signal });
      },
      invalid_input: async function askedHere() {
        return payple.lookupBillingKey("");
      },
    };
    for (const [kind, ask] of Object.entries(failures)) {
      // Not awaited at once: what waits for it is no help to find who asked.
      const asked = ask();
      const error = await new Promise((resolve) => asked.catch(resolve));
      assert.equal(error.kind, kind);
      const [head, ...frames] = error.stack.split("\n");
      assert.equal(head, `PaypleError: ${error.message}`);
      assert.match(frames.join("\n"), /askedHere .*manners\.test\.mjs/, kind);
      assert.match(inspect(error), /askedHere/);
    }
  });

  test("an error is the same one again in another thread, by what it says of itself", async () => {
    /** @type {Failure} */
    const error = await payple.lookupBillingKey("BK_UNKNOWN").catch((error) => error);
    const again = new PaypleError(structuredClone(error.toJSON()));
    assert.deepEqual([again.kind, again.code], ["rejected", "SPCD0001"]);
    assert.deepEqual(again.toJSON(), error.toJSON());
  });

  test("its classes keep their names in a minified bundle", async () => {
    const code = await bundled('export { PaypleClient, PaypleError } from "payple-edge";');
    const small = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    assert.equal(small.PaypleClient.name, "PaypleClient");
    const error = await Promise.reject(
      new small.PaypleError({ kind: "internal", message: "m" }),
    ).catch((error) => error);
    assert.deepEqual([error.constructor.name, error.name], ["PaypleError", "PaypleError"]);
    assert.ok(error instanceof PaypleError);
  });

  test("the error alone does not bring the WebAssembly into a bundle", async () => {
    const code = await bundled(
      'import { PaypleError } from "payple-edge"; console.log(PaypleError);',
    );
    assert.ok(code.length < 2_500, `${code.length} bytes`);
  });

  test("a proxied client works, and shows nothing either", async () => {
    const plain = new Proxy(payple, {});
    assert.equal((await plain.lookupPayoutRequests("Q0RSSkYzWUI3")).count, 4);
    /**
     * @template {object} Target
     * @param {Target} target
     * @returns {Target}
     */
    const deep = (target) =>
      new Proxy(target, {
        get(of, name, receiver) {
          const value = Reflect.get(of, name, receiver);
          const isFixed = Object.getOwnPropertyDescriptor(of, name)?.configurable === false;
          return typeof value === "object" && value !== null && !isFixed ? deep(value) : value;
        },
      });
    assert.equal((await deep(payple).lookupBillingKey("BK_CARD_001")).type, "card");
    const derived = Object.create(payple);
    assert.equal((await derived.lookupBillingKey("BK_CARD_001")).type, "card");
    for (const shown of [payple, plain, derived]) {
      for (const text of [
        inspect(shown, { showHidden: true, depth: 9, showProxy: true }),
        inspect(shown, { showHidden: true, depth: 9, customInspect: false }),
        JSON.stringify(shown),
        String(shown),
        JSON.stringify({ ...shown }),
      ])
        assert.doesNotMatch(text, /abcd1234567890|custKey/);
    }
  });

  test("an EdgeClient that Vue made reactive works, and one without itself says so", async () => {
    const { EdgeClient } = await import(pathToFileURL(join(dist, "browser.mjs")).href);
    const edge = new EdgeClient({ baseUrl: "http://127.0.0.1:9/", token: "canary" });
    const signal = AbortSignal.abort("enough");
    for (const client of [new Proxy(edge, {}), Object.create(edge)]) {
      const error = await client
        .lookupBillingKey("key", { signal })
        .catch((/** @type {any} */ error) => error);
      assert.deepEqual([error.kind, error.cause], ["aborted", "enough"]);
      for (const text of [
        inspect(client, { showHidden: true, depth: 9, showProxy: true }),
        JSON.stringify(client),
        JSON.stringify({ ...client }),
      ])
        assert.doesNotMatch(text, /canary/);
    }
    // Vue's `reactive` leaves alone what is no plain object by its tag.
    assert.equal(String(edge), "[object EdgeClient]");
    const { lookupBillingKey, session } = edge;
    for (const detached of [lookupBillingKey, session]) {
      const error = await detached("key").catch((/** @type {any} */ error) => error);
      assert.deepEqual([error.name, error.kind], ["PaypleError", "invalid_input"]);
    }
    const error = await lookupBillingKey("key").catch((/** @type {any} */ error) => error);
    assert.match(error.hint, /edge\.lookupBillingKey\.bind\(edge\)/);
  });

  test("a method without its client is a PaypleError that says how to hand it on", async () => {
    const { lookupBillingKey, lookupPayoutRequests } = payple;
    for (const detached of [lookupBillingKey, lookupPayoutRequests]) {
      const error = await detached("key").catch((error) => error);
      assert.deepEqual([error instanceof PaypleError, error.kind], [true, "invalid_input"]);
      assert.match(error.hint, /bind/);
      assert.match(error.hintKo, /bind/);
    }
    const { lookupBillingKeys } = payple;
    assert.throws(() => lookupBillingKeys(["key"]), { kind: "invalid_input", hint: /bind/ });
    assert.equal((await lookupBillingKey.call(payple, "BK_CARD_001")).type, "card");
  });

  test("jest.mock finds the methods: the prototype looks like a plain object's", () => {
    assert.equal(Object.prototype.toString.call(PaypleClient.prototype), "[object Object]");
    assert.equal(String(payple), "[object PaypleClient]");
    const methods = Object.getOwnPropertyNames(PaypleClient.prototype);
    for (const name of ["lookupPayoutRequests", "lookupBillingKey"])
      assert.ok(methods.includes(name));
  });

  test("in a runtime without fetch an error says so before anything begins", async () => {
    const { fetch } = globalThis;
    try {
      delete (/** @type {Partial<typeof globalThis>} */ (globalThis).fetch);
      const error = await payple.lookupBillingKey("BK_CARD_001").catch((error) => error);
      assert.deepEqual([error.kind, error.phase], ["invalid_config", undefined]);
      assert.match(error.hint, /option fetch/);
    } finally {
      globalThis.fetch = fetch;
    }
    assert.equal((await payple.lookupBillingKey("BK_CARD_001")).type, "card");
  });

  test("Payple's status is not taken for a server's own by Express, Fastify or Nuxt", async () => {
    const error = await payple.lookupPayoutRequests("FAULT_500_HTML").catch((error) => error);
    assert.equal(error.httpStatus, 500);
    for (const name of ["status", "statusCode", "statusMessage", "expose"])
      assert.ok(!(name in error), name);
  });

  test("a retry waits by the clock of setTimeout, as the document says for fake timers", async (t) => {
    /** @type {string[]} */
    const ended = [];
    const retrying = clientOf(sandbox, {
      maxRetries: 1,
      // Node's own fetch sets time limits of its own by the clock that is mocked.
      fetch: nodeFetch,
      onExchange: ({ phase }) => void ended.push(phase),
    });
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let isOver = false;
    const asked = retrying.lookupPayoutRequests("FAULT_500_ONCE-timers").finally(() => {
      isOver = true;
    });
    while (!ended.includes("lookup")) await new Promise(setImmediate);
    // Twice as long as the first wait is by another clock.
    const until = performance.now() + 400;
    while (performance.now() < until) await new Promise(setImmediate);
    assert.equal(isOver, false);
    // More than the first wait, and less than the time limit of an exchange.
    t.mock.timers.tick(5_000);
    await asked;
  });
});
