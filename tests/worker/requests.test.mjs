// What the Worker lets in, and what it answers to everything else.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { ADMIN_TOKEN, eventually, LIVE, startWorkers } from "./workers.mjs";

/**
 * @import { Problem } from "../../src/npm/js/models.d.ts"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Api, Workers } from "./workers.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";

describe("requests to the Worker", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  before(async () => {
    sandbox = await startSandbox();
    const { origin } = sandbox;
    workers = await startWorkers({
      open: { origin },
      closed: { origin, settings: { ADMIN_TOKEN: undefined } },
      short: { origin, settings: { ADMIN_TOKEN: "too-short" } },
      weak: { origin, settings: { ADMIN_TOKEN: "a".repeat(32) } },
      pattern: { origin, settings: { SESSION_SECRET: "canary-0123456789".repeat(3) } },
      unsigned: { origin, settings: { SESSION_SECRET: undefined } },
      oneForBoth: { origin, settings: { SESSION_SECRET: ADMIN_TOKEN } },
      faulty: {
        origin,
        settings: {
          PAYPLE_CST_ID: undefined,
          PAYPLE_CUST_KEY: "canary key",
          PAYPLE_ENVIRONMENT: "canary",
        },
      },
      live: { settings: { ...LIVE, PAYPLE_REFERER: undefined } },
      liveOnLoopback: {
        origin,
        settings: LIVE,
      },
      elsewhere: { settings: { PAYPLE_HUB_ORIGIN: "https://elsewhere.example" } },
      noBucket: { origin, settings: { RECORD_ARCHIVE: "elsewhere" } },
    });
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });

  const health = (/** @type {string} */ name) =>
    workers[name].fetch("/healthz", { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } });
  const refused = async (
    /** @type {Response} */ response,
    /** @type {number} */ status,
    /** @type {string} */ kind,
  ) => {
    /** @type {Problem} */
    const problem = await response.json();
    assert.equal(response.headers.get("Content-Type"), "application/problem+json");
    assert.equal(response.headers.get("Cache-Control"), "no-store");
    assert.deepEqual([response.status, problem.status, problem.kind], [status, status, kind]);
    return problem;
  };

  test("nobody is let in without a token, and Payple hears nothing of it", async () => {
    for (const headers of [
      {},
      ...["", "Bearer", "Bearer ", "Bearer x", `Basic ${ADMIN_TOKEN}`, ADMIN_TOKEN].map(
        (Authorization) => ({ Authorization }),
      ),
    ]) {
      const response = await workers.open.payoutRequests(GROUP, headers);
      assert.match(response.headers.get("WWW-Authenticate") ?? "", /^Bearer/);
      await refused(response, 401, "not_signed_in");
    }
    assert.equal(sandbox.stats().requests, 0);
  });

  test("a token that is nearly right is wrong", async () => {
    for (const token of [
      ADMIN_TOKEN.slice(1),
      ADMIN_TOKEN.slice(0, -1),
      `${ADMIN_TOKEN}x`,
      ADMIN_TOKEN.toUpperCase(),
      "é".repeat(35),
    ]) {
      await refused(
        await workers.open.payoutRequests(GROUP, { Authorization: `Bearer ${token}` }),
        401,
        "not_signed_in",
      );
    }
    assert.equal((await workers.open.payoutRequests(GROUP)).status, 200);
  });

  test("without a way to sign in every look-up is closed", async () => {
    for (const worker of [workers.closed, workers.short]) {
      await refused(await worker.payoutRequests(GROUP), 503, "sign_in_not_configured");
      await refused(
        await worker.billingKey("key", { Authorization: "Bearer too-short" }),
        503,
        "sign_in_not_configured",
      );
      await refused(
        await worker.billingKey("key", { Authorization: "Bearer " }),
        503,
        "sign_in_not_configured",
      );
      await refused(
        await worker.payoutRequests(GROUP, { "Sec-Fetch-Site": "cross-site" }),
        503,
        "sign_in_not_configured",
      );
      await refused(await worker.fetch("/api/session"), 503, "sign_in_not_configured");
    }
  });

  test("health and environment are shown without sign-in, details only with one", async () => {
    const all = { status: "ok", environment: "test" };
    const response = await workers.open.fetch("/healthz");
    assert.deepEqual([response.status, await response.json()], [200, all]);
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}x` };
    const wrong = await workers.open.fetch("/healthz", { headers });
    assert.deepEqual([wrong.status, await wrong.json()], [200, all]);

    const { status, version, egress } = await (await health("open")).json();
    assert.deepEqual([status, egress], ["ok", "direct"]);
    assert.match(version, /^\d+\.\d+\.\d+$/);
  });

  test("settings at fault are named to nobody who has not signed in, and in the log", async () => {
    workers.clearLogs();
    for (const name of ["closed", "faulty", "live", "weak"]) {
      const response = await workers[name].fetch("/healthz");
      const text = await response.clone().text();
      const problem = await refused(response, 503, "invalid_config");
      assert.equal(problem.settings, undefined);
      assert.doesNotMatch(text, /PAYPLE_|ADMIN_TOKEN|ACCESS|canary/);
    }
    await eventually(() => assert.equal(workers.events("faults").length, 4));
    const told = workers.events("faults").map(({ faults }) => faults.join());
    assert.match(told[0], /^ADMIN_TOKEN is missing/);
    assert.doesNotMatch(told.join(), /canary|aaaa/);
  });

  test("settings at fault are named and never shown", async () => {
    /** @type {[name: string, settings: string[]][]} */
    const expected = [
      ["closed", ["ADMIN_TOKEN"]],
      ["short", ["ADMIN_TOKEN"]],
      ["weak", ["ADMIN_TOKEN"]],
      ["pattern", ["SESSION_SECRET"]],
      ["unsigned", ["SESSION_SECRET"]],
      ["oneForBoth", ["SESSION_SECRET"]],
      ["faulty", ["PAYPLE_ENVIRONMENT", "PAYPLE_CST_ID", "PAYPLE_CUST_KEY"]],
      ["live", ["PAYPLE_REFERER"]],
      ["liveOnLoopback", ["PAYPLE_HUB_ORIGIN", "PAYPLE_CPAY_ORIGIN"]],
      ["elsewhere", ["PAYPLE_HUB_ORIGIN"]],
      ["noBucket", ["RECORD_ARCHIVE"]],
    ];
    for (const [name, settings] of expected) {
      if (["closed", "short", "weak"].includes(name)) continue;
      const response = await health(name);
      const text = await response.clone().text();
      const problem = await refused(response, 503, "invalid_config");
      assert.deepEqual(
        problem.settings?.map((setting) => setting.name),
        settings,
        name,
      );
      assert.doesNotMatch(text, /canary|elsewhere|127\.0\.0\.1:\d{5}|too-short/);
    }
    for (const { post } of [workers.weak, workers.short]) {
      const token = post === workers.weak.post ? "a".repeat(32) : "too-short";
      await refused(await post("/api/session", { token }), 503, "sign_in_not_configured");
    }
    await refused(await workers.faulty.payoutRequests(GROUP), 500, "invalid_config");
    await refused(await workers.faulty.payoutRequests(GROUP, {}), 401, "not_signed_in");
  });

  test("a body must be JSON, small and of the documented form", async () => {
    const authorization = { Authorization: `Bearer ${ADMIN_TOKEN}` };
    const path = "/api/payout-requests";
    const send = (/** @type {unknown} */ body, headers = {}) =>
      workers.open.post(path, body, { ...authorization, ...headers });

    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "text/plain;application/json",
    ]) {
      await refused(await send({ groupKey: GROUP }, { "Content-Type": type }), 415, "not_json");
    }
    await refused(
      await workers.open.fetch(path, {
        method: "POST",
        headers: authorization,
        body: new Uint8Array([123, 125]),
      }),
      415,
      "not_json",
    );
    await refused(
      await untilAnswered(() =>
        send({ groupKey: GROUP, expect: { requests: [], more: "x".repeat(5_000_000) } }),
      ),
      413,
      "body_too_large",
    );
    await refused(await workers.open.billingKey("x".repeat(70_000)), 413, "body_too_large");
    const headers = { ...authorization, "Content-Type": "application/json" };
    await refused(
      await untilAnswered(() =>
        workers.open.fetch(path, {
          method: "POST",
          headers,
          // Of unknown length.
          body: new Blob([" ".repeat(5_000_000)]).stream(),
          duplex: "half",
        }),
      ),
      413,
      "body_too_large",
    );
    const forms = [
      "",
      "{",
      "null",
      "[]",
      `["${GROUP}"]`,
      '"x"',
      "{}",
      '{"groupKey":1}',
      '{"groupKey":null}',
      '{"groupkey":"x"}',
    ];
    for (const body of [
      ...forms,
      '{"groupKey":"x","more":1}',
      '{"groupKey":"x","groupKey":"y"}',
      '{"groupKey":"x"} x',
      "\ufeff{}",
    ]) {
      const problem = await refused(await send(body), 400, "invalid_input");
      assert.match(problem.detail, /groupKey/, body);
    }
    await refused(
      await workers.open.fetch(path, { method: "POST", headers }),
      400,
      "invalid_input",
    );
  });

  test("a path answers its own methods", async () => {
    /** @type {[path: string, allow: string, methods: string[]][]} */
    const paths = [
      ["/api/payout-requests", "POST", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]],
      ["/api/billing-key", "POST", ["GET", "OPTIONS"]],
      ["/healthz", "GET, HEAD", ["POST", "DELETE", "OPTIONS"]],
      ["/", "GET, HEAD", ["POST", "PUT", "OPTIONS"]],
    ];
    for (const [path, allow, methods] of paths) {
      for (const method of methods) {
        const response = await workers.open.fetch(path, { method });
        assert.deepEqual(
          [response.status, response.headers.get("Allow")],
          [405, allow],
          `${method} ${path}`,
        );
        if (method !== "HEAD") await refused(response, 405, "method_not_allowed");
      }
    }
  });

  test("where there is nothing, there is nothing by any method", async () => {
    for (const path of [
      "/nothing",
      "/api/nothing",
      "/Healthz",
      "/assets/",
      "/index.html/x",
      "/%",
    ]) {
      for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"]) {
        const body = method === "POST" ? JSON.stringify({ groupKey: GROUP }) : undefined;
        const response = await workers.open.fetch(path, { method, body });
        assert.equal(response.headers.get("Allow"), null, `${method} ${path}`);
        await refused(response, 404, "not_found");
      }
    }
    // One that leads to the page does.
    await refused(
      await workers.open.fetch("/index.html", { method: "POST" }),
      405,
      "method_not_allowed",
    );
  });

  test("no other spelling of a path is an endpoint", async () => {
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" };
    const spellings = [
      "/api",
      "/api/",
      "/api/payout-requests/",
      "/api//payout-requests",
      "/api/payout%2Drequests",
      "/api/x/..%2fpayout-requests",
      "/api/nothing",
    ];
    for (const path of spellings) {
      await refused(
        await workers.open.fetch(path, {
          method: "POST",
          headers,
          body: JSON.stringify({ groupKey: GROUP }),
        }),
        404,
        "not_found",
      );
    }
    for (const path of [
      "/nothing",
      "/%61pi/payout-requests",
      "/..%2f..%2fwrangler.toml",
      "/.dev.vars",
      "/index.html/x",
    ]) {
      await refused(await workers.open.fetch(path), 404, "not_found");
    }
  });

  test("dot segments are resolved before the Worker sees them, and open nothing", async () => {
    // The platform hands over a resolved address: whatever stands before the Worker must look at
    // that one, too.
    for (const path of ["/x/../api/session", "/./api/session", "/api/./session"]) {
      assert.match(await raw(workers.open, `GET ${path} HTTP/1.1`), /^HTTP\/1\.1 401 /);
      const bearer = `Authorization: Bearer ${ADMIN_TOKEN}`;
      assert.match(await raw(workers.open, `GET ${path} HTTP/1.1`, bearer), /^HTTP\/1\.1 200 /);
    }
    for (const path of ["/x/%2e%2e/api/session", "/%2e/api/session", "/api\\session"])
      assert.match(await raw(workers.open, `GET ${path} HTTP/1.1`), /^HTTP\/1\.1 404 /);
  });

  test("bodies that are never finished do not stay open", async () => {
    const started = performance.now();
    const bearer = `Authorization: Bearer ${ADMIN_TOKEN}`;
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        raw(
          workers.open,
          n % 2 ? "POST /api/session HTTP/1.1" : "POST /api/billing-key HTTP/1.1",
          bearer,
          "Content-Type: application/json",
          n % 4 < 2 ? "Content-Length: 1000" : "Transfer-Encoding: chunked",
          { body: n % 4 < 2 ? '{"token":' : '9\r\n{"token":\r\n' },
        ),
      ),
    );
    for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 408 [\s\S]*body_timeout/);
    const seconds = (performance.now() - started) / 1_000;
    assert.ok(seconds > 5, `${seconds} s`);
    assert.equal((await workers.open.payoutRequests(GROUP)).status, 200);
  });

  test("headers with control characters break nothing", async () => {
    for (const line of [
      "Authorization: Bearer a\u0001b",
      "Authorization: Bearer a\u007fb",
      "Cookie: __Host-payple-edge=\u0000",
      "Cf-Access-Jwt-Assertion: \u00ff.\u00ff.\u00ff",
      "Content-Type: application/json\u000b",
      "Origin: https://a\u0009b",
      "X-Folded: a\r\n b",
      "No colon",
    ]) {
      const answer = await raw(
        workers.open,
        "POST /api/payout-requests HTTP/1.1",
        line,
        "Content-Length: 0",
        { ends: true },
      );
      assert.match(answer, /^HTTP\/1\.1 4\d\d /, JSON.stringify(line));
    }
    assert.equal((await workers.open.fetch("/healthz")).status, 200);
  });

  test("no answer has a CORS header", async () => {
    for (const path of ["/", "/healthz", "/api/payout-requests"]) {
      const response = await workers.open.fetch(path, {
        headers: { Origin: "https://evil.example" },
      });
      assert.deepEqual(
        [...response.headers.keys()].filter((name) => name.startsWith("access-control")),
        [],
      );
    }
  });

  test("the page and data have strict security headers", async () => {
    const page = await workers.open.fetch("/");
    assert.deepEqual(
      [page.status, page.headers.get("Content-Type")],
      [200, "text/html; charset=utf-8"],
    );
    const data = await workers.open.fetch("/healthz");
    for (const { headers } of [page, data]) {
      assert.match(
        headers.get("Content-Security-Policy") ?? "",
        /default-src 'none';.*frame-ancestors 'none'/,
      );
      assert.doesNotMatch(
        headers.get("Content-Security-Policy") ?? "",
        /unsafe-inline|'unsafe-eval'|\*|http/,
      );
      assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
      assert.equal(headers.get("Referrer-Policy"), "no-referrer");
      assert.equal(headers.get("Cross-Origin-Opener-Policy"), "same-origin");
      assert.equal(headers.get("Cross-Origin-Resource-Policy"), "same-origin");
      assert.match(headers.get("Strict-Transport-Security") ?? "", /^max-age=\d{8}/);
    }
    assert.match(
      page.headers.get("Content-Security-Policy") ?? "",
      /script-src 'self' 'wasm-unsafe-eval';.*require-trusted-types-for 'script'; trusted-types 'none'/,
    );
    assert.equal(data.headers.get("Cache-Control"), "no-store");
  });
});

/**
 * The answer to a request as it is written here, its lines and headers in Latin-1. With `body`, the
 * request is never finished; with `ends`, the connection is closed for writing behind it.
 *
 * @param {Api} worker
 * @param {(string | { body?: string, ends?: boolean })[]} parts
 * @returns {Promise<string>}
 */
function raw({ origin }, ...parts) {
  const last = parts.at(-1);
  const { body = "", ends = false } = typeof last === "object" ? last : {};
  const [line, ...headers] = parts.filter((part) => typeof part === "string");
  const head = [line, "Host: edge.example", ...headers, "Connection: close", "", ""].join("\r\n");
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(Number(new URL(origin).port), "127.0.0.1", () => {
      socket.write(Buffer.from(head + body, "latin1"));
      if (ends) socket.end();
    });
    socket
      .setEncoding("latin1")
      .on("data", (piece) => (text += piece))
      .on("end", () => resolve(text))
      .on("error", (error) => (text ? resolve(text) : reject(error)));
  });
}

/**
 * The answer to a body that is refused before it is read: a client that is still writing may find
 * the connection closed in place of the answer, and asks again.
 *
 * @template T
 * @param {() => Promise<T>} ask
 */
async function untilAnswered(ask) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      const { cause } = /** @type {{ cause?: { code?: string } }} */ (error);
      const isClosed = cause?.code === "EPIPE" || cause?.code === "ECONNRESET";
      if (!isClosed || tries === 10) throw error;
    }
  }
}
