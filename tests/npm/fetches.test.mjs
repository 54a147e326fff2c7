// The fetches that people hand over: undici's, node-fetch, cross-fetch, and a fetch without a
// streamed body.

import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { after, before, describe, test } from "node:test";
import crossFetch from "cross-fetch";
import nodeFetch from "node-fetch";
import { fetch as undiciFetch } from "undici";
import { startSandbox } from "../../sandbox/index.mjs";
import { clientOf } from "./client.mjs";

/** @import { Sandbox } from "../../sandbox/index.d.ts" */
/** @import { Client, FetchLike } from "./client.mjs" */

const fetches = {
  "the runtime's own": fetch,
  "undici's": undiciFetch,
  "node-fetch": nodeFetch,
  "cross-fetch": crossFetch,
  "one without a streamed body": async (
    /** @type {string} */ url,
    /** @type {RequestInit} */ init,
  ) => {
    const response = await fetch(url, init);
    const { status, headers } = response;
    return { status, headers, arrayBuffer: () => response.arrayBuffer() };
  },
};

for (const [name, fetch] of Object.entries(fetches)) {
  describe(`the fetch ${name}`, () => {
    /** @type {Sandbox} */
    let sandbox;
    /** @type {Client} */
    let payple;

    before(async () => {
      sandbox = await startSandbox();
      payple = clientOf(sandbox, {
        maxRetries: 0,
        fetch,
      });
    });
    after(() => sandbox.close());

    test("answers, also at length", async () => {
      assert.equal((await payple.lookupPayoutRequests("ROWS_10000")).count, 10_000);
      assert.equal((await payple.lookupBillingKey("BK_CARD_001")).type, "card");
    });

    test("follows no redirect, and reads no reply beyond all measure", async () => {
      for (const key of ["FAULT_REDIRECT_302", "FAULT_REDIRECT_307", "FAULT_HUGE_BODY-20"]) {
        const error = await payple.lookupPayoutRequests(key).catch((error) => error);
        assert.equal(error.kind, "protocol", key);
      }
      assert.equal(sandbox.stats().redirectsFollowed, 0);
    });

    test("is timed out and given up, with what it said as the cause of a failure", async () => {
      const slow = await payple
        .lookupPayoutRequests("FAULT_NO_ANSWER", { timeoutMs: 100 })
        .catch((error) => error);
      assert.equal(slow.kind, "timeout");
      const controller = new AbortController();
      setTimeout(() => controller.abort("enough"), 50);
      const { signal } = controller;
      const error = await payple
        .lookupPayoutRequests("FAULT_NO_ANSWER", { signal })
        .catch((error) => error);
      assert.deepEqual([error.kind, error.cause], ["aborted", "enough"]);
      const reset = await payple
        .lookupPayoutRequests("FAULT_RESET_ONCE-fetch")
        .catch((error) => error);
      assert.deepEqual([reset.kind, reset.cause instanceof Error], ["unavailable", true]);
      assert.match(reset.hint, /broke off/);
    });
  });
}

describe("a fetch of one's own", () => {
  /** @type {Sandbox} */
  let sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  after(() => sandbox.close());

  /**
   * What a look-up of a group comes to whose exchange is answered by `answer`, while another one is
   * under way. Both services' tokens are there by then.
   * @param {FetchLike} answer
   * @param {number} [timeoutMs]
   */
  async function outcomeOf(answer, timeoutMs = 5_000) {
    const payple = clientOf(sandbox, {
      maxRetries: 0,
      fetch: (url, init) =>
        init.body.includes("CLEAN_128") ? answer(url, init) : fetch(url, init),
    });
    await payple.lookupBillingKey("BK_CARD_001");
    await payple.lookupPayoutRequests("EMPTY");
    const other = payple.lookupBillingKey("BK_CARD_002");
    const outcome = await payple
      .lookupPayoutRequests("CLEAN_128", { timeoutMs })
      .catch((error) => error);
    assert.equal((await other).type, "card", "another look-up goes on");
    return outcome;
  }

  test("may fail with anything", async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const thrown = {
      "a text": "no",
      nothing: undefined,
      "what cannot be read": proxy,
      "a message that cannot be read": {
        get message() {
          throw new Error("no");
        },
      },
      "a code that is no text": { code: Object.create(null) },
    };
    for (const [what, error] of Object.entries(thrown)) {
      const outcome = await outcomeOf(() => Promise.reject(error));
      assert.deepEqual([outcome.kind, outcome.cause === error], ["unavailable", true], what);
    }
    const thrower = () => {
      throw new TypeError("at once");
    };
    assert.equal((await outcomeOf(thrower)).cause.message, "at once");
  });

  test("that gives no Response is an error that says so", async () => {
    const status = 200;
    const arrayBuffer = async () => new ArrayBuffer(0);
    const headers = { get: () => null };
    async function* numbers() {
      yield 5;
    }
    for (const given of [
      undefined,
      null,
      "{}",
      { status, arrayBuffer },
      { status, headers: {}, arrayBuffer },
      { status, headers, body: numbers(), arrayBuffer },
    ]) {
      const outcome = await outcomeOf(async () => /** @type {any} */ (given));
      assert.equal(outcome.kind, "unavailable");
      assert.match(outcome.cause.message, /^the option fetch gave /);
      assert.match(outcome.hint, /must resolve to a Response/);
      assert.match(outcome.hintKo, /fetch 옵션/);
    }
  });

  test("may give its body as bytes of any kind, or as text", async () => {
    /** @type {Record<string, (text: string) => Iterable<unknown>>} */
    const pieces = {
      text: (text) => [text.slice(0, 99), text.slice(99)],
      "array buffers": (text) => [new TextEncoder().encode(text).buffer],
      "data views": (text) => [new DataView(new TextEncoder().encode(text).buffer)],
      "buffers of Node's": (text) => [Buffer.from(text)],
    };
    for (const [what, piecesOf] of Object.entries(pieces))
      for (const streamOf of [Readable.from, webStreamOf]) {
        const outcome = await outcomeOf(async (url, init) => {
          const response = await fetch(url, init);
          const { status, headers } = response;
          const body = streamOf(piecesOf(await response.text()));
          return { status, headers, body, arrayBuffer: () => Promise.reject(new Error()) };
        });
        assert.equal(outcome.count, 128, `${what}: ${outcome.message}`);
      }
  });

  test("whose body goes on after the time limit is read no further, and told to end", async () => {
    let [pieces, isEnded] = [0, false];
    async function* endless() {
      try {
        for (;;) {
          pieces += 1;
          yield " ";
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      } finally {
        isEnded = true;
      }
    }
    const headers = { get: () => null };
    const outcome = await outcomeOf(
      async () => ({
        status: 200,
        headers,
        body: endless(),
        arrayBuffer: async () => new ArrayBuffer(0),
      }),
      100,
    );
    assert.equal(outcome.kind, "timeout");
    for (let turn = 0; turn < 200 && !isEnded; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok(isEnded && pieces > 0);
  });
});

/** @param {Iterable<unknown>} pieces */
function webStreamOf(pieces) {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}
