// A partner's side of the wire for the sandbox's tests: plain node:http, nothing followed, nothing
// repaired.

import { request as httpRequest } from "node:http";

export const PAIR = { cst_id: "test", custKey: "abcd1234567890" };

/**
 * @typedef {{ headers?: Record<string, string | undefined>, timeoutMs?: number, method?: string }}
 *   Options
 * @typedef {{ origin: string }} Place of a sandbox
 * @typedef {Record<string, any>} Reply of the sandbox, read as JSON: a test says what it is
 */

/**
 * What a POST meets. A broken exchange tells why in `failed`, and the status and the bytes that
 * came before, if any.
 * @typedef {object} Seen
 * @property {number} [status]
 * @property {Record<string, string>} headers
 * @property {Buffer<ArrayBuffer>} bytes
 * @property {string} text
 * @property {() => any} json of which a test says what it is
 * @property {string} [failed]
 */

/**
 * What a POST meets.
 * @param {string} url
 * @param {object | string} body
 * @param {Options} [options]
 * @returns {Promise<Seen>}
 */
export function post(url, body, { headers = {}, timeoutMs = 5_000, method = "POST" } = {}) {
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  return new Promise((resolve) => {
    /** @type {Buffer[]} */
    const chunks = [];
    /** @type {import("node:http").IncomingMessage | undefined} */
    let response;
    const seen = (/** @type {object} */ more) => {
      clearTimeout(timer);
      const bytes = Buffer.concat(chunks);
      const text = bytes.toString("utf8");
      resolve({
        status: response?.statusCode,
        headers: /** @type {Record<string, string>} */ (response?.headers),
        bytes,
        text,
        json: () => JSON.parse(text),
        ...more,
      });
    };
    const request = httpRequest(url, {
      method,
      agent: false,
      headers: { "Content-Type": "application/json", ...headers },
    });
    const timer = setTimeout(() => {
      seen({ failed: "TIMEOUT" });
      request.destroy();
    }, timeoutMs);
    request.on("error", (/** @type {NodeJS.ErrnoException} */ error) =>
      seen({ failed: error.code ?? error.message }),
    );
    request.on("response", (incoming) => {
      response = incoming;
      incoming.on("data", (chunk) => chunks.push(chunk));
      incoming.on("end", () => seen({}));
      incoming.on("error", (/** @type {NodeJS.ErrnoException} */ error) =>
        seen({ failed: error.code ?? error.message }),
      );
    });
    request.end(payload);
  });
}

/** @param {Place} sandbox @param {object} [changes] @param {Options} [options] */
export function askToken({ origin }, changes = {}, options) {
  return post(`${origin}/oauth/token`, { ...PAIR, code: "as12345678", ...changes }, options);
}

/** @param {Place} sandbox @param {object} [changes] @param {Options} [options] */
export function askAuth({ origin }, changes = {}, options) {
  return post(
    `${origin}/php/auth.php`,
    { ...PAIR, PCD_PAY_WORK: "PUSERINFO", ...changes },
    options,
  );
}

/** @param {Place} sandbox @returns {Promise<string>} */
export async function newToken(sandbox) {
  return (await askToken(sandbox)).json().access_token;
}

/** @param {Place} sandbox @param {Options} [options] @returns {Promise<Reply>} */
export async function newSession(sandbox, options) {
  return (await askAuth(sandbox, {}, options)).json();
}

/**
 * @param {Place} sandbox
 * @param {string | undefined} groupKey
 * @param {string} [token]
 * @param {Options & { changes?: object }} [options]
 */
export function askPayout({ origin }, groupKey, token, { changes = {}, ...options } = {}) {
  const headers = { ...(token && { Authorization: `Bearer ${token}` }), ...options.headers };
  return post(
    `${origin}/request/result/group_key`,
    { ...PAIR, group_key: groupKey, ...changes },
    { ...options, headers },
  );
}

/**
 * @param {Reply} session
 * @param {string | undefined} payerId
 * @param {Options & { changes?: object, url?: string }} [options]
 */
export function askBilling(
  session,
  payerId,
  { changes = {}, url = session.PCD_PAY_HOST + session.PCD_PAY_URL, ...options } = {},
) {
  const body = {
    PCD_CST_ID: session.cst_id,
    PCD_CUST_KEY: session.custKey,
    PCD_AUTH_KEY: session.AuthKey,
    PCD_PAYER_ID: payerId,
  };
  return post(url, { ...body, ...changes }, options);
}

/** @param {Place} sandbox @param {string} name @param {object} [body] */
export async function controlPost({ origin }, name, body = {}) {
  return post(`${origin}/__sandbox/${name}`, body);
}

/** @param {Place} sandbox @param {string} name */
export async function controlGet({ origin }, name) {
  return post(`${origin}/__sandbox/${name}`, "", { method: "GET" });
}
