// A second listener that no client should ever reach: hostile addresses and redirects lead to it,
// and it counts.

import { createServer } from "node:http";
import { close, listen } from "./listener.mjs";

/** @returns {Promise<import("./index.d.ts").Trap & { clear(): void, close(): Promise<void> }>} */
export async function startTrap() {
  /** @type {{ method: string, url: string }[]} */
  let requests = [];
  const server = createServer(({ method = "", url = "" }, response) => {
    // Method and path only: what a client should not have sent need not be kept.
    requests.push({ method, url });
    response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
  });
  const port = await listen(server, 0, "127.0.0.1");
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    requests: () => [...requests],
    clear() {
      requests = [];
    },
    close: () => close(server),
  };
}
