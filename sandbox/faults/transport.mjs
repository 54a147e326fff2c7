// Faults of the connection: those that break, hang or drip, HTTP errors, redirects. Every endpoint
// can play them.

import { htmlPage } from "../http.mjs";
import { AUTHENTICATIONS, define, EVERYWHERE, LOOKUPS } from "./definition.mjs";

export const transportFaults = define({ at: EVERYWHERE }, [
  {
    name: "RESET_BEFORE_REPLY",
    describes: "the connection is reset before a byte of the reply",
    kind: "unavailable",
    calls: 3,
    takeOver: (response) => reset(response),
  },
  {
    name: "RESET_ONCE",
    describes: "the connection is reset once per key, then all is well",
    kind: "ok",
    calls: 2,
    firstTimes: 1,
    takeOver: (response) => reset(response),
  },
  {
    name: "RESET_IN_BODY",
    describes: "the connection is reset in the middle of the body",
    kind: "unavailable",
    calls: 3,
    takeOver: (response, bytes) => sendHalf(response, bytes, () => reset(response)),
  },
  {
    name: "CLOSED_IN_BODY",
    describes: "the connection is closed in the middle of the body, politely",
    kind: "unavailable",
    calls: 3,
    takeOver: (response, bytes) => sendHalf(response, bytes, () => response.socket?.end()),
  },
  {
    name: "NOT_HTTP",
    describes: "what answers does not speak HTTP",
    kind: "unavailable",
    calls: 3,
    takeOver: (response) => response.socket?.end("220 mail.example ESMTP\r\n"),
  },
  {
    name: "NO_ANSWER",
    describes: "no answer, ever",
    kind: "timeout",
    note: "a timeout is not retried",
    calls: 1,
    takeOver: () => {},
  },
  {
    name: "SLOW_DRIP",
    describes: "the right reply, a byte at a time",
    parameter: "milliseconds a byte, 100 unless told",
    kind: "timeout",
    note: "the time limit covers the body, too",
    calls: 1,
    takeOver: (response, bytes, { parameter }) => drip(response, bytes, Number(parameter) || 100),
  },
  {
    name: "SLOW_ANSWER",
    describes: "the right reply, late",
    parameter: "milliseconds, 300 unless told",
    kind: "ok",
    calls: 1,
    takeOver: (response, bytes, { parameter }) =>
      void setTimeout(() => sendJson(response, bytes), Number(parameter) || 300),
  },
  httpError("500_HTML", 500, "Internal Server Error", { kind: "unavailable", calls: 3 }),
  httpError("502_HTML", 502, "Bad Gateway", { kind: "unavailable", calls: 3 }),
  httpError("503_HTML", 503, "Service Unavailable", { kind: "unavailable", calls: 3 }),
  httpError("500_ONCE", 500, "Internal Server Error", { kind: "ok", calls: 2, firstTimes: 1 }),
  httpError("503_TWICE", 503, "Service Unavailable", { kind: "ok", calls: 3, firstTimes: 2 }),
  httpError("429", 429, "Too Many Requests", { kind: "unavailable", calls: 3 }),
  {
    name: "429_RETRY_AFTER",
    describes: "HTTP 429 with `Retry-After`",
    parameter: "seconds, 1 unless told",
    kind: "unavailable",
    note: "each retry waits for as long as it was told to",
    calls: 3,
    instead: ({ parameter }) => tooMany(parameter),
  },
  {
    name: "429_ONCE",
    describes: "HTTP 429 with `Retry-After` once per key, then all is well",
    parameter: "seconds, 1 unless told",
    kind: "ok",
    note: "after the wait",
    calls: 2,
    firstTimes: 1,
    instead: ({ parameter }) => tooMany(parameter),
  },
  httpError("404_HTML", 404, "Not Found", {}),
  httpError("401", 401, "Unauthorized", { at: AUTHENTICATIONS, kind: "authentication", calls: 1 }),
  httpError("401", 401, "Unauthorized", {
    at: LOOKUPS,
    kind: "authentication",
    note: "the token is replaced once",
    upstreamCalls: { token: 2, lookup: 2 },
  }),
  ...[301, 302, 303, 307, 308].map((status) =>
    redirect(String(status), status, () => "/__sandbox/redirected"),
  ),
  redirect("307_ELSEWHERE", 307, ({ trapHost }) => `http://${trapHost}/redirected`),
]);

/**
 * @returns {import("./definition.mjs").Outline}
 * @param {string} name
 * @param {number} status
 * @param {string} title
 * @param {import("./definition.mjs").Expectation} expectations
 */
function httpError(name, status, title, expectations) {
  const times = ["", " once per key, then all is well", " twice per key, then all is well"];
  return {
    name,
    describes: `HTTP ${status} with an HTML page${times[expectations.firstTimes ?? 0] ?? ""}`,
    ...expectations,
    instead: () => htmlPage(status, title),
  };
}

/** @param {string | undefined} parameter */
function tooMany(parameter) {
  return htmlPage(429, "Too Many Requests", { "Retry-After": parameter ?? "1" });
}

/**
 * @returns {import("./definition.mjs").Outline}
 * @param {string} name
 * @param {number} status
 * @param {(context: import("./definition.mjs").Context) => string} location
 */
function redirect(name, status, location) {
  return {
    name: `REDIRECT_${name}`,
    describes: `HTTP ${status} to ${name.endsWith("ELSEWHERE") ? "another host (the trap)" : "another path, which counts who follows"}`,
    note: "a redirect is never followed",
    instead: (context) => htmlPage(status, "Moved", { Location: location(context) }),
  };
}

/**
 * Bun and old Nodes have no `resetAndDestroy`; closing without a reply is the nearest there.
 * @param {import("node:http").ServerResponse<import("node:http").IncomingMessage>} response
 */
function reset(response) {
  const { socket } = response;
  if (typeof socket?.resetAndDestroy === "function") socket.resetAndDestroy();
  else socket?.destroy();
}

/**
 * @param {import("node:http").ServerResponse<import("node:http").IncomingMessage>} response
 * @param {Buffer<ArrayBufferLike>} bytes
 * @param {() => void} then
 */
function sendHalf(response, bytes, then) {
  response.writeHead(200, jsonHeaders(bytes));
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
  // A reset overtakes what is not yet on its way, so the half body gets a head start.
  setTimeout(then, 20);
}

/**
 * @param {import("node:http").ServerResponse<import("node:http").IncomingMessage>} response
 * @param {Buffer<ArrayBufferLike>} bytes
 * @param {number | undefined} intervalMs
 */
function drip(response, bytes, intervalMs) {
  response.writeHead(200, jsonHeaders(bytes));
  let sent = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent, sent + 1));
    sent += 1;
    if (sent === bytes.length) response.end();
  }, intervalMs);
  // Also reached by `end`, and by a caller who gave up.
  response.on("close", () => clearInterval(timer));
}

/**
 * @param {import("node:http").ServerResponse<import("node:http").IncomingMessage>} response
 * @param {Buffer<ArrayBufferLike>} bytes
 */
function sendJson(response, bytes) {
  if (!response.destroyed) response.writeHead(200, jsonHeaders(bytes)).end(bytes);
}

/** @param {Buffer} bytes */
function jsonHeaders(bytes) {
  return { "Content-Type": "application/json; charset=UTF-8", "Content-Length": bytes.length };
}
