// Reading requests and writing ordinary replies with Node's own http; the misbehaving ones are in faults/.

/**
 * @typedef {{ status?: number, headers?: Record<string, string>, body: object | string | Buffer }} Reply
 *   A reply before it is sent; an object is sent as JSON.
 */

const REQUEST_BODY_LIMIT_BYTES = 1024 * 1024;

/**
 * The fields of a JSON request. Payple asks for `Content-Type: application/json`, so a body sent as
 * anything else counts as a body without fields, and so does one that is no JSON object.
 * @param {import("node:http").IncomingMessage} request
 * @returns {Promise<Record<string, unknown>>}
 */
export async function readFields(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= REQUEST_BODY_LIMIT_BYTES) chunks.push(chunk);
  }
  if (!isJson(request) || size > REQUEST_BODY_LIMIT_BYTES) return {};
  try {
    const value = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

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

/** An error page as a proxy in front of Payple shows it. @returns {Reply} */
export function htmlPage(status, title, headers = {}) {
  return {
    status,
    headers: { "Content-Type": "text/html; charset=UTF-8", ...headers },
    body: `<!DOCTYPE html><html><head><title>${status} ${title}</title></head><body><h1>${title}</h1></body></html>\n`,
  };
}

/** A field's text, or `undefined` for a field that is absent, empty or no text. */
export function textField(fields, name) {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function toBytes(body) {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body), "utf8");
}
