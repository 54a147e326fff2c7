// Opening and closing an http server on a loopback port.

/**
 * @param {import("node:http").Server} server
 * @param {number} port 0 takes a free one
 * @param {string} host
 * @returns {Promise<number>} the port
 */
export async function listen(server, port, host) {
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host }, () => resolve(undefined));
  });
  return /** @type {import("node:net").AddressInfo} */ (server.address()).port;
}

/**
 * Ends hanging exchanges, too: some faults never answer.
 * @param {import("node:http").Server} server
 * @returns {Promise<void>}
 */
export function close(server) {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
