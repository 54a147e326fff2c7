// payple-edge/opentelemetry with the real SDK: which spans, below which, with what on them;
// concurrent and cold.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import { startSandbox } from "../../sandbox/index.mjs";
import { CUST_KEY, clientOf, dist } from "./client.mjs";

/**
 * @import { Span } from "@opentelemetry/api"
 * @import { ReadableSpan } from "@opentelemetry/sdk-trace-node"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Options } from "./client.mjs"
 */

/** @type {typeof import("../../src/npm/js/opentelemetry.d.ts")} */
const { instrumentClient } = await import(pathToFileURL(join(dist, "opentelemetry.mjs")).href);
const GROUP = "Q0RSSkYzWUI3";
const CARD = "d0toSS9sT084bVJSNThScnFX";

describe("payple-edge/opentelemetry", () => {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new NodeTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const tracer = tracerProvider.getTracer("test");
  /** @type {Sandbox} */
  let sandbox;

  before(async () => {
    tracerProvider.register();
    sandbox = await startSandbox();
  });
  after(async () => {
    await sandbox.close();
    await tracerProvider.shutdown();
    trace.disable();
    context.disable();
  });
  beforeEach(() => {
    sandbox.reset();
    exporter.reset();
  });
  afterEach(() => {
    for (const span of spans()) {
      assert.ok(span.ended, span.name);
      const text = JSON.stringify([span.name, span.attributes, span.status, span.events]);
      for (const secret of [CUST_KEY, GROUP, CARD, "BK_", "FAULT_", "₩"])
        assert.ok(!text.includes(secret), text);
    }
  });

  const spans = () => exporter.getFinishedSpans();
  const named = (/** @type {string} */ name) => spans().filter((span) => span.name === name);
  const childrenOf = (/** @type {ReadableSpan | Span} */ parent) =>
    spans()
      .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent.spanContext().spanId)
      .sort(
        (one, other) =>
          one.startTime[0] - other.startTime[0] || one.startTime[1] - other.startTime[1],
      );
  const client = (/** @type {Options} */ options = {}) =>
    instrumentClient(clientOf(sandbox, options));
  /**
   * Does `act` below a span of the caller's own, and returns that.
   * @param {string} name
   * @param {() => Promise<unknown>} act
   */
  const within = (name, act) =>
    tracer.startActiveSpan(name, async (span) => {
      try {
        await act();
      } finally {
        span.end();
      }
      return span;
    });

  test("a cold look-up: a span below the caller's, below it the token's exchange and the look-up's", async () => {
    const caller = await within("caller", () => client().lookupPayoutRequests(GROUP));

    const [lookUp, ...others] = childrenOf(caller);
    assert.deepEqual([lookUp.name, others], ["payple lookupPayoutRequests", []]);
    assert.equal(lookUp.kind, SpanKind.INTERNAL);
    assert.equal(lookUp.instrumentationScope.name, "payple-edge");
    assert.deepEqual(lookUp.attributes, {
      "payple.service": "hub",
      "payple.environment": "test",
      "payple.code": "A0000",
      "payple.payout.count": 4,
      "payple.payout.consistent": true,
    });
    const { hostname, port, origin } = new URL(sandbox.origin);
    const exchanges = childrenOf(lookUp);
    assert.deepEqual(
      exchanges.map(({ name, kind, status }) => [name, kind, status.code]),
      Array(2).fill(["POST", SpanKind.CLIENT, SpanStatusCode.UNSET]),
    );
    const [token, question] = exchanges.map(({ attributes }) => attributes);
    assert.deepEqual(token, {
      "http.request.method": "POST",
      "http.response.status_code": 200,
      "server.address": hostname,
      "server.port": Number(port),
      "url.full": `${origin}/oauth/token`,
      "payple.service": "hub",
      "payple.phase": "token",
    });
    assert.equal(question["payple.phase"], "lookup");
  });

  test("a warm look-up has its own exchange alone", async () => {
    const payple = client();
    await payple.lookupBillingKey(CARD);
    exporter.reset();
    await payple.lookupBillingKey(CARD);
    const [lookUp] = named("payple lookupBillingKey");
    assert.deepEqual(
      childrenOf(lookUp).map(({ attributes }) => attributes["payple.phase"]),
      ["lookup"],
    );
    assert.equal(lookUp.attributes["payple.code"], "0000");
    assert.equal(lookUp.attributes["payple.service"], "cpay");
  });

  test("many at once and cold: every exchange below its own look-up, each look-up below its own caller", async () => {
    const payple = client();
    const keys = Array.from({ length: 20 }, (_, at) => `ROWS_${at + 1}`);
    const callers = await Promise.all(
      keys.map((key) => within(key, () => payple.lookupPayoutRequests(key))),
    );
    let tokens = 0;
    for (const [at, caller] of callers.entries()) {
      const [lookUp, ...others] = childrenOf(caller);
      assert.deepEqual(others, []);
      assert.equal(lookUp.attributes["payple.payout.count"], at + 1);
      const phases = childrenOf(lookUp).map(({ attributes }) => attributes["payple.phase"]);
      assert.equal(phases.at(-1), "lookup");
      tokens += phases.filter((phase) => phase === "token").length;
      assert.ok(phases.length <= 2);
    }
    assert.equal(tokens, 1);
    assert.equal(spans().length, 20 * 3 + 1);
  });

  test("each of many billing keys is a look-up of its own below whoever runs the loop", async () => {
    const keys = Array.from(
      { length: 12 },
      (_, at) => `BK_CARD_${String(at + 1).padStart(3, "0")}`,
    );
    const caller = await within("batch", async () => {
      const options = { concurrency: 3, perSecond: 1_000 };
      for await (const { status } of client().lookupBillingKeys(keys, options))
        assert.equal(status, "registered");
    });
    const lookUps = childrenOf(caller);
    assert.deepEqual(
      lookUps.map(({ name }) => name),
      keys.map(() => "payple lookupBillingKey"),
    );
    for (const lookUp of lookUps) assert.ok(childrenOf(lookUp).length >= 1);
  });

  test("a retry is a span of its own, with its number", async () => {
    await client().lookupPayoutRequests("FAULT_500_ONCE");
    const [lookUp] = named("payple lookupPayoutRequests");
    assert.equal(lookUp.status.code, SpanStatusCode.UNSET);
    const [first, second] = childrenOf(lookUp).slice(1);
    assert.deepEqual(
      [first, second].map(({ attributes, status }) => [
        attributes["http.response.status_code"],
        attributes["http.request.resend_count"],
        attributes["error.type"],
        status.code,
      ]),
      [
        [500, undefined, "unavailable", SpanStatusCode.ERROR],
        [200, 1, undefined, SpanStatusCode.UNSET],
      ],
    );
  });

  test("a failure: its kind, Payple's code and a message without secrets", async () => {
    const error = await client({ custKey: "another" })
      .lookupPayoutRequests(GROUP)
      .catch((error) => error);
    const [lookUp] = named("payple lookupPayoutRequests");
    assert.deepEqual(
      [lookUp.attributes["error.type"], lookUp.attributes["payple.code"], lookUp.status],
      [error.kind, error.code, { code: SpanStatusCode.ERROR, message: error.message }],
    );
    const [token] = childrenOf(lookUp);
    assert.deepEqual(
      [token.attributes["error.type"], token.attributes["payple.code"]],
      [error.kind, error.code],
    );
  });

  test("a look-up that is given up, and one that times out, end all their spans", async () => {
    const signal = AbortSignal.timeout(100);
    await assert.rejects(client().lookupPayoutRequests("FAULT_NO_ANSWER", { signal }), {
      kind: "aborted",
    });
    await assert.rejects(client().lookupPayoutRequests("FAULT_NO_ANSWER", { timeoutMs: 100 }), {
      kind: "timeout",
    });
    assert.deepEqual(
      named("payple lookupPayoutRequests").map(({ attributes }) => attributes["error.type"]),
      ["aborted", "timeout"],
    );
    for (const lookUp of named("payple lookupPayoutRequests"))
      assert.equal(childrenOf(lookUp).at(-1)?.status.code, SpanStatusCode.ERROR);
  });

  test("an authentication that others wait for ends as it went, though who began it gave up", async () => {
    const payple = client({
      fetch: async (url, init) => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        return fetch(url, init);
      },
    });
    const signal = AbortSignal.timeout(20);
    const [given] = await Promise.allSettled([
      payple.lookupBillingKey(CARD, { signal }),
      payple.lookupBillingKey(CARD),
    ]);
    assert.equal(given.status, "rejected");
    const [lookUp] = named("payple lookupBillingKey");
    assert.equal(lookUp?.attributes["error.type"], "aborted");
    const exchanges = childrenOf(lookUp ?? assert.fail());
    assert.deepEqual(
      exchanges.map(({ attributes, status }) => [
        attributes["payple.phase"],
        attributes["http.response.status_code"],
        attributes["error.type"],
        status.code,
      ]),
      [["token", 200, undefined, SpanStatusCode.UNSET]],
    );
  });

  test("what fetch does is below the exchange, so that its own instrumentation fits in", async () => {
    /** @type {unknown[]} */
    const active = [];
    const payple = client({
      fetch: (url, init) => {
        active.push(trace.getActiveSpan());
        return fetch(url, init);
      },
    });
    await payple.lookupPayoutRequests(GROUP);
    assert.deepEqual(
      active.map((span) => /** @type {ReadableSpan} */ (span).attributes["payple.phase"]),
      ["token", "lookup"],
    );
  });

  test("input that is refused before it is sent has a span that says so", async () => {
    await assert.rejects(client().lookupPayoutRequests("not a key"), { kind: "invalid_input" });
    const [lookUp] = named("payple lookupPayoutRequests");
    assert.equal(lookUp.attributes["error.type"], "invalid_input");
    assert.deepEqual(childrenOf(lookUp), []);
  });

  test("event listeners get the same events as without it", async () => {
    /** @type {string[]} */
    const heard = [];
    const payple = client({
      onExchangeStart: ({ phase }) => heard.push(`start ${phase}`),
      onExchange: ({ phase }) => heard.push(`end ${phase}`),
    });
    await payple.lookupPayoutRequests(GROUP);
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual(heard, ["start token", "end token", "start lookup", "end lookup"]);
  });

  test("without a context manager, as in some edge runtimes, exchanges still stand below their look-up", async (t) => {
    context.disable();
    t.after(() => tracerProvider.register());
    const payple = client();
    await Promise.all(["ROWS_1", "ROWS_2"].map((key) => payple.lookupPayoutRequests(key)));
    const phases = named("payple lookupPayoutRequests").map((lookUp) =>
      childrenOf(lookUp).map(({ attributes }) => attributes["payple.phase"]),
    );
    assert.deepEqual(phases.sort(), [["lookup"], ["token", "lookup"]]);
  });

  test("a tracer that fails, fails no look-up", async () => {
    /** @type {any} it lacks what it will not be asked for */
    const broken = {
      getTracer: () => ({
        startSpan() {
          throw new Error("broken");
        },
      }),
    };
    const payple = instrumentClient(clientOf(sandbox), { tracerProvider: broken });
    assert.equal((await payple.lookupPayoutRequests(GROUP)).count, 4);
    await assert.rejects(payple.lookupPayoutRequests("not a key"), { kind: "invalid_input" });
  });

  test("an option that is not known is an error that names it", () => {
    const wrong = /** @type {any} */ ({ tracerProvidr: 1 });
    assert.throws(() => instrumentClient(clientOf(sandbox), wrong), {
      name: "PaypleError",
      kind: "invalid_config",
      message: /must not have "tracerProvidr"; known are tracerProvider$/,
    });
  });

  test("the spans of two providers stay apart, and without any nothing is made", async () => {
    const other = new InMemorySpanExporter();
    const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(other)] });
    const payple = instrumentClient(clientOf(sandbox), { tracerProvider: provider });
    await payple.lookupPayoutRequests(GROUP);
    assert.deepEqual([spans().length, other.getFinishedSpans().length], [0, 3]);
    await clientOf(sandbox).lookupPayoutRequests(GROUP);
    assert.deepEqual([spans().length, other.getFinishedSpans().length], [0, 3]);
  });

  test("the CommonJS entry instruments a client of the ESM entry, and nothing else", async () => {
    const commonjs = createRequire(import.meta.url)(join(dist, "opentelemetry.cjs"));
    await commonjs.instrumentClient(clientOf(sandbox)).lookupPayoutRequests(GROUP);
    assert.equal(spans().length, 3);
    assert.throws(() => commonjs.instrumentClient({}), /takes a PaypleClient/);
  });
});
