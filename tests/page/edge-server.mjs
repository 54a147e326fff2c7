// A page that has EdgeClient, and an API behind it that answers whatever a test wants, right or
// wrong.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { buildFace, faceFolder } from "../../pkg-scripts/build/build.mjs";
import { root } from "../../pkg-scripts/common/checkout.mjs";

/** Like the Worker's own. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/**
 * Starts the server. `answers` is a map from a group key, a billing key or a path to `(request,
 * response, body) => …`. `seen` lists the requests to the API as { method, path, headers, body,
 * isClosed }; `loads` counts the wasm's.
 */
export async function startEdgeServer() {
  await buildFace("browser-panics");
  const script = await bundle(faceFolder("browser-panics"));
  const module = readFileSync(join(faceFolder("browser-panics"), "payple_edge_bg.wasm"));
  const state = { answers: new Map(), seen: [], loads: 0, wasmStatus: 200 };

  const server = createServer(async (request, response) => {
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
    reply(404, "text/plain", "nobody knows");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    ...state,
    origin: `http://127.0.0.1:${server.address().port}`,
    get loads() {
      return state.loads;
    },
    /** What the next requests for the wasm get. */
    serveWasm: (status) => (state.wasmStatus = status),
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

/** A JSON answer. */
export function json(value, status = 200, headers = {}) {
  return (_, response) =>
    response
      .writeHead(status, { "Content-Type": "application/json", ...headers })
      .end(JSON.stringify(value));
}

/** Any answer. */
export function raw(status, body = "", headers = {}) {
  return (_, response) => response.writeHead(status, headers).end(body);
}

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
