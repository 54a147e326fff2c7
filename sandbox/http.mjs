// Reading requests and writing ordinary replies with Node's own http; the misbehaving ones are in
// faults/.

/**
 * @typedef {{ status?: number, headers?: Record<string, string>, body: object | string | Buffer }}
 *   Reply A reply before it is sent; an object is sent as JSON.
 */

const REQUEST_BODY_LIMIT_BYTES = 1024 * 1024;
const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i;

/**
 * The fields of a request. Payple's documents ask for JSON, and its servers read forms, urlencoded
 * or multipart, as well. A body of another kind, or one that is not what its Content-Type says,
 * counts as a body without fields.
 * @param {import("node:http").IncomingMessage} request
 * @returns {Promise<Record<string, unknown>>}
 */
export async function readFields(request) {
  const bytes = await readBody(request);
  if (isJson(request)) return jsonObject(bytes) ?? {};
  if (!FORM.test(request.headers["content-type"] ?? "")) return {};
  try {
    // The platform's own form parser; it throws on a form that is not well-formed.
    return Object.fromEntries(
      await new Response(bytes, {
        headers: { "Content-Type": /** @type {string} */ (request.headers["content-type"]) },
      }).formData(),
    );
  } catch {
    return {};
  }
}

/**
 * The fields of a request that may be JSON only: none without a body, `undefined` where it is
 * anything else than a JSON object.
 * @param {import("node:http").IncomingMessage} request
 */
export async function readJsonFields(request) {
  const bytes = await readBody(request);
  return isJson(request) && bytes.length > 0 ? jsonObject(bytes) : {};
}

/**
 * A body above the limit counts as empty.
 * @param {import("node:http").IncomingMessage} request
 */
async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= REQUEST_BODY_LIMIT_BYTES) chunks.push(chunk);
  }
  return size > REQUEST_BODY_LIMIT_BYTES ? Buffer.alloc(0) : Buffer.concat(chunks);
}

/** @param {Buffer<ArrayBuffer>} bytes */
function jsonObject(bytes) {
  try {
    const value = JSON.parse(bytes.toString("utf8"));
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @param {import("node:http").IncomingMessage} request */
export function isJson(request) {
  return /^application\/json\b/i.test(request.headers["content-type"] ?? "");
}

/** @param {import("node:http").ServerResponse} response @param {Reply} reply */
export function send(response, reply) {
  const bytes = toBytes(reply.body);
  response.writeHead(reply.status ?? 200, {
    "Content-Type": "application/json; charset=UTF-8",
    "Content-Length": bytes.length,
    ...reply.headers,
  });
  response.end(bytes);
}

/**
 * An error page as a proxy in front of Payple shows it.
 * @returns {Reply}
 * @param {number} status
 * @param {string} title
 */
export function htmlPage(status, title, headers = {}) {
  return {
    status,
    headers: { "Content-Type": "text/html; charset=UTF-8", ...headers },
    body: `<!DOCTYPE html><html><head><title>${status} ${title}</title></head><body><h1>${title}</h1></body></html>\n`,
  };
}

/**
 * A field's text, or `undefined` for a field that is absent, empty or no text.
 * @param {Record<string, unknown>} fields
 * @param {string} name
 */
export function textField(fields, name) {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** @param {Reply["body"]} body */
function toBytes(body) {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body), "utf8");
}
