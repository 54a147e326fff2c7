// The two look-ups through the Worker, and what they cost at Payple.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { faults, startSandbox } from "../../sandbox/index.mjs";
import { eventually, problemOf, startWorkers } from "./workers.mjs";

/**
 * @import { BillingKey, PayoutRequestGroup } from "../../src/npm/js/models.d.ts"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Workers } from "./workers.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";
const CARD = "d0toSS9sT084bVJSNThScnFX";
const ACCOUNT = "NS9qNTgzU2xRNHR2RmFBWWFBTWk5UT09";

describe("look-ups through the Worker", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  /** @type {Promise<Response>} */
  let slow;
  before(async () => {
    sandbox = await startSandbox({ trap: true });
    const { origin } = sandbox;
    workers = await startWorkers({
      warm: { origin },
      many: { origin },
      expiring: { origin },
      revoked: { origin },
      refused: { origin },
      hostile: { origin },
      odd: { origin },
      busy: { origin },
      logged: { origin },
      // Two isolates that share one KV namespace, as two locations do.
      first: { origin, kv: "shared" },
      second: { origin, kv: "shared" },
      slow: { origin },
    });
    // Ten seconds, while the other tests run.
    slow = workers.slow.payoutRequests("FAULT_SLOW_DRIP-1000");
    await eventually(() => assert.equal(sandbox.stats().calls.payout, 1));
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });
  beforeEach(() => sandbox.reset());

  test("a payout group has the contract's shape", async () => {
    const response = await workers.warm.payoutRequests(GROUP);
    /** @type {PayoutRequestGroup} */
    const group = await response.json();

    assert.equal(response.status, 200);
    assert.equal(response.headers.get("Content-Type"), "application/json");
    assert.equal(response.headers.get("Cache-Control"), "no-store");
    assert.deepEqual(
      [group.groupKey, group.total, group.count, group.requests.length],
      [GROUP, 4000, 4, 4],
    );
    assert.equal(group.review.consistent, true);
    assert.equal(typeof group.code, "string");
    const { cstId, amount, remainingLimit, billingTranId, requestedAt, requestedAtRaw } =
      group.requests[0];
    assert.equal(cstId, "test");
    assert.equal(typeof amount, "number");
    assert.equal(typeof remainingLimit, "number");
    assert.match(billingTranId, /./);
    assert.match(requestedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00$/);
    assert.match(requestedAtRaw, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });

  test("a billing key shows its card or its account", async () => {
    /** @type {BillingKey} */
    const card = await (await workers.warm.billingKey(CARD)).json();
    /** @type {BillingKey} */
    const account = await (await workers.warm.billingKey(ACCOUNT)).json();

    assert.ok(card.type === "card" && account.type === "transfer");
    assert.deepEqual(
      [card.type, card.payerId, Object.keys(card.card)],
      ["card", CARD, ["code", "name", "number"]],
    );
    assert.deepEqual(
      [account.type, account.payerId, Object.keys(account.bank)],
      ["transfer", ACCOUNT, ["code", "name", "number"]],
    );
  });

  test("twenty look-ups of each kind cost one token and one partner authentication", async () => {
    for (let n = 0; n < 20; n += 1) {
      assert.equal((await workers.many.payoutRequests(GROUP)).status, 200);
      assert.equal((await workers.many.billingKey(CARD)).status, 200);
    }

    const { tokens, partnerAuthentications, payoutLookups, billingKeyLookups } = sandbox.stats();
    assert.deepEqual(
      [tokens, partnerAuthentications, payoutLookups, billingKeyLookups],
      [1, 1, 20, 20],
    );
  });

  test("an expired token is replaced once", async () => {
    sandbox.setLifetimes({ tokenMs: 3_000, authMs: 3_000 });
    const both = async () =>
      [await workers.expiring.payoutRequests(GROUP), await workers.expiring.billingKey(CARD)].map(
        (r) => r.status,
      );
    assert.deepEqual(await both(), [200, 200]);
    const { tokens: tokensBefore, partnerAuthentications: authenticationsBefore } = sandbox.stats();
    await sleep(3_100);

    assert.deepEqual(await both(), [200, 200]);
    const { tokens, partnerAuthentications, calls } = sandbox.stats();
    assert.deepEqual(
      [tokensBefore, authenticationsBefore, tokens, partnerAuthentications],
      [1, 1, 2, 2],
    );
    // The hub says how long a token lives, so none is sent in vain; cpay does not.
    assert.deepEqual([calls.payout, calls.billing], [2, 3]);
  });

  test("a revoked token is replaced once", async () => {
    await workers.revoked.payoutRequests(GROUP);
    await workers.revoked.billingKey(CARD);
    sandbox.revokeTokens();
    sandbox.revokeAuthKeys();

    assert.equal((await workers.revoked.payoutRequests(GROUP)).status, 200);
    assert.equal((await workers.revoked.billingKey(CARD)).status, 200);
    assert.equal((await workers.revoked.payoutRequests(GROUP)).status, 200);
    const { tokens, partnerAuthentications } = sandbox.stats();
    assert.deepEqual([tokens, partnerAuthentications], [2, 2]);
  });

  test("a token revoked for good fails the look-up after exactly one replacement", async () => {
    sandbox.revokeTokens({ forGood: true });
    sandbox.revokeAuthKeys({ forGood: true });

    for (const response of [
      await workers.refused.payoutRequests(GROUP),
      await workers.refused.billingKey(CARD),
    ]) {
      const problem = await problemOf(response);
      assert.deepEqual(
        [response.status, problem.kind, problem.phase],
        [502, "authentication", "lookup"],
      );
    }
    assert.deepEqual(sandbox.stats().calls, { token: 2, payout: 2, auth: 2, billing: 2 });
  });

  test("an address that Payple never had gets no request", async () => {
    const hostile = faults.filter(
      ({ key, expect }) => /^FAULT_(HOST|PATH|RETURN_URL)/.test(key) && expect.kind === "protocol",
    );
    assert.ok(hostile.length > 15);
    const before = sandbox.stats().requests;
    for (const { key } of hostile) {
      sandbox.queueFault({ endpoint: "auth", fault: key, times: 1 });
      const response = await workers.hostile.billingKey(CARD);
      assert.deepEqual([response.status, (await problemOf(response)).kind], [502, "protocol"], key);
    }

    const { requests, trapRequests, calls, redirectsFollowed } = sandbox.stats();
    assert.deepEqual([trapRequests, calls.billing, redirectsFollowed], [0, 0, 0]);
    assert.equal(requests - before, hostile.length, "one authentication each, and nothing else");
  });

  test("a redirect is not followed", async () => {
    for (const fault of [
      "FAULT_REDIRECT_302",
      "FAULT_REDIRECT_307",
      "FAULT_REDIRECT_307_ELSEWHERE",
    ]) {
      for (const response of [
        await workers.hostile.payoutRequests(fault),
        await workers.hostile.billingKey(fault),
      ]) {
        assert.deepEqual(
          [response.status, (await problemOf(response)).kind],
          [502, "protocol"],
          fault,
        );
      }
    }
    const { trapRequests, redirectsFollowed } = sandbox.stats();
    assert.deepEqual([trapRequests, redirectsFollowed], [0, 0]);
  });

  test("every kind of failure has its status", async () => {
    /** @type {[key: string, status: number, kind: string][]} */
    const cases = [
      ["NO_SUCH_GROUP", 422, "rejected"],
      ["FAULT_401", 502, "authentication"],
      ["FAULT_T0996", 503, "unavailable"],
      ["FAULT_200_HTML", 502, "protocol"],
      ["FAULT_HUGE_BODY-17", 502, "protocol"],
      ["FAULT_GZIP_BOMB-17", 502, "protocol"],
      ["x".repeat(65), 400, "invalid_input"],
      ["", 400, "invalid_input"],
      ["line\nbreak", 400, "invalid_input"],
    ];
    for (const [key, status, kind] of cases) {
      const response = await workers.warm.payoutRequests(key);
      const problem = await problemOf(response);
      assert.equal(response.headers.get("Content-Type"), "application/problem+json");
      assert.deepEqual(
        [response.status, problem.status, problem.kind],
        [status, status, kind],
        key,
      );
      assert.match(problem.requestId, /^[0-9a-f]{32}$/);
      assert.ok(!("phase" in problem) === (kind === "invalid_input"), key);
    }
  });

  test("a token that no header can carry is sent nowhere", async () => {
    for (const fault of ["FAULT_TOKEN_CONTROL_CHARACTERS", "FAULT_TOKEN_NON_LATIN1"]) {
      sandbox.queueFault({ endpoint: "token", fault, times: 1 });
      const response = await workers.odd.payoutRequests(GROUP);
      assert.deepEqual(
        [response.status, (await problemOf(response)).kind],
        [502, "protocol"],
        fault,
      );
    }
    assert.equal(sandbox.stats().calls.payout, 0);
    assert.equal((await workers.odd.payoutRequests(GROUP)).status, 200);
  });

  test("two hundred at once all get their answer", async () => {
    const both = Array.from({ length: 100 }, () => [
      workers.busy.payoutRequests(GROUP),
      workers.busy.billingKey(CARD),
    ]);
    const statuses = (await Promise.all(both.flat())).map(({ status }) => status);
    assert.deepEqual(new Set(statuses), new Set([200]));
  });

  test("each leaves a line in the log, and an audit line", async () => {
    workers.clearLogs();
    await workers.logged.payoutRequests(GROUP);
    await workers.logged.payoutRequests(GROUP);
    await workers.logged.payoutRequests("NO_SUCH_GROUP");
    await eventually(() => assert.equal(workers.events("request").length, 3));

    const [first, second, third] = workers.events("request");
    assert.deepEqual(Object.keys(first), [
      "event",
      "requestId",
      "route",
      "status",
      "durationMs",
      "upstream",
    ]);
    assert.deepEqual(
      [first.route, first.status, first.upstream],
      ["payout-requests", 200, { authentications: 1, questions: 1, token: "new" }],
    );
    assert.deepEqual(second.upstream, { authentications: 0, questions: 1, token: "memory" });
    assert.deepEqual(
      [third.status, third.kind, third.phase, third.code],
      [422, "rejected", "lookup", "A0404"],
    );

    const audits = workers.events("audit");
    assert.deepEqual(
      audits.map(({ who, outcome }) => [who, outcome]),
      [
        ["admin", "ok"],
        ["admin", "ok"],
        ["admin", "rejected"],
      ],
    );
    assert.deepEqual(
      audits.map(({ requestId }) => requestId),
      [first, second, third].map(({ requestId }) => requestId),
    );
    assert.match(audits[0].what, /^[0-9a-f]{32}$/);
    assert.equal(audits[0].what, audits[1].what);
    assert.notEqual(audits[0].what, audits[2].what);
  });

  test("a token is shared by way of KV", async () => {
    await workers.first.payoutRequests(GROUP);
    await workers.first.billingKey(CARD);
    await eventually(async () =>
      assert.equal((await (await workers.kv("first")).list()).keys.length, 2),
    );

    assert.equal((await workers.second.payoutRequests(GROUP)).status, 200);
    assert.equal((await workers.second.billingKey(CARD)).status, 200);
    const { tokens, partnerAuthentications } = sandbox.stats();
    assert.deepEqual([tokens, partnerAuthentications], [1, 1]);
    await eventually(() =>
      assert.deepEqual(
        workers
          .events("request")
          .slice(-2)
          .map(({ upstream }) => upstream?.token),
        ["kv", "kv"],
      ),
    );
  });

  test("a time-out covers the body", async () => {
    const response = await slow;
    assert.deepEqual([response.status, (await problemOf(response)).kind], [504, "timeout"]);
  });
});
