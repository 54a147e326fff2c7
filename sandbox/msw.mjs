// The sandbox inside a test that uses MSW: request handlers for Payple's own addresses, without any
// socket.

import { createRequire } from "node:module";
import { Writable } from "node:stream";
import { checkOptions } from "./options.mjs";
import { createServices, SERVICE_OPTIONS } from "./services.mjs";

const ORIGINS = {
  test: ["https://demohub.payple.kr", "https://democpay.payple.kr"],
  live: ["https://hub.payple.kr", "https://cpay.payple.kr"],
};

/**
 * MSW handlers that play Payple, with the sandbox's controls on the list:
 * `setupServer(...mockPayple())`.
 * @param {import("./index.d.ts").ServiceOptions} [options]
 * @returns {import("./index.d.ts").MockedPayple}
 */
export function mockPayple(options = {}) {
  checkOptions("the options of mockPayple", options, SERVICE_OPTIONS);
  const { controls, serve } = createServices(options);
  const { http } = loadMsw();
  const handlers = ORIGINS[options.environment ?? "test"].map((origin) =>
    http.all(`${origin}/*`, async (/** @type {{ request: Request }} */ { request }) => {
      const response = new MockResponse();
      // As an open socket would: without it, a process may end while a fault keeps its caller
      // waiting.
      const open = setInterval(() => {}, 60_000);
      response.on("close", () => clearInterval(open));
      request.signal.addEventListener("abort", () => response.fail());
      const written = /** @type {import("node:http").ServerResponse} */ (
        /** @type {unknown} */ (response)
      );
      serve(await toIncoming(request), written, origin).catch((error) => response.fail(error));
      return response.reply;
    }),
  );
  return Object.assign(handlers, controls);
}

/**
 * MSW is the user's: looked for only when it is needed, from here, as an optional peer dependency.
 */
function loadMsw() {
  try {
    return createRequire(import.meta.url)("msw");
  } catch (cause) {
    throw new Error("mockPayple() needs MSW 2: npm install --save-dev msw", { cause });
  }
}

/** What the services read of Node's own request. @param {Request} request */
async function toIncoming(request) {
  const { pathname, search } = new URL(request.url);
  const bytes = Buffer.from(await request.arrayBuffer());
  const read = {
    method: request.method,
    url: pathname + search,
    headers: Object.fromEntries(request.headers),
    async *[Symbol.asyncIterator]() {
      yield bytes;
    },
  };
  return /** @type {import("node:http").IncomingMessage} */ (/** @type {unknown} */ (read));
}

/** What the services write to of Node's own response; `reply` is the same as a `Response`. */
class MockResponse extends Writable {
  statusCode = 200;
  /** @type {(response: Response) => void} */
  #start = () => {};
  /** @type {ReadableStreamDefaultController | undefined} */
  #body;
  reply = new Promise((resolve) => {
    this.#start = resolve;
  });
  // A fault that breaks the connection does it at the socket.
  socket = {
    resetAndDestroy: () => this.fail(),
    destroy: () => this.fail(),
    end: () => this.fail(),
  };

  /**
   * @param {number} status
   * @param {Record<string, string>} headers
   */
  writeHead(status, headers) {
    this.statusCode = status;
    const body = new ReadableStream({
      start: (controller) => {
        this.#body = controller;
      },
      cancel: () => void this.destroy(),
    });
    this.#start(new Response(body, { status, headers }));
    return this;
  }

  /**
   * @override
   * @param {Buffer} chunk
   * @param {string} _encoding
   * @param {() => void} done
   */
  _write(chunk, _encoding, done) {
    this.#body?.enqueue(new Uint8Array(chunk));
    done();
  }

  /**
   * @override
   * @param {() => void} done
   */
  _final(done) {
    this.#body?.close();
    done();
  }

  /** Before the reply has begun this is a network error, afterwards a body that breaks off. */
  fail(error = new TypeError("the connection was reset")) {
    if (this.#body) this.#body.error(error);
    else this.#start(Response.error());
    this.destroy();
  }
}
