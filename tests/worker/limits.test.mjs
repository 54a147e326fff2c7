// The limit of one person or program holds for every request that leaves an entry in the access
// record, also for one that is refused: nobody writes the record full, or keeps it busy.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { wholeRecord } from "./whole-record.mjs";
import { ADMIN_TOKEN, cookieOf, problemOf, roomInThisMinute, startWorkers } from "./workers.mjs";

/**
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { RequestHeaders, Workers } from "./workers.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";
const SAME_ORIGIN = { "Sec-Fetch-Site": "same-origin" };
const LIMIT = 20;
const TOKENS = Object.fromEntries(
  ["lookup", "audit", "person", "program", "expired", "show", "health", "visitor"].map((name) => [
    name,
    randomBytes(32).toString("base64url"),
  ]),
);
const NAMED_TOKENS = Object.entries(TOKENS).map(([name, token]) => ({
  name,
  kind: name === "program" ? "program" : "person",
  sha256: createHash("sha256").update(token).digest("hex"),
  roles: [name === "audit" ? "audit" : "lookup"],
  expires: name === "expired" ? "2026-01-01" : "2099-12-31",
}));

describe("the limit of one person or program", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  before(async () => {
    sandbox = await startSandbox();
    const plan = { origin: sandbox.origin, limit: LIMIT, settings: { NAMED_TOKENS } };
    workers = await startWorkers({ here: plan });
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });

  const bearer = (/** @type {string} */ token) => ({ Authorization: `Bearer ${token}` });
  const signIn = (/** @type {string} */ token) =>
    workers.here.post("/api/session", { token }, SAME_ORIGIN);
  /** How often `ask` is answered by each status, when it is sent twice as often as is allowed. */
  const statuses = async (/** @type {() => Promise<Response>} */ ask) => {
    await roomInThisMinute();
    /** @type {Record<number, number>} */
    const counts = {};
    for (let n = 0; n < 2 * LIMIT; n += 1) {
      const { status } = await ask();
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  };
  const entries = async () => (await wholeRecord(workers.here)).entries;

  test("holds for what their roles do not allow", async () => {
    const lookup = bearer(TOKENS.lookup);
    const audit = bearer(TOKENS.audit);
    for (const [headers, ask] of /** @type {[RequestHeaders, () => Promise<Response>][]} */ ([
      [lookup, () => workers.here.fetch("/api/access-records", { headers: lookup })],
      [audit, () => workers.here.payoutRequests(GROUP, audit)],
    ])) {
      const before = (await entries()).length;
      assert.deepEqual(await statuses(ask), { 403: LIMIT, 429: LIMIT });
      assert.equal((await entries()).length - before, LIMIT + 1, "and the reading of the record");
      assert.equal((await workers.here.fetch("/api/session", { headers })).status, 429);
    }
  });

  test("holds for signing in, by a person and by a program's token", async () => {
    assert.deepEqual(await statuses(() => signIn(TOKENS.person)), { 204: LIMIT, 429: LIMIT });
    assert.deepEqual(await statuses(() => signIn(TOKENS.program)), { 403: LIMIT, 429: LIMIT });
    const { kind } = await problemOf(await signIn(TOKENS.program));
    assert.equal(kind, "rate_limited");
  });

  test("holds for an expired token, and not for the one that follows it", async () => {
    const headers = bearer(TOKENS.expired);
    const ask = () => workers.here.payoutRequests(GROUP, headers);
    assert.deepEqual(await statuses(ask), { 401: LIMIT, 429: LIMIT });
    assert.equal((await signIn(TOKENS.expired)).status, 429);
  });

  test("holds for the keys of an action, each of which is an entry: a hundred are one use", async () => {
    await roomInThisMinute();
    const payerIds = Array.from({ length: 1_000 }, (_, n) => `key-${n}`);
    const headers = bearer(TOKENS.show);
    const show = (/** @type {string[]} */ keys) =>
      workers.here.post(
        "/api/actions",
        { action: "show", payerIds: keys, rows: keys.length },
        headers,
      );
    assert.equal((await show(payerIds)).status, 204);
    assert.equal((await show(payerIds)).status, 204);
    assert.equal((await show(payerIds.slice(0, 1))).status, 429, "ten each of twenty");
    assert.equal((await entries()).filter(({ task }) => task === "show").length, 2_000);
  });

  test("holds for what health tells who has signed in", async () => {
    await roomInThisMinute();
    const headers = bearer(TOKENS.health);
    for (let n = 1; n <= 2 * LIMIT; n += 1) {
      const { status, version } = await (await workers.here.fetch("/healthz", { headers })).json();
      assert.deepEqual([status, version !== undefined], ["ok", n <= LIMIT]);
    }
  });

  test("is not used up by pages of another site", async () => {
    await roomInThisMinute();
    const own = bearer(TOKENS.visitor);
    for (const site of ["cross-site", "same-site"]) {
      const headers = { ...own, "Sec-Fetch-Site": site };
      for (let n = 0; n < LIMIT; n += 1) {
        const response = await workers.here.fetch("/api/session", { headers });
        assert.deepEqual([response.status, (await problemOf(response)).kind], [403, "cross_site"]);
        const health = await (await workers.here.fetch("/healthz", { headers })).json();
        assert.deepEqual(health, { status: "ok", environment: "test" });
      }
    }
    // Typed into the address bar.
    const headers = { ...own, "Sec-Fetch-Site": "none" };
    assert.equal((await workers.here.fetch("/api/session", { headers })).status, 200);
  });

  test("keeps nobody from signing out, and no other one from anything", async () => {
    await roomInThisMinute();
    const Cookie = cookieOf(await signIn(ADMIN_TOKEN));
    const headers = { Cookie, ...SAME_ORIGIN };
    for (let n = 0; n < LIMIT; n += 1) await workers.here.fetch("/api/session", { headers });
    assert.equal((await workers.here.fetch("/api/session", { headers })).status, 429);
    const ended = await workers.here.fetch("/api/session", { method: "DELETE", headers });
    assert.equal(ended.status, 204);
  });
});
