// Who may do what: a table of callers and requests, each of which is made in workerd.

import assert from "node:assert/strict";
import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { ADMIN_TOKEN, cookieOf, problemOf, Response, startWorkers } from "./workers.mjs";

/**
 * @import { AccessRecords } from "../../src/npm/js/models.d.ts"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Api, FetchHandler, RequestHeaders, Workers } from "./workers.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";
const CARD = "d0toSS9sT084bVJSNThScnFX";
const TEAM = "team.cloudflareaccess.com";
const AUD = "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2";
const SAME_ORIGIN = { "Sec-Fetch-Site": "same-origin" };
const key = generateKeyPairSync("rsa", { modulusLength: 2048 });

/**
 * The role that each request needs, and what is answered where it is there.
 *
 * @typedef {(worker: Api, headers: RequestHeaders) => Promise<globalThis.Response>} Ask
 * @type {Record<string, [role: string | undefined, status: number, ask: Ask]>}
 */
const REQUESTS = {
  "a group": ["lookup", 200, (worker, headers) => worker.payoutRequests(GROUP, headers)],
  "a billing key": ["lookup", 200, (worker, headers) => worker.billingKey(CARD, headers)],
  "billing keys": [
    "lookup",
    200,
    (worker, headers) => worker.post("/api/billing-keys", { payerIds: [CARD] }, headers),
  ],
  "names shown": ["lookup", 204, action({ action: "show" })],
  "an export": ["export", 204, action({ action: "export", reason: "x" })],
  "a print": ["export", 204, action({ action: "print", reason: "x" })],
  "the record": [
    "audit",
    200,
    (worker, headers) => worker.fetch("/api/access-records", { headers }),
  ],
  "the record by subject": [
    "audit",
    200,
    (worker, headers) => worker.post("/api/access-records", { subject: CARD }, headers),
  ],
  "the record's summary": [
    "audit",
    200,
    (worker, headers) =>
      worker.fetch("/api/access-records/summary?from=2026-01-01&to=2026-12-31", { headers }),
  ],
  "the record printed": [
    "audit",
    204,
    (worker, headers) =>
      worker.post(
        "/api/actions",
        { action: "print", accessRecord: true, rows: 1, reason: "x" },
        headers,
      ),
  ],
  "who am I": [undefined, 200, (worker, headers) => worker.fetch("/api/session", { headers })],
};

/** @type {Record<string, string>} */
const tokens = {};
const named = (
  /** @type {string} */ name,
  /** @type {string} */ kind,
  /** @type {string[]} */ roles,
  expires = "2099-12-31",
) => {
  tokens[name] = randomBytes(32).toString("base64url");
  const sha256 = createHash("sha256").update(tokens[name]).digest("hex");
  return { name, kind, sha256, roles, expires };
};
const NAMED_TOKENS = [
  named("clerk", "person", ["lookup"]),
  named("manager", "person", ["lookup", "export"]),
  named("auditor", "person", ["audit"]),
  named("all", "person", ["lookup", "export", "audit"]),
  named("batch", "program", ["lookup"]),
  named("reporter", "program", ["audit"]),
  named("exporter", "program", ["export"]),
  named("gone", "person", ["lookup", "export", "audit"], "2020-01-01"),
  named("gone-batch", "program", ["lookup"], "2020-01-01"),
];
const ROLES = {
  "manager@shop.example": ["lookup", "export"],
  auditors: ["audit"],
  "erp.access": ["lookup"],
};

