// EdgeClient in a real browser, against an API that answers right, wrong, late or not at all.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { eventually } from "../worker/workers.mjs";
import { json, raw, startEdgeServer } from "./edge-server.mjs";
import { launch } from "./stage.mjs";

/**
 * @import { Browser, Page } from "playwright-core"
 * @import { EdgeClientOptions } from "payple-edge/browser"
 * @import { Answer, EdgeServer } from "./edge-server.mjs"
 *
 * @typedef {typeof globalThis & { edge: typeof import("payple-edge/browser") }} EdgeGlobal
 */

const ROW = {
  cstId: "test",
  groupKey: "G",
  billingTranId: "B",
  printContent: "정산",
  amount: 1000,
  remainingLimit: -500,
  requestedAt: "2021-10-26T10:55:03+09:00",
  requestedAtRaw: "2021-10-26 10:55:03",
};
const REVIEW = { consistent: true, computedTotal: 1000, computedCount: 1, findings: [] };
const GROUP = {
  groupKey: "G",
  total: 1000,
  count: 1,
  requests: [ROW],
  review: REVIEW,
  fingerprint: `v1:${"0".repeat(64)}`,
  code: "A0000",
  message: "처리 성공",
};
const CARD = {
  type: "card",
  card: { code: "0200", name: "BC카드", number: "1111" },
  payerId: "K",
  code: "0000",
  message: "",
};
const SESSION = { environment: "live", method: "token", kind: "admin", roles: ["lookup"] };
const PROBLEM = {
  type: "urn:x",
  title: "Payple refused this look-up",
  status: 422,
  detail: "Payple refused this look-up: 없음",
  kind: "rejected",
  code: "SPCD0001",
  phase: "lookup",
  retryable: false,
  hint: "Check it.",
  hintKo: "확인하세요.",
  requestId: "r-1",
};
const REASONS = [
  "undefined",
  `"stop"`,
  `{ why: "object" }`,
  "null",
  "7",
  `new Error("mine")`,
  `new DOMException("x", "AbortError")`,
];

