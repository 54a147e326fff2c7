// Every fault through the Worker in real workerd; and the faults that have no key.

import assert from "node:assert/strict";
import { test } from "node:test";
import { closedPort } from "../closed-port.mjs";
import { startWorkers } from "../worker/workers.mjs";
import { playEveryFault } from "./suite.mjs";

/**
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Api, Plan } from "../worker/workers.mjs"
 * @import { Outcome, Question } from "./suite.mjs"
 */

playEveryFault({
  name: "the Worker",
  async open(sandboxes) {
    // Without KV: each Worker keeps its tokens in its own memory, from where they can be driven
    // out.
    /** @type {[string, Plan][]} */
    const plans = sandboxes.map(({ origin }, at) => [`lane${at}`, { origin, kv: false }]);
    const workers = await startWorkers(Object.fromEntries(plans));
    const lanes = sandboxes.map((sandbox, at) => {
      const worker = workers[`lane${at}`];
      return {
        lookUp: (/** @type {Question} */ question) => ask(worker, question),
        cool: () => driveOutTokens(worker, sandbox),
      };
    });
    return { lanes, close: workers.close };
  },
});

test("a refused connection is unavailable", async () => {
  const port = await closedPort();
  const workers = await startWorkers({ only: { origin: `http://127.0.0.1:${port}` } });

  for (const service of /** @type {Question["service"][]} */ (["hub", "cpay"])) {
    const { error } = await ask(workers.only, { service, key: "K" });
    assert.deepEqual([error?.kind, error?.phase, error?.status], ["unavailable", "token", 503]);
  }
  await workers.close();
});

/** @param {Api} worker @param {Question} question @returns {Promise<Outcome>} */
async function ask(worker, { service, key }) {
  const response =
    service === "hub" ? await worker.payoutRequests(key) : await worker.billingKey(key);
  const body = await response.json();
  if (response.status === 200) return { answer: body };
  assert.equal(response.headers.get("Content-Type"), "application/problem+json");
  assert.deepEqual([response.status, body.status], [STATUS[body.kind], STATUS[body.kind]]);
  return { error: body };
}

/**
 * Payple takes every token back and issues no other one: the Worker throws its own away and is as
 * at its start.
 * @param {Api} worker
 * @param {Sandbox} sandbox
 */
async function driveOutTokens(worker, sandbox) {
  sandbox.reset();
  sandbox.revokeTokens();
  sandbox.revokeAuthKeys();
  sandbox.queueFault({ endpoint: "token", fault: "T0300" });
  sandbox.queueFault({ endpoint: "auth", fault: "AUTH0003" });
  assert.equal((await ask(worker, { service: "hub", key: "EMPTY" })).error?.phase, "token");
  assert.equal((await ask(worker, { service: "cpay", key: "BK_CARD_001" })).error?.phase, "token");
}

/** By the contract. @type {Record<string, number>} */
const STATUS = {
  invalid_input: 400,
  rejected: 422,
  invalid_config: 500,
  internal: 500,
  authentication: 502,
  protocol: 502,
  unavailable: 503,
  timeout: 504,
};
