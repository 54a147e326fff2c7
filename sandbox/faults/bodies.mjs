// Faults of the body, whatever it says: encodings, sizes, things that are no JSON object. Every
// endpoint can play them.

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { authError, refusals } from "../cpay.mjs";
import { htmlPage } from "../http.mjs";
import { refuse, tokenNotAccepted } from "../hub.mjs";
import { AUTHENTICATIONS, define, EVERYWHERE, LOOKUPS } from "./definition.mjs";
import { toEucKr } from "./euc-kr.mjs";

/** @import { Context, Endpoint } from "./definition.mjs" */

const MEGABYTE = 1024 * 1024;

export const bodyFaults = define({ at: EVERYWHERE }, [
  {
    name: "TRUNCATED_JSON",
    describes: "the JSON text ends in the middle, the HTTP reply is whole",
    text: (text) => text.slice(0, Math.floor(text.length / 2)),
  },
  {
    name: "JSON_THEN_GARBAGE",
    describes: "the right JSON with an HTML comment behind it",
    text: (text) => `${text}\n<!-- WAS-02 -->`,
  },
  { name: "EMPTY_BODY", describes: "an empty body", text: () => "" },
  { name: "PLAIN_TEXT", describes: "the two letters `OK`", text: () => "OK" },
  {
    name: "200_HTML",
    describes: "an HTML page with HTTP 200",
    instead: () => htmlPage(200, "점검 중입니다"),
  },
  {
    name: "JSON_ARRAY",
    describes: "the right reply inside a JSON array",
    text: (text) => `[${text}]`,
  },
  {
    name: "JSON_STRING",
    describes: "the right reply as a JSON string",
    text: (text) => JSON.stringify(text),
  },
  { name: "JSON_NULL", describes: "the JSON value `null`", text: () => "null" },
  { name: "EMPTY_OBJECT", describes: "a JSON object without fields", text: () => "{}" },
  {
    name: "EUC_KR",
    describes: "the right reply in EUC-KR",
    note: "Payple replies in UTF-8 only",
    text: toEucKr,
  },
  {
    name: "DEEP_NESTING",
    describes: "50,000 objects inside one another",
    text: () => `${'{"result":'.repeat(50_000)}1${"}".repeat(50_000)}`,
  },
  {
    name: "HUGE_BODY",
    describes: "a body of 20 MB, without a declared length",
    parameter: "megabytes, 20 unless told",
    note: "larger than 16 MiB",
    takeOver: (response, bytes, { parameter }) =>
      stream(response, padded(bytes, Number(parameter) || 20)),
  },
  {
    name: "GZIP_BOMB",
    describes: "a small gzip body that inflates to 80 MB",
    parameter: "megabytes, 80 unless told",
    note: "larger than 16 MiB",
    takeOver: (response, bytes, { parameter }) =>
      stream(response, padded(bytes, Number(parameter) || 80), createGzip()),
  },
  {
    name: "BOM",
    describes: "the right reply after a UTF-8 BOM and white space",
    kind: "ok",
    text: (text) => `\ufeff \r\n${text}`,
  },
  {
    name: "WRONG_CONTENT_TYPE",
    describes: "the right reply as `text/html`",
    kind: "ok",
    headers: { "Content-Type": "text/html" },
  },
  {
    name: "EXTRA_FIELDS",
    describes: "the right reply with unknown fields of every type, `__proto__` among them",
    kind: "ok",
    text: (text) =>
      text.replace(
        "{",
        `{"__proto__":{"result":"x"},"constructor":null,"new":[1.5,true,null,{"a":{}}],"":"",`,
      ),
  },
  ...jsonError("400_JSON", 400),
  ...jsonError("500_JSON", 500, "a code in the body counts on any status"),
  {
    name: "401_JSON",
    at: AUTHENTICATIONS,
    describes: "HTTP 401 with a JSON error",
    kind: "authentication",
    instead: ({ endpoint }) => ({
      ...(endpoint === "token"
        ? refuse("T0300", "존재하지 않는 계정입니다.")
        : authError("AUTH0003")),
      status: 401,
    }),
  },
  {
    name: "401_JSON",
    at: LOOKUPS,
    describes: "HTTP 401 with a JSON error",
    kind: "authentication",
    note: "the token is replaced once",
    upstreamCalls: { token: 2, lookup: 2 },
    instead: ({ endpoint, fields }) =>
      endpoint === "payout"
        ? tokenNotAccepted()
        : { ...refusals(fields).sessionExpired(), status: 401 },
  },
]);

/**
 * The same JSON error that Payple otherwise sends with HTTP 200.
 * @returns {import("./definition.mjs").Outline[]}
 * @param {string} name
 * @param {number} status
 */
function jsonError(name, status, note = "") {
  /** @type {Record<Endpoint, (context: Context) => import("../http.mjs").Reply>} */
  const replies = {
    token: () => refuse("T0300", "존재하지 않는 계정입니다."),
    auth: () => authError("AUTH0003"),
    payout: () => refuse("N0101", "group_key 값을 확인해 주세요."),
    billing: ({ fields }) =>
      refusals(fields).refuseLookup("SPCD0001", "존재하지 않는 빌링키입니다."),
  };
  const fault = {
    name,
    describes: `HTTP ${status} with a JSON error`,
    note,
    instead: (/** @type {Context} */ context) => ({
      ...replies[context.endpoint](context),
      status,
    }),
  };
  return [
    { ...fault, at: AUTHENTICATIONS, kind: "authentication" },
    { ...fault, at: LOOKUPS, kind: "rejected" },
  ];
}

/**
 * The right reply with so much white space inside that only its size is wrong.
 * @param {Buffer<ArrayBufferLike>} bytes
 * @param {number} megabytes
 */
function* padded(bytes, megabytes) {
  yield bytes.subarray(0, 1);
  const spaces = Buffer.alloc(MEGABYTE, " ");
  for (let i = 0; i < megabytes; i += 1) yield spaces;
  yield bytes.subarray(1);
}

/**
 * @param {import("node:http").ServerResponse<import("node:http").IncomingMessage>} response
 * @param {Iterable<Buffer>} chunks
 * @param {import("node:zlib").Gzip} [gzip]
 */
function stream(response, chunks, gzip) {
  response.writeHead(200, {
    "Content-Type": "application/json; charset=UTF-8",
    ...(gzip && { "Content-Encoding": "gzip" }),
  });
  const source = Readable.from(chunks);
  const sent = gzip ? pipeline(source, gzip, response) : pipeline(source, response);
  // A caller who has had enough hangs up: that is the very aim of these faults, no error.
  sent.catch(() => {});
}
