// Sign-in by Cloudflare Access: the assertions that are let in, and all the others.

import assert from "node:assert/strict";
import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandbox } from "../../sandbox/index.mjs";
import { ADMIN_TOKEN, eventually, problemOf, Response, startWorkers } from "./workers.mjs";

/**
 * @import { KeyObject } from "node:crypto"
 * @import { Response as ServiceResponse } from "miniflare"
 * @import { Session } from "../../src/npm/js/models.d.ts"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Api, FetchHandler, RequestHeaders, Workers } from "./workers.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";
const ISSUER = "https://team.cloudflareaccess.com";
const AUD = "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2";
const SETTINGS = {
  ADMIN_TOKEN: undefined,
  ACCESS_TEAM_DOMAIN: "team.cloudflareaccess.com",
  ACCESS_AUD: AUD,
};
const ROLES = {
  "clerk@shop.example": ["lookup", "export"],
  auditors: ["audit"],
  "erp.access": ["lookup"],
};
/** @type {RequestHeaders} */
const SAME_ORIGIN = { "Sec-Fetch-Site": "same-origin" };

const pair = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const [first, second, foreign] = [pair(), pair(), pair()];
const small = generateKeyPairSync("rsa", { modulusLength: 1024 });

describe("sign-in by Cloudflare Access", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  /**
   * What the team publishes, or its status without, and how often it was asked for by each Worker.
   *
   * @type {object[] | number | (() => Promise<ServiceResponse>)}
   */
  let published;
  /** @type {Record<string, number>} */
  const asked = {};
  /** @type {(name: string) => FetchHandler} */
  const team = (name) => (request) => {
    asked[name] = (asked[name] ?? 0) + 1;
    assert.equal(request.url, `${ISSUER}/cdn-cgi/access/certs`);
    if (typeof published === "function") return published();
    return typeof published === "number"
      ? new Response("no", { status: published })
      : Response.json({ keys: published });
  };
  before(async () => {
    sandbox = await startSandbox();
    const { origin } = sandbox;
    const plan = (/** @type {string} */ name) => ({
      origin,
      settings: SETTINGS,
      outbound: reach(origin, team(name)),
    });
    workers = await startWorkers({
      known: plan("known"),
      failing: plan("failing"),
      empty: plan("empty"),
      byPlatform: { ...plan("byPlatform"), access: true },
      flooded: plan("flooded"),
      crowded: plan("crowded"),
      // An hour of the keys' life passes in half a second there, a day in twelve.
      renewing: { ...plan("renewing"), build: "target/faces/worker-panics" },
      withRoles: { ...plan("withRoles"), settings: { ...SETTINGS, ROLES: JSON.stringify(ROLES) } },
      withRolesByPlatform: {
        ...plan("withRolesByPlatform"),
        // As `wrangler.toml` can write it: an object, not a text.
        settings: { ...SETTINGS, ROLES },
        access: true,
      },
      unconfigured: { origin, access: true },
      both: {
        origin,
        settings: { ...SETTINGS, ADMIN_TOKEN },
        outbound: reach(origin, team("both")),
      },
    });
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });

  const lookUp = (
    /** @type {Api} */ worker,
    /** @type {string | undefined} */ assertion = undefined,
    headers = SAME_ORIGIN,
  ) =>
    worker.payoutRequests(GROUP, {
      ...headers,
      ...(assertion && { "Cf-Access-Jwt-Assertion": assertion }),
    });
  const status = async (/** @type {Parameters<typeof lookUp>} */ ...args) =>
    (await lookUp(...args)).status;

  test("a good assertion is let in, and its keys are fetched once", async () => {
    published = [jwk("k1", first), jwk("k2", second)];
    assert.equal(await status(workers.known, jwt()), 200);
    assert.equal(await status(workers.known, jwt({ header: { kid: "k2" }, by: second })), 200);
    assert.equal(await status(workers.known, jwt({ claims: { aud: AUD } })), 200);
    assert.equal(asked.known, 1);
  });

  test("every other assertion is turned away", async () => {
    const now = Math.floor(Date.now() / 1_000);
    const good = jwt();
    const publicPem = first.publicKey.export({ type: "spki", format: "pem" });
    const hs256 = (/** @type {string | Buffer} */ key) =>
      signed({ alg: "HS256", kid: "k1" }, claims(), (text) =>
        createHmac("sha256", key).update(text).digest(),
      );
    const bad = {
      "none at all": undefined,
      "no text": "",
      "no assertion": "x.y.z",
      "alg none without a signature": signed({ alg: "none", kid: "k1" }, claims(), () =>
        Buffer.alloc(0),
      ),
      "alg none with a signature": jwt({ header: { alg: "none" } }),
      "HS256 with the public key": hs256(publicPem),
      "HS256 with the public key's bytes": hs256(
        first.publicKey.export({ type: "spki", format: "der" }),
      ),
      "HS256 with the modulus": hs256(String(first.publicKey.export({ format: "jwk" }).n)),
      RS512: signed({ alg: "RS512", kid: "k1" }, claims(), (text) =>
        createSign("RSA-SHA512").update(text).sign(first.privateKey),
      ),
      "signed with a foreign key": jwt({ by: foreign }),
      "signed with the team's other key": jwt({ by: second }),
      "an unknown key id": jwt({ header: { kid: "k9" }, by: foreign }),
      "no key id": jwt({ header: { kid: undefined } }),
      "its own key": jwt({ header: { jwk: jwk("k1", foreign) }, by: foreign }),
      "a critical extension": jwt({ header: { crit: ["exp"] } }),
      "wrong aud": jwt({ claims: { aud: ["other"] } }),
      "no aud": jwt({ claims: { aud: undefined } }),
      "wrong iss": jwt({ claims: { iss: "https://evil.cloudflareaccess.com" } }),
      expired: jwt({ claims: { exp: now - 31 } }),
      "without an end": jwt({ claims: { exp: undefined } }),
      "not yet good": jwt({ claims: { nbf: now + 60 } }),
      "cut off": good.slice(0, -1),
      "another payload": [
        good.split(".")[0],
        part({ ...claims(), email: "boss@shop.example" }),
        good.split(".")[2],
      ].join("."),
      "without its signature": good.replace(/[^.]+$/, ""),
      "two in one": `${good}, ${good}`,
    };
    /** @type {Record<string, string>} */
    const answers = {};
    for (const [what, assertion] of Object.entries(bad)) {
      const response = await lookUp(workers.known, assertion);
      answers[what] = `${response.status} ${(await problemOf(response)).kind}`;
    }
    assert.deepEqual(
      answers,
      Object.fromEntries(Object.keys(bad).map((what) => [what, "401 not_signed_in"])),
    );
    assert.equal(asked.known, 1, "made-up key ids are no reason to ask again so soon");
    assert.equal(
      await status(workers.known, jwt({ claims: { exp: now - 5, nbf: now + 5 } })),
      200,
      "clocks may differ a little",
    );
  });

  test("an assertion counts only for requests of our own pages", async () => {
    /** @type {RequestHeaders[]} */
    const elsewhere = [{}, { "Sec-Fetch-Site": "cross-site" }, { Origin: "https://evil.example" }];
    for (const headers of elsewhere) {
      assert.equal(await status(workers.known, jwt(), headers), 403);
    }
    assert.equal(await status(workers.known, jwt(), { Origin: workers.known.origin }), 200);
  });

  test("keys that cannot be fetched let nobody in, and are fetched again", async () => {
    published = 500;
    const response = await lookUp(workers.failing, jwt());
    assert.deepEqual(
      [response.status, (await problemOf(response)).kind],
      [503, "sign_in_unavailable"],
    );
    published = [jwk("k1", first)];
    await eventually(async () => assert.equal(await status(workers.failing, jwt()), 200));
    assert.equal(asked.failing, 2);
  });

  test("many forged assertions at once cause one fetch, and so do many good ones", async () => {
    published = async () => {
      await sleep(200);
      return Response.json({ keys: [jwk("k1", first)] });
    };
    const forged = Array.from({ length: 50 }, (_, n) =>
      status(workers.flooded, jwt({ header: { kid: `made-up-${n}` }, by: foreign })),
    );
    assert.deepEqual(await Promise.all(forged), Array(50).fill(401));
    assert.equal(asked.flooded, 1);
    const good = Array.from({ length: 50 }, () => status(workers.crowded, jwt()));
    assert.deepEqual(await Promise.all(good), Array(50).fill(200));
    assert.equal(asked.crowded, 1);
  });

  test("keys are renewed behind the answer: a server that hangs holds no good sign-in up", async () => {
    published = [jwk("k1", first)];
    assert.equal(await status(workers.renewing, jwt()), 200);
    await sleep(600);
    let isAsked = false;
    published = () => {
      isAsked = true;
      return new Promise(() => {});
    };
    for (let n = 0; n < 5; n += 1) {
      const startedMs = performance.now();
      assert.equal(await status(workers.renewing, jwt()), 200);
      // The keys are waited for five seconds.
      assert.ok(performance.now() - startedMs < 4_500);
    }
    await eventually(() => assert.ok(isAsked));
  });

  test("keys that cannot be renewed for a day are no longer believed", async () => {
    published = [jwk("k1", first)];
    await eventually(async () => {
      const before = asked.renewing;
      assert.equal(await status(workers.renewing, jwt()), 200);
      assert.ok(asked.renewing > before, "renewed just now");
    });
    published = 500;
    await sleep(1_000);
    assert.equal(await status(workers.renewing, jwt()), 200, "while they are young enough");
    await sleep(12_000);
    assert.equal(await status(workers.renewing, jwt()), 503);
  });

  test("keys of no use are none", async () => {
    published = [
      { ...jwk("k1", first), alg: "RS512" },
      { kid: "k1", kty: "EC" },
      jwk("k1", small),
      { kid: "k1", kty: "RSA" },
    ];
    assert.equal(await status(workers.empty, jwt()), 503);
    assert.equal(await status(workers.empty, jwt({ by: small })), 503);
    // And hide none that is.
    published = [{ ...jwk("k1", second), kid: undefined }, jwk("k1", first)];
    await eventually(async () => assert.equal(await status(workers.empty, jwt()), 200));
  });

  test("who is signed in is told, and logged beside the keyed hash of what was looked up", async () => {
    workers.clearLogs();
    const session = await (
      await workers.known.fetch("/api/session", { headers: { "Cf-Access-Jwt-Assertion": jwt() } })
    ).json();
    assert.deepEqual([session.method, session.subject], ["access", "clerk@shop.example"]);
    await lookUp(workers.known, jwt());
    await eventually(() => assert.ok(workers.events("audit").length > 0));
    const [audit] = workers.events("audit");
    assert.equal(audit.who, "person clerk@shop.example");
    assert.match(audit.what, /^[0-9a-f]{32}$/);
  });

  test("what the platform says is enough, for our own application", async () => {
    const says = (/** @type {string} */ aud, /** @type {object} */ identity) => ({
      ...SAME_ORIGIN,
      "MF-Access-Blob": JSON.stringify({ app_aud: aud, jwt_claims: identity }),
    });
    const clerk = says(AUD, { email: "clerk@shop.example", user_uuid: "uuid-1" });
    assert.equal(await status(workers.byPlatform, undefined, clerk), 200);
    assert.equal(
      (await (await workers.byPlatform.fetch("/api/session", { headers: clerk })).json()).subject,
      "clerk@shop.example",
    );
    assert.equal(
      await status(workers.byPlatform, undefined, { ...clerk, "Sec-Fetch-Site": "cross-site" }),
      403,
    );
    assert.equal(
      await status(workers.byPlatform, undefined, { "MF-Access-Blob": clerk["MF-Access-Blob"] }),
      403,
    );
    assert.equal(
      await status(
        workers.byPlatform,
        undefined,
        says("another application", { email: "clerk@shop.example" }),
      ),
      401,
    );
    assert.equal(
      await status(workers.byPlatform, undefined, says(AUD, {})),
      401,
      "nobody in particular is nobody",
    );
    assert.equal(await status(workers.byPlatform), 401);
    assert.equal(
      await status(workers.unconfigured, undefined, clerk),
      401,
      "no Access is configured here",
    );
  });

  test("ROLES says who may do what, by name and by group", async () => {
    published = [jwk("k1", first)];
    const whoAmI = async (/** @type {Api} */ worker, /** @type {RequestHeaders} */ headers) => {
      const response = await worker.fetch("/api/session", { headers });
      /** @type {Session} */
      const { kind, subject, roles } = await response.json();
      return [kind, subject, roles.join()];
    };
    const assertion = (/** @type {object} */ changes) => ({
      "Cf-Access-Jwt-Assertion": jwt({ claims: changes }),
    });
    const program = { email: undefined, sub: "", common_name: "erp.access" };
    for (const [changes, expected] of [
      [{}, ["person", "clerk@shop.example", "lookup,export"]],
      [{ email: "Clerk@Shop.example" }, ["person", "Clerk@Shop.example", "lookup,export"]],
      [{ groups: ["auditors"] }, ["person", "clerk@shop.example", "lookup,export,audit"]],
      [
        { email: "audit@shop.example", custom: { groups: ["auditors"] } },
        ["person", "audit@shop.example", "audit"],
      ],
      [{ email: "new@shop.example" }, ["person", "new@shop.example", ""]],
      [program, ["program", "erp.access", "lookup"]],
    ])
      assert.deepEqual(await whoAmI(workers.withRoles, assertion(changes)), expected);
    assert.deepEqual(await whoAmI(workers.known, assertion({})), [
      "person",
      "clerk@shop.example",
      "lookup",
    ]);

    assert.equal(await status(workers.withRoles, jwt()), 200);
    for (const changes of [
      { email: "new@shop.example" },
      { email: "a@b.example", groups: ["auditors"] },
    ]) {
      const response = await lookUp(workers.withRoles, jwt({ claims: changes }));
      assert.deepEqual([response.status, (await problemOf(response)).kind], [403, "role_missing"]);
    }

    const byPlatform = (/** @type {object} */ identity) => ({
      ...SAME_ORIGIN,
      "MF-Access-Blob": JSON.stringify({ app_aud: AUD, jwt_claims: identity }),
    });
    const auditor = { email: "audit@shop.example", groups: [{ id: "1", name: "auditors" }] };
    assert.deepEqual(await whoAmI(workers.withRolesByPlatform, byPlatform(auditor)), [
      "person",
      "audit@shop.example",
      "audit",
    ]);
  });

  test("the admin token signs in beside Access, and not where it is not set", async () => {
    const bearer = { Authorization: `Bearer ${ADMIN_TOKEN}` };
    assert.equal((await workers.both.payoutRequests(GROUP, bearer)).status, 200);
    assert.equal((await workers.known.payoutRequests(GROUP, bearer)).status, 401);
    assert.equal(
      (await workers.known.post("/api/session", { token: "" }, SAME_ORIGIN)).status,
      401,
    );
    published = [jwk("k1", first)];
    assert.equal(await status(workers.both, jwt()), 200);
  });

  test("a program that passes Access by a service token is who its own token says", async () => {
    published = [jwk("k1", first)];
    const program = { email: undefined, sub: "", common_name: "erp.access" };
    const passed = { "Cf-Access-Jwt-Assertion": jwt({ claims: program }) };
    const headers = { ...passed, Authorization: `Bearer ${ADMIN_TOKEN}` };
    const { kind } = await (await workers.both.fetch("/api/session", { headers })).json();
    assert.equal(kind, "admin");
    // Without an Origin, which only who has no token has to send.
    assert.equal((await workers.both.payoutRequests(GROUP, headers)).status, 200);
    assert.equal((await workers.both.payoutRequests(GROUP, passed)).status, 403);
    const ours = { ...passed, Origin: workers.both.origin };
    assert.equal((await workers.both.payoutRequests(GROUP, ours)).status, 200);
  });
});