describe("roles", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  before(async () => {
    sandbox = await startSandbox();
    /** @type {FetchHandler} */
    const outbound = async (request) => {
      if (!request.url.startsWith(sandbox.origin)) {
        const { publicKey } = key;
        const jwk = { kid: "k1", alg: "RS256", use: "sig", ...publicKey.export({ format: "jwk" }) };
        return Response.json({ keys: [jwk] });
      }
      const reply = await fetch(request.url, {
        method: request.method,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      });
      const headers = { "Content-Type": reply.headers.get("Content-Type") ?? "" };
      return new Response(await reply.text(), { status: reply.status, headers });
    };
    const plan = { origin: sandbox.origin, outbound, records: "byToken" };
    workers = await startWorkers({
      byToken: { ...plan, settings: { NAMED_TOKENS } },
      byAccess: {
        ...plan,
        settings: { ADMIN_TOKEN: undefined, ACCESS_TEAM_DOMAIN: TEAM, ACCESS_AUD: AUD, ROLES },
      },
    });
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });

  const bearer = (/** @type {string} */ token) => ({ Authorization: `Bearer ${token}` });
  const cookie = async (/** @type {string} */ token) => {
    const response = await workers.byToken.post("/api/session", { token }, SAME_ORIGIN);
    assert.equal(response.status, 204);
    return { Cookie: cookieOf(response), ...SAME_ORIGIN };
  };
  const asserted = (/** @type {object} */ claims, seconds = 3_600) => ({
    "Cf-Access-Jwt-Assertion": jwt(claims, seconds),
    ...SAME_ORIGIN,
  });
  /** Makes every request, and holds each answer to the roles. */
  const holds = async (
    /** @type {Api} */ worker,
    /** @type {RequestHeaders} */ headers,
    /** @type {string[]} */ roles,
    /** @type {unknown[] | undefined} */ refusal = undefined,
  ) => {
    for (const [what, [role, status, ask]] of Object.entries(REQUESTS)) {
      const response = await ask(worker, headers);
      const isAllowed = role === undefined || roles.includes(role);
      const expected = refusal ?? (isAllowed ? [status] : [403, "role_missing", role]);
      /** @type {unknown[]} */
      const told = [response.status];
      if (response.status >= 400) {
        const problem = await problemOf(response);
        told.push(problem.kind);
        if (expected.length > 2) {
          assert.ok(problem.detail.includes(`the role ${role}`), what);
          told.push(role);
        }
      }
      assert.deepEqual(told, expected, what);
    }
  };

  for (const { name, kind, roles, expires } of NAMED_TOKENS)
    test(`${kind} ${name}, by a token`, async () => {
      const isOver = expires < "2026";
      const refusal = isOver ? [401, "not_signed_in"] : undefined;
      await holds(workers.byToken, bearer(tokens[name]), roles, refusal);
      if (kind === "person" && !isOver)
        await holds(workers.byToken, await cookie(tokens[name]), roles);
    });

  test("the admin token, which has every role in test", async () => {
    const all = ["lookup", "export", "audit"];
    await holds(workers.byToken, bearer(ADMIN_TOKEN), all);
    await holds(workers.byToken, await cookie(ADMIN_TOKEN), all);
  });

  test("people and programs by Access: by e-mail, by group, and those that no line names", async () => {
    const email = (/** @type {string} */ name) => ({ email: `${name}@shop.example` });
    const { byAccess } = workers;
    await holds(byAccess, asserted(email("manager")), ["lookup", "export"]);
    await holds(byAccess, asserted({ ...email("kim"), groups: ["auditors"] }), ["audit"]);
    await holds(byAccess, asserted(email("stranger")), []);
    await holds(byAccess, asserted({ common_name: "erp.access", sub: "" }), ["lookup"]);
  });

  test("nobody, a wrong token, and an expired assertion", async () => {
    const refusal = [401, "not_signed_in"];
    await holds(workers.byToken, {}, [], refusal);
    await holds(workers.byToken, bearer(randomBytes(32).toString("base64url")), [], refusal);
    await holds(workers.byAccess, SAME_ORIGIN, [], refusal);
    await holds(workers.byAccess, asserted({ email: "manager@shop.example" }, -60), [], refusal);
    // Of one Worker alone.
    await holds(workers.byAccess, { ...bearer(tokens.all), ...SAME_ORIGIN }, [], refusal);
  });

  test("each refusal for want of a role is on the record, with who and what", async () => {
    const headers = bearer(tokens.auditor);
    const response = await workers.byToken.fetch("/api/access-records?limit=1000", { headers });
    /** @type {AccessRecords} */
    const { records } = await response.json();
    const refused = records.filter(({ outcome }) => outcome === "role_missing");
    const of = (/** @type {string} */ who) =>
      new Set(refused.filter((r) => r.who === who).map(({ task }) => task));
    assert.deepEqual(
      of("program reporter"),
      new Set(["print", "export", "show", "billing_key", "payout_requests"]),
    );
    assert.deepEqual(of("person clerk"), new Set(["read_records", "print", "export"]));
    assert.ok(refused.every(({ subject, reason, rows }) => !subject && !reason && !rows));
  });
});

/** @returns {Ask} */
function action(/** @type {object} */ what) {
  const body = { ...what, groupKey: GROUP, rows: 4 };
  return (worker, headers) => worker.post("/api/actions", body, headers);
}

function jwt(/** @type {object} */ claims, /** @type {number} */ seconds) {
  const now = Math.floor(Date.now() / 1_000);
  const usual = {
    iss: `https://${TEAM}`,
    aud: [AUD],
    sub: "7335d417",
    type: "app",
    nbf: now - 900,
  };
  const part = (/** @type {unknown} */ value) =>
    Buffer.from(JSON.stringify(value)).toString("base64url");
  const payload = { ...usual, iat: now - 900, exp: now + seconds, ...claims };
  const text = `${part({ alg: "RS256", kid: "k1", typ: "JWT" })}.${part(payload)}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(key.privateKey).toString("base64url")}`;
}