describe("EdgeClient in Chromium", () => {
  /** @type {EdgeServer} */
  let server;
  /** @type {Browser} */
  let browser;
  /** @type {Page} */
  let page;
  before(async () => {
    server = await startEdgeServer();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  beforeEach(async () => {
    server.reset();
    server.answers.clear();
    await page?.close();
    page = await browser.newPage();
    await page.goto(server.origin);
    await page.waitForFunction(() => "edge" in globalThis);
  });

  /**
   * Runs `code` in the page with a client at hand; an error comes back as its plain details.
   *
   * @param {string} code
   * @param {EdgeClientOptions} [options]
   * @returns {Promise<any>} Whatever the code returns.
   */
  const run = (code, options = {}) =>
    page.evaluate(
      async ({ code, options }) => {
        const { EdgeClient, PaypleError } = /** @type {EdgeGlobal} */ (globalThis).edge;
        try {
          const client = new EdgeClient(options);
          return await new Function("client", "EdgeClient", `return (async () => { ${code} })()`)(
            client,
            EdgeClient,
          );
        } catch (caught) {
          const error = /** @type {import("payple-edge/browser").PaypleError} */ (caught);
          return {
            ...error.toJSON(),
            isPaypleError: error instanceof PaypleError,
            hasCause: "cause" in error,
            shown: String(error),
          };
        }
      },
      { code, options },
    );
  /** @type {(key: string, options?: string) => Promise<any>} */
  const group = (key, options = "{}") =>
    run(`return client.lookupPayoutRequests(${JSON.stringify(key)}, ${options})`);

  test("an answer comes through whole, and the wasm is loaded once, on the first call", async () => {
    server.answers.set("G", json(GROUP)).set("K", json(CARD));
    assert.equal(server.loads, 0);

    assert.deepEqual(
      await run(
        `return [await client.lookupPayoutRequests("G"), await client.lookupBillingKey("K")]`,
      ),
      [GROUP, CARD],
    );
    assert.equal(server.loads, 1);
    const [first] = server.seen;
    assert.deepEqual(
      [first.method, first.path, first.body],
      ["POST", "/api/payout-requests", { groupKey: "G" }],
    );
    assert.equal(first.headers["content-type"], "application/json");
  });

  test("baseUrl, headers and token are used", async () => {
    server.answers.set("/below/api/payout-requests", json(GROUP));

    assert.deepEqual(
      await run(`return client.lookupPayoutRequests("G")`, {
        baseUrl: "/below",
        token: "t0ken",
        headers: { "x-mine": "1" },
      }),
      GROUP,
    );
    assert.deepEqual(
      [server.seen[0].headers.authorization, server.seen[0].headers["x-mine"]],
      ["Bearer t0ken", "1"],
    );
  });

  test("options that cannot work are refused at once, without showing them", async () => {
    /** @type {EdgeClientOptions[]} */
    const bad = [
      { headers: { "x-a": "two\nlines" } },
      { headers: { "x-a": "한글" } },
      { headers: { "no name": "1" } },
      { token: "canary\r\nx: y" },
      { baseUrl: "ftp://x" },
      { baseUrl: "http://user:pass@x/" },
      { baseUrl: "http://" },
      { timeoutMs: 0 },
      { timeoutMs: 1.5 },
    ];
    for (const options of bad) {
      const error = await run("", options);
      assert.deepEqual(
        [error.kind, error.isPaypleError],
        ["invalid_config", true],
        JSON.stringify(options),
      );
      assert.ok(!JSON.stringify(error).includes("canary"));
    }
  });

  test("an option that is not known is refused by name, nothing is skipped in silence", async () => {
    server.answers.set("G", json(GROUP)).set("K", json(CARD));
    /** @type {[string, string, string][]} */
    const calls = [
      [`lookupPayoutRequests("G", { expct: { total: 1 } })`, "expct", "signal, timeoutMs, expect"],
      [`lookupBillingKey("K", { expect: { total: 1 } })`, "expect", "signal, timeoutMs"],
      [`lookupBillingKeys(["K"], { concurrency: 4 })`, "concurrency", "signal, timeoutMs"],
      [`signIn("t", { timeout: 1 })`, "timeout", "signal, timeoutMs"],
      [`session({ timeout: 1 })`, "timeout", "signal, timeoutMs"],
      [`signOut({ "can ary": 1 })`, "…", "signal, timeoutMs"],
    ];
    for (const [call, name, known] of calls) {
      const { kind, message } = await run(`return client.${call}`);
      assert.deepEqual(
        [kind, message],
        ["invalid_input", `the options of a call must not have "${name}"; known are ${known}`],
      );
    }
    assert.deepEqual(server.seen, []);
    const { kind, message } = await run("", /** @type {any} */ ({ baseUrl: "/", tokn: "canary" }));
    assert.deepEqual(
      [kind, message],
      [
        "invalid_config",
        `options must not have "tokn"; known are baseUrl, headers, token, timeoutMs`,
      ],
    );
  });

  test("options that are no object, and a token that is no text, are refused", async () => {
    for (const options of [`"no"`, "7", "() => {}"]) {
      const error = await group("G", options);
      assert.deepEqual(
        [error.kind, error.message],
        ["invalid_input", "the options of a call must be an object"],
        options,
      );
    }
    for (const options of /** @type {any[]} */ (["no", 7, { token: 7 }, { token: null }]))
      assert.equal((await run("", options)).kind, "invalid_config", JSON.stringify(options));
    assert.deepEqual(server.seen, []);
  });

  test("input that cannot be right is refused without a request", async () => {
    for (const key of [`""`, `" "`, `"a b"`, `"x".repeat(65)`, "7", "undefined", "null"]) {
      const error = await run(`return client.lookupPayoutRequests(${key})`);
      assert.deepEqual([error.kind, error.phase], ["invalid_input", undefined], key);
    }
    for (const options of [
      `{ timeoutMs: -1 }`,
      `{ signal: "no" }`,
      "{ signal: { aborted: false } }",
      "{ signal: { aborted: false, addEventListener() {} } }",
    ]) {
      assert.equal((await group("G", options)).kind, "invalid_input", options);
    }
    assert.equal((await run(`return client.lookupBillingKey("")`)).kind, "invalid_input");
    assert.deepEqual(server.seen, []);
  });

  /** @type {Record<string, Answer | undefined>} */
  const moments = {
    "before the call": undefined,
    "before the reply": () => {},
    "within the body": (_, response) =>
      response.writeHead(200, { "Content-Type": "application/json" }).write(`{"groupKey":`),
  };
  for (const [when, answer] of Object.entries(moments)) {
    test(`a signal aborted ${when} rejects with its reason, whatever that is`, async () => {
      server.answers.set("G", answer ?? json(GROUP));
      for (const reason of REASONS) {
        const outcome = await run(`
          const reason = ${reason};
          const abort = new AbortController();
          const soon = () => setTimeout(() => abort.abort(reason), 60);
          const { fetch } = globalThis;
          if (${when === "before the call"}) abort.abort(reason);
          if (${when === "before the reply"}) soon();
          // Chromium itself may leave a connection open when the signal is aborted in the moment
          // that the head arrives.
          if (${when === "within the body"}) globalThis.fetch = (...args) => fetch(...args).finally(soon);
          try {
            await client.lookupPayoutRequests("G", { signal: abort.signal });
          } catch (error) {
            return [error.kind, error.cause === abort.signal.reason, error.retryable];
          } finally {
            globalThis.fetch = fetch;
          }`);
        assert.deepEqual(outcome, ["aborted", true, false], reason);
      }
      if (!answer) assert.deepEqual(server.seen, []);
      else await eventually(() => assert.ok(server.seen.every(({ isClosed }) => isClosed)));
    });
  }

  test("a timed-out signal is an abort by the caller, too", async () => {
    server.answers.set("G", () => {});
    assert.equal((await group("G", `{ signal: AbortSignal.timeout(60) }`)).kind, "aborted");
  });

  test("a signal that is aborted afterwards does nothing", async () => {
    server.answers.set("G", json(GROUP));
    const outcome = await run(`
      const abort = new AbortController();
      const found = await client.lookupPayoutRequests("G", { signal: abort.signal });
      abort.abort("late");
      return found.total;`);
    assert.equal(outcome, 1000);
  });

  test("the time limit covers the body, and the connection is given up", async () => {
    server.answers.set("G", () => {});
    server.answers.set("H", (_, response) => {
      response.writeHead(200, { "Content-Type": "application/json" });
      const drip = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(drip));
    });
    for (const key of ["G", "H"]) {
      const error = await group(key, "{ timeoutMs: 500 }");
      assert.deepEqual([error.kind, error.retryable], ["timeout", true], key);
    }
    await eventually(() => assert.ok(server.seen.every(({ isClosed }) => isClosed)));
    assert.equal(
      (await run(`return client.lookupPayoutRequests("G")`, { timeoutMs: 100 })).kind,
      "timeout",
    );
  });

  test("a problem of the Worker keeps its words", async () => {
    const problem = { ...PROBLEM, fromTheFuture: [1] };
    server.answers.set("K", json(problem, 422, { "Content-Type": "application/problem+json" }));

    const { shown, isPaypleError, hasCause, ...error } = await run(
      `return client.lookupBillingKey("K")`,
    );
    assert.deepEqual(
      [shown, isPaypleError, hasCause],
      [`PaypleError: ${problem.detail}`, true, false],
    );
    assert.deepEqual(error, {
      name: "PaypleError",
      message: problem.detail,
      kind: "rejected",
      retryable: false,
      code: "SPCD0001",
      phase: "lookup",
      httpStatus: 422,
      hint: "Check it.",
      hintKo: "확인하세요.",
      requestId: "r-1",
    });
  });

  test("many billing keys have a result each, of which a failed one is a PaypleError", async () => {
    const key = { type: "other", rawType: "x", payerId: "A", code: "", message: "" };
    const results = [
      { index: 0, payerId: "A", status: "registered", billingKey: key },
      { index: 1, payerId: "B", status: "not_registered", code: "SPCD0001", message: "none" },
      {
        index: 2,
        payerId: "C",
        status: "failed",
        error: { kind: "unavailable", message: "no", retryable: true, phase: "lookup" },
      },
    ];
    server.answers.set("/api/billing-keys", json({ results }));
    const found = await run(`
      const results = await client.lookupBillingKeys(["A", "B", "C"]);
      return results.map(({ error, ...rest }) => error
        ? [rest, error instanceof edge.PaypleError, error.kind, error.retryable, error.phase]
        : rest);`);
    assert.deepEqual(found, [
      results[0],
      results[1],
      [{ index: 2, payerId: "C", status: "failed" }, true, "unavailable", true, "lookup"],
    ]);
    assert.deepEqual(server.seen.at(-1)?.body, { payerIds: ["A", "B", "C"] });
    for (const keys of [`"A"`, `[7]`, `undefined`])
      assert.equal((await run(`return client.lookupBillingKeys(${keys})`)).kind, "invalid_input");
    for (const wrong of [{}, { results: [{}] }, { results: [{ ...results[0], billingKey: {} }] }]) {
      server.answers.set("/api/billing-keys", json(wrong));
      assert.equal((await run(`return client.lookupBillingKeys(["A"])`)).kind, "protocol");
    }
  });

  test("a reply that is no answer is judged by its kind, else by its status", async () => {
    /** @type {(kind: string, status: number) => Answer} */
    const problem = (kind, status) => json({ ...PROBLEM, kind, status, phase: undefined }, status);
    /** @type {[Answer, string][]} */
    const cases = [
      [raw(200, "<html>"), "protocol"],
      [raw(200, ""), "protocol"],
      [raw(200, "null"), "protocol"],
      [raw(204), "protocol"],
      [raw(404, "<html>"), "protocol"],
      [raw(418, `{"kind":"teapot"}`), "protocol"],
      [raw(400, `{"kind":"invalid_input"}`), "protocol"],
      [problem("invalid_input", 400), "invalid_input"],
      [raw(413, "{}"), "invalid_input"],
      [raw(401, "no"), "authentication"],
      [problem("not_signed_in", 401), "authentication"],
      [problem("sign_in_not_configured", 503), "invalid_config"],
      [problem("asleep", 503), "unavailable"],
      [json({ kind: "rejected" }, 503), "unavailable"],
      [raw(429, "<html>", { "Retry-After": "7" }), "unavailable"],
      [raw(500, "<html>"), "unavailable"],
      [raw(502, "bad gateway"), "unavailable"],
      [raw(504, "<html>"), "timeout"],
      [json([1], 503), "unavailable"],
      [json({ kind: 7, detail: {}, retryAfterMs: "soon" }, 500), "unavailable"],
      [raw(302, "", { Location: "https://team.cloudflareaccess.com/login" }), "authentication"],
    ];
    for (const [answer, kind] of cases) {
      server.answers.set("G", answer);
      const error = await group("G");
      assert.deepEqual(
        [error.kind, error.phase, error.isPaypleError],
        [kind, undefined, true],
        String(answer),
      );
    }
    server.answers.set("G", raw(429, "", { "Retry-After": "7" }));
    assert.equal((await group("G")).retryAfterMs, 7000);
  });

  test("a broken connection is unavailable, and worth another try", async () => {
    server.answers.set("G", (request) => request.socket.destroy());
    server.answers.set("H", (request, response) => {
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "100" });
      response.write("{", () => request.socket.destroy());
    });
    for (const key of ["G", "H"]) {
      const error = await group(key);
      assert.deepEqual([error.kind, error.retryable], ["unavailable", true], key);
    }
  });

  test("an answer of another form is not shown, and the error names the field", async () => {
    const text = JSON.stringify(GROUP);
    /** @type {[Answer, string][]} */
    const wrong = [
      [json({ ...GROUP, total: "1000" }), "has a total that is not as described"],
      [json({ ...GROUP, total: 10.5 }), "has a total that is not as described"],
      [json({ ...GROUP, total: -1 }), "has a total that is not as described"],
      [json({ ...GROUP, total: 2 ** 53 }), "has a total that is not as described"],
      [
        // What a float would make a whole number of.
        raw(200, text.replace(`"amount":1000`, `"amount":1000.0`)),
        "has a requests[0].amount that is not as described",
      ],
      [
        raw(200, text.replace(`"amount":1000`, `"amount":9007199254740990.6`)),
        "has a requests[0].amount that is not as described",
      ],
      [json({ ...GROUP, requests: {} }), "has a requests that is not as described"],
      [json({ ...GROUP, requests: [ROW, null] }), "has a requests[1] that is not as described"],
      [
        json({ ...GROUP, requests: [{ ...ROW, amount: -1 }] }),
        "has a requests[0].amount that is not as described",
      ],
      [
        json({ ...GROUP, requests: [{ ...ROW, remainingLimit: 0.1 }] }),
        "has a requests[0].remainingLimit that is not as described",
      ],
      [
        json({ ...GROUP, requests: [{ ...ROW, requestedAt: null }] }),
        "has a requests[0].requestedAt that is not as described",
      ],
      [
        json({ ...GROUP, requests: [{ ...ROW, requestedAt: undefined }] }),
        "lacks requests[0].requestedAt",
      ],
      [
        json({ ...GROUP, review: { ...REVIEW, consistent: "yes" } }),
        "has a review.consistent that is not as described",
      ],
      [json({ ...GROUP, review: { ...REVIEW, findings: [{}] } }), "lacks review.findings[0].kind"],
      [json({ ...GROUP, fingerprint: "canary" }), "has a fingerprint that is not as described"],
      [json([]), "is not of the form that is described"],
    ];
    for (const [answer, fault] of wrong) {
      server.answers.set("G", answer);
      const { kind, message } = await group("G");
      assert.deepEqual([kind, message], ["protocol", `the reply is not the Worker's: it ${fault}`]);
    }
    server.answers.set("G", json(GROUP));
    const { message } = await group("G", "{ expect: { total: 1 } }");
    assert.equal(message, "the reply is not the Worker's: it lacks review.expectation");
    for (const [answer, fault] of [
      [{ ...CARD, type: "transfer" }, "lacks bank"],
      [{ ...CARD, type: 7 }, "has a type that is not as described"],
      [{ ...CARD, card: { code: "" } }, "lacks card.name"],
      [{ ...CARD, payerId: 7 }, "has a payerId that is not as described"],
      ["card", "is not of the form that is described"],
    ]) {
      server.answers.set("K", json(answer));
      const { kind, message } = await run(`return client.lookupBillingKey("K")`);
      assert.deepEqual([kind, message], ["protocol", `the reply is not the Worker's: it ${fault}`]);
    }
  });

  test("the stack of every error holds the caller", async () => {
    const failed = { kind: "unavailable", message: "no", retryable: true, phase: "lookup" };
    server.answers
      .set("late", () => {})
      .set("wrong", raw(200, "<html>"))
      .set("refused", json(PROBLEM, 422))
      .set(
        "/api/billing-keys",
        json({ results: [{ index: 0, payerId: "A", status: "failed", error: failed }] }),
      );
    const soon = `AbortSignal.timeout(60)`;
    for (const [call, kind] of [
      [`lookupPayoutRequests("late", { timeoutMs: 60 })`, "timeout"],
      [`lookupPayoutRequests("late", { signal: ${soon} })`, "aborted"],
      [`lookupPayoutRequests("wrong")`, "protocol"],
      [`lookupBillingKey("refused")`, "rejected"],
      [`lookupBillingKey("")`, "invalid_input"],
      [`lookupBillingKey(7)`, "invalid_input"],
      [`lookupBillingKeys(["A"]).then(([{ error }]) => { throw error; })`, "unavailable"],
      [`signIn("t")`, "protocol"],
      [`session()`, "protocol"],
      [`signOut()`, "protocol"],
    ]) {
      const [seen, stack] = await run(`
        // Not awaited: V8 adds the frames of who awaits by itself.
        function theCaller() { return client.${call}; }
        return new Promise((resolve) => {
          theCaller().catch((error) => resolve([error.kind, error.stack]));
        });`);
      assert.equal(seen, kind, call);
      assert.match(stack, /^PaypleError: .*\n +at .*theCaller/, call);
    }
  });

  test("a session begins, tells who, and ends", async () => {
    let isIn = false;
    server.answers.set("/api/session", (request, response, body) => {
      if (request.method === "GET")
        return isIn ? json(SESSION)(request, response) : raw(401)(request, response);
      if (request.method === "POST" && body?.token !== "right")
        return json({ kind: "not_signed_in" }, 401)(request, response);
      isIn = request.method === "POST";
      return raw(204)(request, response);
    });

    assert.equal(await run("return client.session()"), null);
    assert.equal((await run(`return client.signIn("wrong")`)).kind, "authentication");
    assert.deepEqual(await run(`await client.signIn("right"); return client.session()`), SESSION);
    assert.equal(await run("await client.signOut(); return client.session()"), null);
  });

  test("a panic rejects every call under way, and the next one works", async () => {
    server.answers.set("G", json(GROUP)).set("slow", () => {});
    const outcome = await run(`
      const waiting = client.lookupPayoutRequests("slow").catch((error) => error.kind);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const panicked = await client.lookupBillingKey("PANIC_FOR_TESTS").catch((error) => error.kind);
      const found = await client.lookupPayoutRequests("G");
      return [panicked, await waiting, found.total];`);
    assert.deepEqual(outcome, ["internal", "internal", 1000]);
    assert.deepEqual(
      await run(
        `return Promise.all(Array.from({ length: 20 }, () => client.lookupPayoutRequests("G").then((g) => g.count)))`,
      ),
      Array(20).fill(1),
    );
  });

  test("a wasm that cannot be loaded is unavailable, and fetched again by the next call", async () => {
    server.answers.set("G", json(GROUP));
    server.serveWasm(500);
    assert.equal((await group("G")).kind, "unavailable");
    server.serveWasm(200);
    assert.deepEqual(await group("G"), GROUP);
  });

  test("nothing shows the token", async () => {
    server.answers.set("G", raw(401));
    const shown = await run(
      `
      const error = await client.lookupPayoutRequests("G").catch((error) => error);
      return [JSON.stringify(client), String(client), JSON.stringify(error), error.stack, Object.keys(client)].join()`,
      { token: "canary-token" },
    );
    assert.ok(!shown.includes("canary"), shown);
  });
});
