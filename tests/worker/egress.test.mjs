// With the service binding PAYPLE_EGRESS everything goes to Payple through it, and nothing past it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { ADMIN_TOKEN, LIVE, problemOf, Response, startWorkers } from "./workers.mjs";

/**
 * @import { Server } from "node:http"
 * @import { AddressInfo } from "node:net"
 * @import { Problem } from "../../src/npm/js/models.d.ts"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { FetchHandler, Workers } from "./workers.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";
const bearer = { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } };
const CARD = "d0toSS9sT084bVJSNThScnFX";

describe("the egress binding", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  /** @type {Server} */
  let proxy;
  /** @type {{ host: string, id: unknown, secret: unknown }[]} */
  const atProxy = [];
  /** @type {{ origin: string, referer: string | null, method: string }[]} */
  const seen = [];
  /** @type {string[]} */
  const past = [];
  before(async () => {
    sandbox = await startSandbox({ environment: "live", referers: ["shop.example"] });
    /**
     * A merchant's relay: it knows where Payple is, whatever the address.
     *
     * @type {FetchHandler}
     */
    const relay = async (request) => {
      const url = new URL(request.url);
      seen.push({
        origin: url.origin,
        referer: request.headers.get("Referer"),
        method: request.method,
      });
      const reply = await fromPayple(
        sandbox.origin,
        url,
        request.method,
        [...request.headers],
        await request.text(),
      );
      return new Response(reply.text, {
        status: reply.status,
        headers: { "Content-Type": "application/json" },
      });
    };
    // What nginx does in the worked example.
    proxy = createServer(async (request, response) => {
      const [, host, path] = request.url?.match(/^\/([^/]+)(\/.*)$/) ?? [];
      atProxy.push({
        host,
        id: request.headers["cf-access-client-id"],
        secret: request.headers["cf-access-client-secret"],
      });
      const body = Buffer.concat(await request.toArray()).toString();
      const reply = await fromPayple(
        sandbox.origin,
        new URL(`https://${host}${path}`),
        request.method ?? "",
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        body,
      );
      response.writeHead(reply.status).end(reply.text);
    });
    await new Promise((resolve) => proxy.listen(0, "127.0.0.1", () => resolve(undefined)));
    const { port } = /** @type {AddressInfo} */ (proxy.address());
    const live = LIVE;
    /** @type {FetchHandler} */
    const outbound = (request) => {
      past.push(request.url);
      return new Response("no", { status: 500 });
    };
    workers = await startWorkers({
      relayed: { settings: live, services: { PAYPLE_EGRESS: relay }, outbound },
      broken: {
        settings: live,
        services: {
          PAYPLE_EGRESS: () => {
            throw new Error("the relay is down");
          },
        },
        outbound,
      },
      down: { settings: live, services: { PAYPLE_EGRESS: "noRelay" }, outbound },
      noRelay: { script: 'export default { fetch() { throw new Error("the relay is down"); } };' },
      redirecting: {
        settings: live,
        services: {
          PAYPLE_EGRESS: () =>
            new Response("", { status: 302, headers: { Location: "https://evil.example/" } }),
        },
        outbound,
      },
      byExample: { settings: live, services: { PAYPLE_EGRESS: "relay" }, outbound },
      relay: {
        script: readFileSync(new URL("../../docs/egress/relay.js", import.meta.url), "utf8"),
        settings: {
          PROXY_ORIGIN: `http://127.0.0.1:${port}`,
          PROXY_CLIENT_ID: "id",
          PROXY_CLIENT_SECRET: "secret",
        },
      },
      misspelt: { settings: { ...live, PAYPLE_EGRESS: "https://relay.example" }, outbound },
    });
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
    proxy?.close();
  });

  test("carries both services' calls, in live, with the registered Referer", async () => {
    assert.equal((await workers.relayed.payoutRequests(GROUP)).status, 200);
    const card = await workers.relayed.billingKey(CARD);
    assert.deepEqual([card.status, (await card.json()).type], [200, "card"]);

    assert.deepEqual(
      seen.map(({ origin }) => origin),
      [
        "https://hub.payple.kr",
        "https://hub.payple.kr",
        "https://cpay.payple.kr",
        "https://cpay.payple.kr",
      ],
    );
    assert.deepEqual(
      seen.map(({ referer }) => referer),
      [null, null, "https://shop.example", "https://shop.example"],
    );
    assert.deepEqual(past, []);
  });

  test("is shown in /healthz", async () => {
    assert.equal(
      (await (await workers.relayed.fetch("/healthz", bearer)).json()).egress,
      "binding",
    );
  });

  test("that fails is no reason to go past it", async () => {
    for (const worker of [workers.broken, workers.down]) {
      const response = await worker.payoutRequests(GROUP);
      assert.deepEqual([response.status, (await problemOf(response)).kind], [503, "unavailable"]);
    }
    assert.deepEqual(past, []);
  });

  test("cannot send a request elsewhere by a redirect", async () => {
    const response = await workers.redirecting.billingKey(CARD);
    assert.deepEqual([response.status, (await problemOf(response)).kind], [502, "protocol"]);
    assert.deepEqual(past, []);
  });

  test("works as in the example of docs/deploy.md", async () => {
    assert.equal((await workers.byExample.payoutRequests(GROUP)).status, 200);
    assert.equal((await workers.byExample.billingKey(CARD)).status, 200);
    assert.deepEqual(
      atProxy.map(({ host }) => host),
      ["hub.payple.kr", "hub.payple.kr", "cpay.payple.kr", "cpay.payple.kr"],
    );
    assert.ok(atProxy.every(({ id, secret }) => id === "id" && secret === "secret"));
    assert.deepEqual(past, []);

    const elsewhere = await workers.relay.fetch("/", { headers: { Host: "evil.example" } });
    assert.equal(elsewhere.status, 403);
    assert.equal(atProxy.length, 4);
  });

  test("that is a text by mistake is a fault in the settings", async () => {
    /** @type {Problem} */
    const problem = await (await workers.misspelt.fetch("/healthz", bearer)).json();
    assert.deepEqual(
      problem.settings?.map(({ name }) => name),
      ["PAYPLE_EGRESS"],
    );
    assert.equal((await workers.misspelt.payoutRequests(GROUP)).status, 500);
    assert.deepEqual(past, []);
  });
});

/**
 * The sandbox in Payple's place. It names itself as the host to call, as Payple names its own.
 *
 * @param {string} sandboxOrigin
 * @param {URL} url
 * @param {string} method
 * @param {[name: string, value: string][]} headers
 * @param {string} body
 */
async function fromPayple(sandboxOrigin, { pathname, search }, method, headers, body) {
  const wanted = headers.filter(([name]) =>
    ["authorization", "content-type", "referer"].includes(name),
  );
  const reply = await fetch(new URL(pathname + search, sandboxOrigin), {
    method,
    headers: wanted,
    body,
  });
  const text = (await reply.text()).replaceAll(
    sandboxOrigin.replaceAll("/", "\\/"),
    "https:\\/\\/cpay.payple.kr",
  );
  return { status: reply.status, text };
}
