// With the service binding PAYPLE_EGRESS everything goes to Payple through it, and nothing past it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { Response, startWorkers } from "./workers.mjs";

const GROUP = "Q0RSSkYzWUI3";
const CARD = "d0toSS9sT084bVJSNThScnFX";

describe("the egress binding", () => {
  let sandbox, workers;
  const seen = [];
  const past = [];
  before(async () => {
    sandbox = await startSandbox({ environment: "live", referers: ["shop.example"] });
    /** A merchant's relay: it knows where Payple is, whatever the address. */
    const relay = async (request) => {
      const url = new URL(request.url);
      seen.push({ origin: url.origin, referer: request.headers.get("Referer"), method: request.method });
      const reply = await fetch(new URL(url.pathname + url.search, sandbox.origin), {
        method: request.method,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      });
      // The sandbox names itself as the host to call; Payple would name its own.
      const text = (await reply.text()).replaceAll(sandbox.origin.replaceAll("/", "\\/"), "https:\\/\\/cpay.payple.kr");
      return new Response(text, { status: reply.status, headers: { "Content-Type": "application/json" } });
    };
    const live = { PAYPLE_ENVIRONMENT: "live", PAYPLE_REFERER: "https://shop.example" };
    const outbound = (request) => past.push(request.url) && new Response("no", { status: 500 });
    workers = await startWorkers({
      relayed: { settings: live, services: { PAYPLE_EGRESS: relay }, outbound },
      broken: { settings: live, services: { PAYPLE_EGRESS: () => { throw new Error("the relay is down"); } }, outbound },
      redirecting: { settings: live, services: { PAYPLE_EGRESS: () => new Response("", { status: 302, headers: { Location: "https://evil.example/" } }) }, outbound },
      misspelt: { settings: { ...live, PAYPLE_EGRESS: "https://relay.example" }, outbound },
    });
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });

  test("carries both services' calls, in live, with the registered Referer", async () => {
    assert.equal((await workers.relayed.payoutRequests(GROUP)).status, 200);
    const card = await workers.relayed.billingKey(CARD);
    assert.deepEqual([card.status, (await card.json()).type], [200, "card"]);

    assert.deepEqual(seen.map(({ origin }) => origin), ["https://hub.payple.kr", "https://hub.payple.kr", "https://cpay.payple.kr", "https://cpay.payple.kr"]);
    assert.deepEqual(seen.map(({ referer }) => referer), [null, null, "https://shop.example", "https://shop.example"]);
    assert.deepEqual(past, []);
  });

  test("is shown in /healthz", async () => {
    assert.equal((await (await workers.relayed.fetch("/healthz")).json()).egress, "binding");
  });

  test("that fails is no reason to go past it", async () => {
    const response = await workers.broken.payoutRequests(GROUP);
    assert.deepEqual([response.status, (await response.json()).kind], [503, "unavailable"]);
    assert.deepEqual(past, []);
  });

  test("cannot send a request elsewhere by a redirect", async () => {
    const response = await workers.redirecting.billingKey(CARD);
    assert.deepEqual([response.status, (await response.json()).kind], [502, "protocol"]);
    assert.deepEqual(past, []);
  });

  test("that is a text by mistake is a fault in the settings", async () => {
    const problem = await (await workers.misspelt.fetch("/healthz")).json();
    assert.deepEqual(problem.settings.map(({ name }) => name), ["PAYPLE_EGRESS"]);
    assert.equal((await workers.misspelt.payoutRequests(GROUP)).status, 500);
    assert.deepEqual(past, []);
  });
});
