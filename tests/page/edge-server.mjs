// A page that has EdgeClient, and an API behind it that answers whatever a test wants, right or
// wrong.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { buildFace, faceFolder } from "../../pkg-scripts/build/build.mjs";
import { root } from "../../pkg-scripts/common/checkout.mjs";

/**
 * @import { IncomingHttpHeaders, IncomingMessage } from "node:http"
 * @import { OutgoingHttpHeaders, ServerResponse } from "node:http"
 * @import { AddressInfo } from "node:net"
 *
 * @typedef {{ groupKey?: string, payerId?: string, payerIds?: string[], token?: string }} Body
 * @typedef {(request: IncomingMessage, response: ServerResponse, body?: Body) => unknown} Answer
 * @typedef {Awaited<ReturnType<typeof startEdgeServer>>} EdgeServer
 *
 * @typedef {object} Seen
 * @property {string} [method]
 * @property {string} [path]
 * @property {IncomingHttpHeaders} headers
 * @property {Body} [body]
 * @property {boolean} isClosed
 */

/** Like the Worker's own. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/**
 * Starts the server. `answers` is a map from a group key, a billing key or a path. `seen` lists the
 * requests to the API; `loads` counts the wasm's.
 */
export async function startEdgeServer() {
  await buildFace("browser-panics");
  const script = await bundle(faceFolder("browser-panics"));
  const module = readFileSync(join(faceFolder("browser-panics"), "payple_edge_bg.wasm"));
  const state = {
    /** @type {Map<string | undefined, Answer>} */
    answers: new Map(),
    /** @type {Seen[]} */
    seen: [],
    loads: 0,
    wasmStatus: 200,
  };

  const server = createServer(async (request, response) => {
    /** @type {(status: number, type: string, body?: string | Buffer) => ServerResponse} */
    const reply = (status, type, body) =>
      response
        .writeHead(status, { "Content-Type": type, "Content-Security-Policy": POLICY })
        .end(body);
    if (request.url === "/")
      return reply(
        200,
        "text/html",
        `<!doctype html><title>EdgeClient</title><script type="module" src="/edge.js"></script>`,
      );
    if (request.url === "/edge.js") return reply(200, "text/javascript", script);
    if (request.url === "/favicon.ico") return reply(204, "image/png");
    if (request.url === "/payple_edge_bg.wasm") {
      state.loads += 1;
      return reply(state.wasmStatus, "application/wasm", state.wasmStatus === 200 ? module : "");
    }
    let text = "";
    for await (const piece of request) text += piece;
    /** @type {Body | undefined} */
    const body = text === "" ? undefined : JSON.parse(text);
    const seen = {
      method: request.method,
      path: request.url,
      headers: request.headers,
      body,
      isClosed: false,
    };
    response.on("close", () => (seen.isClosed = !response.writableFinished));
    state.seen.push(seen);
    const answer =
      state.answers.get(body?.groupKey ?? body?.payerId ?? request.url) ??
      state.answers.get(request.url);
    if (answer) return answer(request, response, body);
    return reply(404, "text/plain", "nobody knows");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {AddressInfo} */ (server.address());
  return {
    ...state,
    origin: `http://127.0.0.1:${port}`,
    get loads() {
      return state.loads;
    },
    /** What the next requests for the wasm get. */
    serveWasm: (/** @type {number} */ status) => (state.wasmStatus = status),
    reset() {
      state.seen.length = 0;
      state.loads = 0;
      state.wasmStatus = 200;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/**
 * A JSON answer.
 *
 * @param {unknown} value
 * @param {number} [status]
 * @param {OutgoingHttpHeaders} [headers]
 * @returns {Answer}
 */
export function json(value, status = 200, headers = {}) {
  return (_, response) =>
    response
      .writeHead(status, { "Content-Type": "application/json", ...headers })
      .end(JSON.stringify(value));
}

/**
 * Any answer.
 *
 * @param {number} status
 * @param {string} [body]
 * @param {OutgoingHttpHeaders} [headers]
 * @returns {Answer}
 */
export function raw(status, body = "", headers = {}) {
  return (_, response) => response.writeHead(status, headers).end(body);
}

/** @param {string} folder */
async function bundle(folder) {
  const { outputFiles } = await build({
    stdin: {
      contents: `import * as edge from "./src/browser/js/index.mjs"; globalThis.edge = edge;`,
      resolveDir: root,
    },
    bundle: true,
    format: "esm",
    write: false,
    alias: { "#glue": join(folder, "payple_edge.js") },
    plugins: [
      {
        name: "wasm",
        setup(build) {
          build.onResolve({ filter: /^#wasm$/ }, () => ({ path: "wasm", namespace: "address" }));
          build.onLoad({ filter: /.*/, namespace: "address" }, () => ({
            contents: `export default () => "/payple_edge_bg.wasm"`,
          }));
        },
      },
    ],
  });
  return outputFiles[0].text;
}
