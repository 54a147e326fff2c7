// Many billing keys: every key has its result, no more is under way than allowed, and it stops
// where going on is useless.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startSandbox } from "../../sandbox/index.mjs";
import { clientOf, PaypleError } from "./client.mjs";

/**
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { BillingKey, BillingKeyResult } from "../../src/npm/js/index.d.ts"
 * @import { Client, Failure, Options } from "./client.mjs"
 * @typedef {BillingKeyResult & {
 *   billingKey?: BillingKey, code?: string, message?: string, error?: Failure
 * }} Result with what one of any status may have
 */

const FAST = { perSecond: 100_000 };
const keys = (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, at) => `BK_CARD_${String((at % 100) + 1).padStart(3, "0")}`);

describe("many billing keys", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Client} */
  let payple;

  before(async () => (sandbox = await startSandbox()));
  after(() => sandbox.close());
  beforeEach(() => {
    sandbox.reset();
    payple = client();
  });

  const client = (/** @type {Options} */ options = {}) =>
    clientOf(sandbox, {
      maxRetries: 0,
      ...options,
    });

  /**
   * The results up to the end, and the error that ended it.
   * @param {AsyncIterable<Result>} results
   * @returns {Promise<{ got: Result[], error?: any }>} of the error a test says what it is
   */
  const all = async (results) => {
    /** @type {Result[]} */
    const got = [];
    try {
      for await (const result of results) got.push(result);
      return { got };
    } catch (error) {
      return { got, error };
    }
  };

  test("have one result each, by one authentication", async () => {
    const asked = keys(2_000);
    const { got, error } = await all(payple.lookupBillingKeys(asked, FAST));
    assert.equal(error, undefined);
    assert.deepEqual(
      got.map(({ index }) => index).sort((a, b) => a - b),
      asked.map((_, at) => at),
    );
    for (const { index, payerId, status, billingKey } of got) {
      assert.deepEqual([payerId, status], [asked[index], "registered"]);
      assert.equal(billingKey?.payerId, payerId);
    }
    assert.deepEqual(sandbox.stats().calls, { token: 0, auth: 1, payout: 0, billing: 2_000 });
  });

  test("come from anything that can be iterated", async () => {
    async function* later() {
      for (const key of keys(3)) {
        await pause(5);
        yield key;
      }
    }
    const sources = [
      keys(3),
      new Set(keys(3)),
      keys(3).values(),
      later(),
      // Node has it; the DOM's declarations do not yet.
      /** @type {{ from(source: string[]): ReadableStream<string> }} */ (
        /** @type {unknown} */ (ReadableStream)
      ).from(keys(3)),
    ];
    for (const source of sources) {
      const { got } = await all(payple.lookupBillingKeys(source, FAST));
      assert.deepEqual(got.map(({ index }) => index).sort(), [0, 1, 2]);
    }
    assert.deepEqual(await all(payple.lookupBillingKeys([])), { got: [] });
  });

  test("that are not registered, refused or malformed are results like others", async () => {
    /** @type {any[]} the number is what nobody may give */
    const asked = [
      "BK_UNKNOWN",
      "BK_RELEASED",
      "FAULT_503_HTML",
      "FAULT_UNKNOWN_CODE",
      "a b",
      7,
      "BK_CARD_001",
    ];
    const { got, error } = await all(payple.lookupBillingKeys(asked, FAST));
    assert.equal(error, undefined);
    const told = got.sort((a, b) => a.index - b.index);
    assert.deepEqual(
      told.map(({ payerId, status, code, error }) => [payerId, status, code, error?.kind]),
      [
        ["BK_UNKNOWN", "not_registered", "SPCD0001", undefined],
        ["BK_RELEASED", "not_registered", "SPCD0012", undefined],
        ["FAULT_503_HTML", "failed", undefined, "unavailable"],
        ["FAULT_UNKNOWN_CODE", "failed", undefined, "rejected"],
        ["a b", "failed", undefined, "invalid_input"],
        [7, "failed", undefined, "invalid_input"],
        ["BK_CARD_001", "registered", undefined, undefined],
      ],
    );
    for (const { error } of told.filter(({ error }) => error))
      assert.ok(error instanceof PaypleError);
    assert.match(String(told[0].message), /존재하지 않는/);
  });

  test("are under way no more than asked for, and taken no faster than results are", async () => {
    let [underWay, most, taken] = [0, 0, 0];
    const counting = client({
      fetch: async (url, init) => {
        most = Math.max(most, ++underWay);
        try {
          return await fetch(url, init);
        } finally {
          underWay -= 1;
        }
      },
    });
    function* source() {
      for (const key of keys(40)) {
        taken += 1;
        yield key;
      }
    }
    let seen = 0;
    for await (const _ of counting.lookupBillingKeys(source(), { concurrency: 3, ...FAST })) {
      seen += 1;
      await pause(3);
      assert.ok(taken <= seen + 3, `${taken} taken, ${seen} seen`);
    }
    assert.deepEqual([seen, most], [40, 3]);
  });

  test("are begun no more a second than asked for", async () => {
    await payple.lookupBillingKey("BK_CARD_001");
    /** @type {number[]} */
    const starts = [];
    const noting = client({
      fetch: (url, init) => {
        starts.push(performance.now());
        return fetch(url, init);
      },
    });
    await noting.lookupBillingKey("BK_CARD_001");
    starts.length = 0;
    const begunAt = performance.now();
    await all(noting.lookupBillingKeys(keys(8), { perSecond: 40 }));
    assert.equal(starts.length, 8);
    // A busy machine sends late, and two at once then; too early it sends none.
    for (const [at, start] of starts.entries())
      assert.ok(start - begunAt >= at * 25 - 15, `${at}: ${start - begunAt} ms`);
  });

  test("at a pace that no timer can keep wait, and do not spin", async () => {
    /** @type {string[]} */
    const warnings = [];
    const warn = (/** @type {Error} */ { name }) => warnings.push(name);
    process.on("warning", warn);
    for (const perSecond of [1e-9, Number.MIN_VALUE]) {
      const signal = AbortSignal.timeout(100);
      const { got, error } = await all(payple.lookupBillingKeys(keys(2), { perSecond, signal }));
      assert.deepEqual([got.length, error.kind], [1, "aborted"]);
    }
    process.off("warning", warn);
    assert.deepEqual(warnings, []);
  });

  test("end when the source does, not an interval later", async () => {
    async function* later() {
      yield* keys(1);
      await pause(5);
    }
    for (const source of [keys(1), later()]) {
      // An interval of a quarter of an hour, which is not waited for.
      const options = { perSecond: 0.001, signal: AbortSignal.timeout(20_000) };
      const { got, error } = await all(payple.lookupBillingKeys(source, options));
      assert.deepEqual([got.length, error], [1, undefined]);
    }
  });

  test("of which one waits for its turn are left at once, and it is not looked up", {
    timeout: 60_000,
  }, async () => {
    let isLeft = false;
    async function* source() {
      try {
        yield* keys(3);
      } finally {
        isLeft = true;
      }
    }
    const controller = new AbortController();
    setTimeout(() => controller.abort("enough"), 300);
    const { signal } = controller;
    // Its turn would come after a quarter of an hour.
    const { got, error } = await all(
      payple.lookupBillingKeys(source(), { perSecond: 0.001, signal }),
    );
    assert.deepEqual([got.length, error.kind, isLeft], [1, "aborted", true]);
    assert.equal(sandbox.stats().calls.billing, 1);
  });

  test("stop where the partner is refused, or Payple is under maintenance", async () => {
    const refused = await all(client({ custKey: "wrong" }).lookupBillingKeys(keys(50), FAST));
    assert.deepEqual([refused.got, refused.error.kind], [[], "authentication"]);
    assert.ok(sandbox.stats().requests <= 4);

    const noReferer = await all(client({ environment: "live" }).lookupBillingKeys(keys(50), FAST));
    assert.deepEqual([noReferer.got, noReferer.error.kind], [[], "invalid_config"]);

    let count = 0;
    const closing = client({
      fetch: async (url, request) => {
        const isLookup = request.body.includes("PCD_PAYER_ID");
        if (!isLookup || ++count <= 10) return fetch(url, request);
        const body = { PCD_PAY_RST: "error", PCD_PAY_CODE: "T0996", PCD_PAY_MSG: "점검 중" };
        return Response.json(body);
      },
    });
    const { got, error } = await all(closing.lookupBillingKeys(keys(50), FAST));
    assert.deepEqual([got.length, error.code], [10, "T0996"]);
    assert.ok(got.every(({ status }) => status === "registered"));
    assert.ok(count <= 14);
  });

  test("yield what is known before an end, also what was under way", async () => {
    const body = { PCD_PAY_RST: "error", PCD_PAY_CODE: "T0996", PCD_PAY_MSG: "점검 중" };
    const closing = client({
      fetch: async (url, request) =>
        request.body.includes("BK_CLOSING") ? Response.json(body) : fetch(url, request),
    });
    const asked = ["BK_CARD_001", "FAULT_SLOW_ANSWER-150", "BK_CLOSING", "BK_CARD_002"];
    const { got, error } = await all(closing.lookupBillingKeys([...asked, ...keys(50)], FAST));
    assert.equal(error.code, "T0996");
    const known = got.map(({ payerId }) => payerId);
    assert.ok(known.includes("FAULT_SLOW_ANSWER-150"));
    assert.ok(!known.includes("BK_CLOSING"));
    assert.ok(got.length < 10, `${got.length}`);
  });

  test("stop in an outage, but not for some keys that fail now and then", async () => {
    const down = await all(
      client({ fetch: () => Promise.reject(new TypeError("fetch failed")) }).lookupBillingKeys(
        keys(200),
        FAST,
      ),
    );
    assert.equal(down.error.kind, "unavailable");
    assert.ok(down.got.length >= 19 && down.got.length < 30, `${down.got.length}`);
    const mixed = keys(100).map((key, at) => (at % 3 ? "FAULT_503_HTML" : key));
    const { got, error } = await all(payple.lookupBillingKeys(mixed, FAST));
    assert.deepEqual([got.length, error], [100, undefined]);
  });

  test("end at the signal, and when the loop is left: nothing goes on behind", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort("enough"), 60);
    const { signal } = controller;
    const ended = await all(
      payple.lookupBillingKeys(["BK_CARD_001", "FAULT_NO_ANSWER"], { signal, ...FAST }),
    );
    assert.deepEqual([ended.error.kind, ended.error.cause], ["aborted", "enough"]);
    const before = await all(payple.lookupBillingKeys(keys(2), { signal }));
    assert.deepEqual([before.got, before.error.kind], [[], "aborted"]);

    let isLeft = false;
    function* source() {
      try {
        yield* ["BK_CARD_001", "FAULT_NO_ANSWER", ...keys(50)];
      } finally {
        isLeft = true;
      }
    }
    let open = 0;
    const counting = client({
      fetch: (url, request) => {
        open += 1;
        return fetch(url, request).finally(() => (open -= 1));
      },
    });
    for await (const _ of counting.lookupBillingKeys(source(), FAST)) break;
    await pause(20);
    assert.deepEqual([isLeft, open], [true, 0]);
    const { requests } = sandbox.stats();
    await pause(50);
    assert.equal(sandbox.stats().requests, requests);
  });

  test("of which the next one comes after the loop was left are not looked up", async () => {
    let come = () => {};
    async function* source() {
      yield* keys(1);
      await new Promise((resolve) => {
        come = () => resolve(undefined);
      });
      yield* keys(1);
    }
    for await (const _ of payple.lookupBillingKeys(source(), FAST)) break;
    come();
    await pause(50);
    assert.equal(sandbox.stats().calls.billing, 1);
  });

  test("whose source fails end with its error, after what was known", async () => {
    const broken = new Error("the source");
    function* source() {
      yield* keys(3);
      throw broken;
    }
    const { got, error } = await all(payple.lookupBillingKeys(source(), FAST));
    assert.deepEqual([got.length, error], [3, broken]);
  });

  test("whose source is no proper iterator end with an error, and harm nothing else", async () => {
    const of = (/** @type {object} */ iterator) => ({ [Symbol.asyncIterator]: () => iterator });
    const failing = {
      get done() {
        throw new TypeError("no");
      },
    };
    /** @type {[string, any][]} what nobody may give */
    const sources = [
      ["undefined, later", of({ next: async () => undefined })],
      ["a number, later", of({ next: async () => 7 })],
      ["undefined, at once", of({ next: () => undefined })],
      ["undefined, of a sync one", { [Symbol.iterator]: () => ({ next: () => undefined }) }],
      ["no next", of({})],
      ["no iterator", { [Symbol.asyncIterator]: () => 7 }],
    ];
    for (const [what, source] of sources) {
      const { got, error } = await all(payple.lookupBillingKeys(source, FAST));
      assert.deepEqual([what, got, error.kind], [what, [], "invalid_input"]);
      assert.match(error.message, /payerIds/, what);
      assert.ok(error.hintKo, what);
    }
    const raw = await all(
      payple.lookupBillingKeys(/** @type {any} */ (of({ next: async () => failing })), FAST),
    );
    assert.deepEqual([raw.got, raw.error.message], [[], "no"]);
    assert.equal(sandbox.stats().requests, 0);

    // Its own failure to end does not replace how the loop ended.
    const next = async () => ({ done: false, value: "BK_CARD_001" });
    for (const end of [7, () => Promise.reject(new Error("no")), assert.fail]) {
      const source = /** @type {any} */ (of({ next, return: end }));
      for await (const _ of payple.lookupBillingKeys(source, FAST)) break;
    }
  });

  test("by options that are not understood are an error that names them, and ask nobody", async () => {
    /** @type {[any, RegExp][]} what nobody may give */
    const wrong = [
      [{ concurrency: 0 }, /concurrency/],
      [{ concurrency: 2.5 }, /concurrency/],
      [{ concurrency: Number.POSITIVE_INFINITY }, /concurrency/],
      [{ perSecond: Number.NaN }, /perSecond/],
      [{ perSecond: 0 }, /perSecond/],
      [{ timeoutMs: "1" }, /timeoutMs/],
      [{ signal: {} }, /signal/],
      [{ concurency: 3 }, /"concurency"/],
      [null, /options/],
    ];
    for (const [options, named] of wrong) {
      const { got, error } = await all(payple.lookupBillingKeys(keys(3), options));
      assert.deepEqual([got, error.kind], [[], "invalid_input"]);
      assert.match(error.message, named);
      assert.ok(error.hintKo);
    }
    /** @type {any[]} what nobody may give */
    const sources = [undefined, 7, "BK_CARD_001", {}];
    for (const source of sources) {
      const { error } = await all(payple.lookupBillingKeys(source));
      assert.deepEqual([error.kind, /payerIds/.test(error.message)], ["invalid_input", true]);
    }
    assert.equal(sandbox.stats().requests, 0);
  });

  test("that fail say in their stack who asked", async () => {
    async function askedHere() {
      return all(payple.lookupBillingKeys(["BK_OTHER_ONE", "FAULT_UNKNOWN_CODE"], FAST));
    }
    const { got } = await askedHere();
    assert.match(String(got.find(({ error }) => error)?.error?.stack), /askedHere/);
  });
});
