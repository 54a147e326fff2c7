// A failed transport: its own error is the cause, a hint tells what to do, and nothing of it is
// printed.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { inspect } from "node:util";
import { http } from "msw";
import { setupServer } from "msw/node";
import { startSandbox } from "../../sandbox/index.mjs";
import { closedPort } from "../closed-port.mjs";
import { clientOf, PaypleError } from "./client.mjs";

/** @import { AddressInfo, Server } from "node:net" */
/** @import { TestContext } from "node:test" */

/**
 * The error of a look-up that must fail.
 * @param {Parameters<typeof clientOf>[1]} [options]
 * @returns {Promise<any>} of which a test says what it is
 */
const failing = (options) =>
  clientOf(undefined, { maxRetries: 0, ...options })
    .lookupPayoutRequests("G")
    .then(
      () => assert.fail("it gave an answer"),
      (error) => error,
    );

/**
 * @param {any} error of which its causes are the innermost last
 * @returns {any[]}
 */
const causes = (error) => (error ? [error, ...causes(error.cause)] : []);

/**
 * A server on a free port.
 * @param {Server} server
 * @param {TestContext} t
 */
async function listening(server, t) {
  await /** @type {Promise<void>} */ (
    new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))
  );
  t.after(() => void server.close());
  const { port } = /** @type {AddressInfo} */ (server.address());
  return `127.0.0.1:${port}`;
}

test("a name that is not found is told apart", async () => {
  const error = await failing({ origins: { hub: "https://no-such-host.invalid" } });
  assert.deepEqual(
    [error.kind, error.phase, error.httpStatus],
    ["unavailable", "token", undefined],
  );
  assert.ok(causes(error.cause).some(({ code }) => /^(ENOTFOUND|EAI_AGAIN)$/.test(code)));
  assert.match(error.hint, /DNS/);
  assert.match(error.hintKo, /DNS/);
});

test("a refused connection is told apart", async () => {
  const port = await closedPort();
  const error = await failing({ origins: { hub: `http://127.0.0.1:${port}` } });
  assert.ok(causes(error.cause).some(({ code }) => code === "ECONNREFUSED"));
  assert.match(error.hint, /Nobody answers/);
});

test("a failed TLS handshake and a certificate that is not trusted are told apart", async (t) => {
  const plain = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  const handshake = await failing({ origins: { hub: `https://${await listening(plain, t)}` } });
  const cause = Object.assign(new Error("self-signed certificate"), {
    code: "DEPTH_ZERO_SELF_SIGNED_CERT",
  });
  const untrusted = await failing({
    fetch: () => Promise.reject(new TypeError("fetch failed", { cause })),
  });
  for (const { hint, hintKo } of [handshake, untrusted]) {
    assert.match(hint, /TLS.*NODE_EXTRA_CA_CERTS/);
    assert.match(hintKo, /TLS.*NODE_EXTRA_CA_CERTS/);
  }
});

test("a test environment that plays a web page's rules of origin is told apart", async () => {
  // What happy-dom's fetch says.
  const words = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading";
  const error = await failing({ fetch: () => Promise.reject(new Error(words)) });
  assert.match(error.hint, /test environment node/);
  assert.match(error.hintKo, /테스트 환경을 node로/);
});

test("a connection that breaks off is told apart, also within the body", async (t) => {
  const server = createServer((socket) => socket.destroy());
  const error = await failing({ origins: { hub: `http://${await listening(server, t)}` } });
  assert.match(error.hint, /broke off/);
  const halfway = createServer((socket) => {
    socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{");
  });
  const within = await failing({ origins: { hub: `http://${await listening(halfway, t)}` } });
  assert.equal(within.kind, "unavailable");
  assert.ok(within.cause instanceof Error);
});

test("a mock that has no reply is told apart", async (t) => {
  const server = setupServer(http.get("https://other.invalid/", () => new Response()));
  server.listen({ onUnhandledRequest: "error" });
  t.after(() => server.close());
  t.mock.method(console, "error", () => {});
  const error = await failing();
  assert.match(error.hint, /mockPayple/);
  const noMatch = Object.assign(new Error("not matched"), {
    code: "UND_MOCK_ERR_MOCK_NOT_MATCHED",
  });
  const undici = await failing({
    fetch: () => Promise.reject(new TypeError("fetch failed", { cause: noMatch })),
  });
  assert.equal(undici.hint, error.hint);
});

test("each of several look-ups that share the failed authentication has the cause", async () => {
  const cause = new TypeError("fetch failed");
  const payple = clientOf(undefined, {
    maxRetries: 0,
    fetch: () => Promise.reject(cause),
  });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 5 }, () => payple.lookupPayoutRequests("G")),
  );
  for (const outcome of outcomes)
    assert.equal(outcome.status === "rejected" && outcome.reason.cause, cause);
});

test("what Payple itself refuses has no cause, and what failed before leaves none", async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const payple = clientOf(sandbox);
  assert.equal((await payple.lookupPayoutRequests("FAULT_RESET_ONCE-transport")).code, "A0000");
  const error = await payple.lookupBillingKey("BK_UNKNOWN").catch((error) => error);
  assert.deepEqual([error.kind, "cause" in error], ["rejected", false]);
});

test("the cause can be read, but is not printed with the error", async () => {
  for (const thrown of ["a canary text", { canary: true }, new Error("canary")]) {
    const error = await failing({ fetch: () => Promise.reject(thrown) });
    assert.ok(error instanceof PaypleError);
    assert.equal(error.cause, thrown);
    assert.ok(!Object.keys(error).includes("cause"));
    for (const shown of [inspect(error), JSON.stringify(error), String(error), error.stack ?? ""])
      assert.doesNotMatch(shown, /canary/);
  }
});
