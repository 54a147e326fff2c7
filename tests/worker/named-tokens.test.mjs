// Tokens with a name, roles and an expiry: for programs, and for people where there is no Access.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startSandbox } from "../../sandbox/index.mjs";
import { ADMIN_TOKEN, cookieOf, eventually, problemOf, startWorkers } from "./workers.mjs";

/**
 * @import { Json } from "miniflare"
 * @import { AccessRecords, Session } from "../../src/npm/js/models.d.ts"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { RequestHeaders, Workers } from "./workers.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";
const SAME_ORIGIN = { "Sec-Fetch-Site": "same-origin" };
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const TOKENS = Object.fromEntries(
  ["batch", "batchNext", "clerk", "auditor", "former", "stranger"].map((name) => [
    name,
    randomBytes(32).toString("base64url"),
  ]),
);
const entry = (/** @type {string} */ token, changes = {}) => ({
  name: "billing-batch",
  kind: "program",
  sha256: createHash("sha256").update(token).digest("hex"),
  roles: ["lookup"],
  expires: "2099-12-31",
  ...changes,
});
const yesterday = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
const CLERK = entry(TOKENS.clerk, { name: "김하나", kind: "person", roles: ["lookup", "export"] });
const NAMED = [
  entry(TOKENS.batch),
  entry(TOKENS.batchNext, { roles: ["lookup", "audit"] }),
  CLERK,
  entry(TOKENS.auditor, { name: "auditor", kind: "person", roles: ["audit"] }),
  entry(TOKENS.former, { name: "former", kind: "person", expires: yesterday }),
];

