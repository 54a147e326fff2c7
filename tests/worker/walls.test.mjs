// The protections of live: a missing one is a fault, unless `ACCEPT_WITHOUT` names it; the admin
// token beside Access.

import assert from "node:assert/strict";
import { createSign, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import {
  ADMIN_TOKEN,
  cookieOf,
  eventually,
  LIVE,
  problemOf,
  Response,
  startWorkers,
} from "./workers.mjs";

/**
 * @import { Json } from "miniflare"
 * @import { AccessRecord, Problem } from "../../src/npm/js/models.d.ts"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { FetchHandler, Plan, Workers } from "./workers.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";
const SAME_ORIGIN = { "Sec-Fetch-Site": "same-origin" };
const AUD = "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2";
const ACCESS = { ACCESS_TEAM_DOMAIN: "team.cloudflareaccess.com", ACCESS_AUD: AUD };
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

describe("the protections of live", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  /** Requests to Payple. */
  let asked = 0;
  before(async () => {
    sandbox = await startSandbox({ environment: "live", referers: ["shop.example"] });
    /** @type {FetchHandler} */
    const relay = async (request) => {
      asked += 1;
      const reply = await fetch(new URL(new URL(request.url).pathname, sandbox.origin), {
        method: "POST",
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      });
      return new Response(await reply.text(), { status: reply.status });
    };
    const keys = () =>
      Response.json({
        keys: [{ kid: "k1", alg: "RS256", ...publicKey.export({ format: "jwk" }) }],
      });
    /** @type {(settings: Record<string, Json | undefined>, more?: Plan) => Plan} */
    const live = (settings, more = {}) => ({
      settings: { ...LIVE, ACCEPT_WITHOUT: undefined, ...ACCESS, ...settings },
      services: { PAYPLE_EGRESS: relay },
      outbound: keys,
      ...more,
    });
    workers = await startWorkers({
      whole: live({}),
      withoutTokens: live({}, { kv: false }),
      withoutLimit: live({}, { limit: false }),
      withoutRecords: live({}, { records: false }),
      textForRecords: live({ RECORDS: "yes" }, { records: false }),
      withoutAccess: live({ ACCESS_TEAM_DOMAIN: undefined, ACCESS_AUD: undefined }),
      withoutAny: live(
        { ACCESS_TEAM_DOMAIN: undefined, ACCESS_AUD: undefined },
        { kv: false, limit: false, records: false },
      ),
      acceptedAll: live(
        {
          ACCESS_TEAM_DOMAIN: undefined,
          ACCESS_AUD: undefined,
          ACCEPT_WITHOUT: ["TOKENS", "LOOKUP_LIMIT", "RECORDS", "ACCESS"],
        },
        { kv: false, limit: false, records: false },
      ),
      textForLimit: live({ LOOKUP_LIMIT: "600" }, { limit: false }),
      unknownWall: live({ ACCEPT_WITHOUT: "EVERYTHING" }),
      emergency: live({ ROLES: { ADMIN_TOKEN: ["lookup"], "*": ["lookup"] } }),
      faulty: live({ PAYPLE_CUST_KEY: "a b" }),
      unclear: live({ PAYPLE_ENVIRONMENT: "LIVE" }),
      inTest: { origin: sandbox.origin, kv: false, limit: false },
    });
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });

  const bearer = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const health = (/** @type {string} */ name) =>
    workers[name].fetch("/healthz", { headers: bearer });
  const told = async (/** @type {Response} */ response) => [
    response.status,
    (await problemOf(response)).kind,
  ];
  const assertion = () => {
    const part = (/** @type {unknown} */ value) =>
      Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = {
      iss: "https://team.cloudflareaccess.com",
      aud: [AUD],
      exp: Math.floor(Date.now() / 1_000) + 600,
      email: "clerk@shop.example",
    };
    const text = `${part({ alg: "RS256", kid: "k1" })}.${part(claims)}`;
    const signature = createSign("RSA-SHA256").update(text).sign(privateKey).toString("base64url");
    return { "Cf-Access-Jwt-Assertion": `${text}.${signature}`, ...SAME_ORIGIN };
  };

  test("with all of them up, a person who comes through Access can look up", async () => {
    assert.equal((await health("whole")).status, 200);
    assert.equal((await workers.whole.payoutRequests(GROUP, assertion())).status, 200);
  });

  test("a missing protection is a fault, and nothing is looked up", async () => {
    /** @type {[name: string, settings: string[]][]} */
    const missing = [
      ["withoutTokens", ["TOKENS"]],
      ["withoutLimit", ["LOOKUP_LIMIT"]],
      ["textForLimit", ["LOOKUP_LIMIT"]],
      ["withoutRecords", ["RECORDS"]],
      ["textForRecords", ["RECORDS"]],
      ["withoutAccess", ["ACCESS_TEAM_DOMAIN"]],
      ["withoutAny", ["TOKENS", "LOOKUP_LIMIT", "RECORDS", "ACCESS_TEAM_DOMAIN"]],
      ["unknownWall", ["ACCEPT_WITHOUT"]],
    ];
    for (const [name, settings] of missing) {
      const response = await health(name);
      /** @type {Problem} */
      const problem = await response.json();
      assert.equal(response.status, 503, name);
      assert.deepEqual(
        problem.settings?.map((setting) => setting.name),
        settings,
        name,
      );
      const before = asked;
      const headers = name === "withoutAccess" || name === "withoutAny" ? bearer : assertion();
      assert.deepEqual(await told(await workers[name].payoutRequests(GROUP, headers)), [
        500,
        "invalid_config",
      ]);
      assert.equal(asked, before);
    }
  });

  test("what ACCEPT_WITHOUT names is done without, and in test nothing is asked for", async () => {
    for (const name of ["acceptedAll", "inTest"]) {
      assert.equal((await health(name)).status, 200, name);
      assert.equal((await workers[name].payoutRequests(GROUP, bearer)).status, 200, name);
    }
  });

  test("beside Access the admin token opens nothing but what ROLES gives it", async () => {
    assert.deepEqual(await told(await workers.whole.payoutRequests(GROUP, bearer)), [
      403,
      "role_missing",
    ]);
    const signedIn = await workers.whole.post("/api/session", { token: ADMIN_TOKEN }, SAME_ORIGIN);
    const headers = { Cookie: cookieOf(signedIn), ...SAME_ORIGIN };
    assert.deepEqual(await told(await workers.whole.payoutRequests(GROUP, headers)), [
      403,
      "role_missing",
    ]);
    assert.equal((await workers.emergency.payoutRequests(GROUP, bearer)).status, 200);
  });

  test("each use of the admin token in live is recorded as an emergency, and no other", async () => {
    workers.clearLogs();
    await workers.emergency.payoutRequests(GROUP, assertion());
    await workers.emergency.payoutRequests(GROUP, bearer);
    await workers.whole.payoutRequests(GROUP, bearer);
    await workers.acceptedAll.post("/api/session", { token: ADMIN_TOKEN }, SAME_ORIGIN);
    await workers.inTest.payoutRequests(GROUP, bearer);
    await eventually(() => assert.equal(workers.events("request").length, 5));
    assert.deepEqual(
      workers.events("emergency").map(({ who, route }) => [who, route]),
      [
        ["admin", "payout-requests"],
        ["admin", "payout-requests"],
        ["admin", "session"],
      ],
    );
  });

  test("neither do credentials at fault keep an emergency off the record", async () => {
    for (const name of ["faulty", "unclear"]) {
      workers.clearLogs();
      const signedIn = await workers[name].post(
        "/api/session",
        { token: ADMIN_TOKEN },
        SAME_ORIGIN,
      );
      assert.equal(signedIn.status, 204);
      await eventually(() => assert.equal(workers.events("emergency").length, 1, name));
      const records = await workers.records(name);
      const order = { read: { chain: "people", filter: { subject_hashes: [] }, limit: 100 } };
      const people = await records
        .get(records.idFromName("people"))
        .fetch("https://records/", { method: "POST", body: JSON.stringify(order) });
      /** @type {{ entries: AccessRecord[] }} */
      const { entries } = await people.json();
      assert.deepEqual(
        entries.map(({ who, method, task, outcome }) => [who, method, task, outcome]),
        [["admin", "emergency", "sign_in", "ok"]],
        name,
      );
    }
  });

  test("live is reached by the host name before which Access stands alone", () => {
    const live = readFileSync(new URL("../../wrangler.toml", import.meta.url), "utf8")
      .split(/^(?=\[)/m)
      .find((section) => section.startsWith("[env.live]"));
    assert.ok(live);
    assert.match(live, /^workers_dev = false$/m);
    assert.match(live, /^preview_urls = false$/m);
  });
});