/**
 * The internet as a Worker sees it: the sandbox, and the team's keys.
 *
 * @param {string} sandboxOrigin
 * @param {FetchHandler} team
 * @returns {FetchHandler}
 */
function reach(sandboxOrigin, team) {
  return async (request) => {
    if (!request.url.startsWith(sandboxOrigin)) return team(request);
    const { status, headers, body } = await fetch(request.url, {
      method: request.method,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    }).then(async (reply) => ({
      status: reply.status,
      headers: reply.headers,
      body: await reply.text(),
    }));
    const type = headers.get("Content-Type") ?? "";
    return new Response(body, { status, headers: { "Content-Type": type } });
  };
}

function claims(changes = {}) {
  const now = Math.floor(Date.now() / 1_000);
  const usual = {
    iss: ISSUER,
    aud: [AUD],
    exp: now + 3_600,
    nbf: now - 10,
    iat: now - 10,
    email: "clerk@shop.example",
    sub: "7335d417",
    type: "app",
  };
  return { ...usual, ...changes };
}

function jwt({ header = {}, claims: changes = {}, by = first } = {}) {
  const sign = (/** @type {string} */ text) =>
    createSign("RSA-SHA256").update(text).sign(by.privateKey);
  return signed({ alg: "RS256", kid: "k1", typ: "JWT", ...header }, claims(changes), sign);
}

/**
 * @param {object} header
 * @param {object} payload
 * @param {(text: string) => Buffer} sign
 */
function signed(header, payload, sign) {
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${sign(text).toString("base64url")}`;
}

function part(/** @type {unknown} */ value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function jwk(/** @type {string} */ kid, /** @type {{ publicKey: KeyObject }} */ { publicKey }) {
  return { kid, alg: "RS256", use: "sig", ...publicKey.export({ format: "jwk" }) };
}