describe("named tokens", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  before(async () => {
    sandbox = await startSandbox();
    const { origin } = sandbox;
    const plan = (/** @type {Json} */ tokens, more = {}) => ({
      origin,
      settings: { ADMIN_TOKEN: undefined, NAMED_TOKENS: tokens, ...more },
    });
    workers = await startWorkers({
      named: plan(JSON.stringify(NAMED)),
      // As `wrangler.toml` can write it: a list, not a text.
      listed: plan(NAMED),
      // The clerk has left, or their time is over.
      without: plan(JSON.stringify(NAMED.filter(({ name }) => name !== CLERK.name))),
      over: plan(JSON.stringify([{ ...CLERK, expires: yesterday }])),
      demoted: plan(JSON.stringify([{ ...CLERK, roles: ["audit"] }])),
      turned: {
        ...plan(JSON.stringify([{ ...CLERK, kind: "program" }])),
        records: "named",
      },
      programsAlone: plan(JSON.stringify([NAMED[0]]), { SESSION_SECRET: undefined }),
      malformed: plan(JSON.stringify([{ ...CLERK, canary: "canary" }]), { ADMIN_TOKEN }),
      tooMany: plan(JSON.stringify([TOKENS.batch, "canary", "x"].map((token) => entry(token))), {
        ADMIN_TOKEN,
      }),
      empty: plan("[]"),
      limited: { ...plan(JSON.stringify(NAMED)), limit: 100 },
    });
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });

  const bearer = (/** @type {string} */ token, /** @type {RequestHeaders} */ more = {}) => ({
    Authorization: `Bearer ${token}`,
    ...more,
  });
  const signIn = (/** @type {string} */ token, worker = workers.named) =>
    worker.post("/api/session", { token }, SAME_ORIGIN);
  const sessionOf = (/** @type {Response} */ response) => ({
    Cookie: cookieOf(response),
    ...SAME_ORIGIN,
  });
  /** @returns {Promise<Session>} */
  const whoAmI = async (/** @type {RequestHeaders} */ headers, worker = workers.named) =>
    (await worker.fetch("/api/session", { headers })).json();
  const told = async (/** @type {Response} */ response) => [
    response.status,
    (await problemOf(response)).kind,
  ];

  test("a program is let in by its token, with its roles, and the audit line names it", async () => {
    workers.clearLogs();
    for (const worker of [workers.named, workers.listed, workers.programsAlone])
      assert.equal((await worker.payoutRequests(GROUP, bearer(TOKENS.batch))).status, 200);
    assert.deepEqual(await whoAmI(bearer(TOKENS.batch)), {
      environment: "test",
      method: "token",
      kind: "program",
      subject: "billing-batch",
      roles: ["lookup"],
      exportReason: "required",
    });
    await eventually(() =>
      assert.deepEqual(
        workers.events("audit").map(({ who }) => who),
        Array(3).fill("program billing-batch"),
      ),
    );
    assert.deepEqual(
      await told(await workers.named.payoutRequests(GROUP, bearer(TOKENS.stranger))),
      [401, "not_signed_in"],
    );
  });

  test("two of one name are let in at once, so that a token is changed without an outage", async () => {
    for (const token of [TOKENS.batch, TOKENS.batchNext]) {
      assert.equal((await workers.named.payoutRequests(GROUP, bearer(token))).status, 200);
      assert.equal((await whoAmI(bearer(token))).subject, "billing-batch");
    }
  });

  test("a program begins no session", async () => {
    const response = await signIn(TOKENS.batch);
    assert.equal(response.headers.get("Set-Cookie"), null);
    assert.deepEqual(await told(response), [403, "role_missing"]);
  });

  test("a person signs in, and the session has their name and roles", async () => {
    const headers = sessionOf(await signIn(TOKENS.clerk));
    assert.equal((await workers.named.payoutRequests(GROUP, headers)).status, 200);
    const { subject, kind, roles } = await whoAmI(headers);
    assert.deepEqual([subject, kind, roles], ["김하나", "person", ["lookup", "export"]]);
  });

  test("a session ends with its token, and changes with its roles", async () => {
    const headers = sessionOf(await signIn(TOKENS.clerk));
    for (const worker of [workers.without, workers.over])
      assert.deepEqual(await told(await worker.payoutRequests(GROUP, headers)), [
        401,
        "not_signed_in",
      ]);
    assert.deepEqual(await told(await workers.demoted.payoutRequests(GROUP, headers)), [
      403,
      "role_missing",
    ]);
    assert.deepEqual((await whoAmI(headers, workers.demoted)).roles, ["audit"]);
  });

  test("a session ends where its token becomes a program's", async () => {
    const headers = sessionOf(await signIn(TOKENS.clerk));
    for (const how of ["GET", "DELETE"])
      await workers.named.fetch("/api/session", { method: how, headers });
    assert.deepEqual(await told(await workers.turned.payoutRequests(GROUP, headers)), [
      401,
      "not_signed_in",
    ]);
    const program = await workers.turned.payoutRequests(GROUP, bearer(TOKENS.clerk));
    assert.equal(program.status, 200);
  });

  test("without the role nothing is looked up, and Payple is not asked", async () => {
    const before = sandbox.stats().requests;
    for (const headers of [bearer(TOKENS.auditor), sessionOf(await signIn(TOKENS.auditor))]) {
      assert.deepEqual(await told(await workers.named.payoutRequests(GROUP, headers)), [
        403,
        "role_missing",
      ]);
      assert.deepEqual(await told(await workers.named.billingKey("x", headers)), [
        403,
        "role_missing",
      ]);
    }
    assert.equal(sandbox.stats().requests, before);
  });

  test("an expired token is answered as such, and does not count as a wrong one of its address", async () => {
    const from = { "CF-Connecting-IP": "203.0.113.9" };
    for (let n = 0; n < 70; n += 1) {
      const response = await workers.limited.payoutRequests(GROUP, bearer(TOKENS.former, from));
      const { kind, detail } = await problemOf(response);
      assert.deepEqual([response.status, kind], [401, "not_signed_in"]);
      assert.match(detail, /expired/);
    }
    assert.equal((await signIn(TOKENS.former)).status, 401);
  });

  test("whose token it was is on the record, though its time is over", async () => {
    assert.equal((await signIn(TOKENS.former, workers.over)).status, 401);
    await workers.named.payoutRequests(GROUP, bearer(TOKENS.former));
    await workers.named.fetch("/healthz", { headers: bearer(TOKENS.former) });
    const response = await workers.named.fetch("/api/access-records?who=former", {
      headers: bearer(TOKENS.auditor),
    });
    /** @type {AccessRecords} */
    const { records } = await response.json();
    const [by, ...others] = records.map(({ chain, who, method, task, outcome }) =>
      [chain, who, method, task, outcome].join(),
    );
    assert.equal(by, "refused,person former,token,sign_in,not_signed_in");
    assert.ok(others.length > 0 && others.every((other) => other === by));
  });

  test("what is malformed is a fault, and none of it is shown", async () => {
    for (const name of ["malformed", "tooMany"]) {
      const response = await workers[name].fetch("/healthz", { headers: bearer(ADMIN_TOKEN) });
      const text = await response.text();
      assert.equal(response.status, 503, name);
      assert.ok(text.includes("NAMED_TOKENS"), text);
      assert.doesNotMatch(text, /canary|김하나|billing-batch/);
    }
    assert.equal((await workers.empty.fetch("/healthz")).status, 503);
    assert.deepEqual(await told(await workers.empty.payoutRequests(GROUP, {})), [
      503,
      "sign_in_not_configured",
    ]);
  });

  test("npm run token makes a token and the entry that lets it in", async () => {
    const run = (/** @type {string[]} */ ...args) =>
      promisify(execFile)(process.execPath, [join(root, "pkg-scripts/run/token.mjs"), ...args]);
    const { stdout, stderr } = await run("--name", "erp", "--roles", "lookup,audit", "--days", "1");
    const [, text] = stderr.match(/^ {2}(\{.*\})$/m) ?? [];
    const made = JSON.parse(text);
    assert.deepEqual([made.name, made.kind, made.roles], ["erp", "program", ["lookup", "audit"]]);

    const extra = await startWorkers({
      own: {
        origin: sandbox.origin,
        settings: { ADMIN_TOKEN: undefined, NAMED_TOKENS: JSON.stringify([made]) },
      },
      plain: {
        origin: sandbox.origin,
        settings: { ADMIN_TOKEN: (await run()).stdout.trim() },
      },
    });
    try {
      const response = await extra.own.payoutRequests(GROUP, bearer(stdout.trim()));
      assert.equal(response.status, 200);
      assert.equal((await extra.plain.fetch("/healthz")).status, 200);
    } finally {
      await extra.close();
    }
    for (const wrong of [
      ["--kind", "person"],
      ["--name", "a b"],
      ["--name", "a", "--kind", "admin"],
      ["--name", "a", "--roles", "all"],
      ["--name", "a", "--days", "0"],
      ["--unknown"],
    ])
      await assert.rejects(run(...wrong), { code: 1 });
  });
});
