// Sign-in by the admin token: the session cookie's lifetime, and who may use it.

import assert from "node:assert/strict";
import { createHash, randomBytes, webcrypto } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import {
  ADMIN_TOKEN,
  cookieOf,
  eventually,
  problemOf,
  roomInThisMinute,
  SESSION_SECRET,
  startWorkers,
} from "./workers.mjs";

/**
 * @import { Session } from "../../src/npm/js/models.d.ts"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Api, RequestHeaders, Workers } from "./workers.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";
/** @type {RequestHeaders} */
const SAME_ORIGIN = { "Sec-Fetch-Site": "same-origin" };
const [PROGRAM_TOKEN, AUDITOR_TOKEN] = [1, 2].map(() => randomBytes(32).toString("base64url"));
const NAMED_TOKENS = [
  ["batch", PROGRAM_TOKEN],
  ["auditor", AUDITOR_TOKEN],
].map(([name, token]) => ({
  name,
  kind: "program",
  sha256: createHash("sha256").update(token).digest("hex"),
  roles: ["lookup"],
  expires: "2099-12-31",
}));
const KV_DOWN = '() => Promise.reject(new Error("KV failed: 500 Internal Server Error"))';
const NOW_S = () => Math.floor(Date.now() / 1_000);

describe("a session", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  before(async () => {
    sandbox = await startSandbox();
    const { origin } = sandbox;
    workers = await startWorkers({
      here: { origin },
      // Another location: the same settings and record, its own memory.
      elsewhere: { origin, kv: "here", records: "here" },
      withoutKv: { origin, kv: false },
      withoutRecords: { origin, records: false },
      elsewhereWithoutRecords: { origin, records: false, kv: "withoutRecords" },
      withoutBoth: { origin, kv: false, records: false },
      kvDown: { origin, kv: false, kvTrouble: KV_DOWN, records: "here" },
      kvDownWithoutRecords: { origin, kv: false, kvTrouble: KV_DOWN },
      closed: { origin, settings: { ADMIN_TOKEN: undefined } },
      otherToken: { origin, settings: { ADMIN_TOKEN: `${ADMIN_TOKEN}!` } },
      otherSecret: { origin, settings: { SESSION_SECRET: `${SESSION_SECRET}!` } },
      limited: { origin, limit: 20, settings: { NAMED_TOKENS } },
    });
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });

  const signIn = async (worker = workers.here, token = ADMIN_TOKEN, headers = SAME_ORIGIN) =>
    worker.post("/api/session", { token }, headers);
  /** In any order, as browsers read them. */
  const cookieAttributesOf = (/** @type {Response} */ response) =>
    (response.headers.get("Set-Cookie") ?? "").split("; ").slice(1).sort();
  const cookieAttributes = (/** @type {number} */ maxAgeS) =>
    ["HttpOnly", `Max-Age=${maxAgeS}`, "Path=/", "SameSite=Strict", "Secure"].sort();
  const lookUp = (/** @type {string} */ Cookie, worker = workers.here, headers = SAME_ORIGIN) =>
    worker.payoutRequests(GROUP, { Cookie, ...headers });
  const whoAmI = (/** @type {string} */ Cookie, worker = workers.here) =>
    worker.fetch("/api/session", { headers: { Cookie } });
  const signOut = (/** @type {string} */ Cookie, worker = workers.here) =>
    worker.fetch("/api/session", { method: "DELETE", headers: { Cookie, ...SAME_ORIGIN } });
  const refused = async (
    /** @type {Response} */ response,
    /** @type {number} */ status,
    /** @type {string} */ kind,
  ) => assert.deepEqual([response.status, (await problemOf(response)).kind], [status, kind]);

  test("begins with the admin token and serves both look-ups", async () => {
    const response = await signIn();
    assert.equal(response.status, 204);
    assert.match(cookieOf(response), /^__Host-payple-edge=[\w.]+$/);
    assert.deepEqual(cookieAttributesOf(response), cookieAttributes(1_800));
    assert.equal(response.headers.get("Cache-Control"), "no-store");

    assert.equal((await lookUp(cookieOf(response))).status, 200);
    assert.equal((await lookUp(cookieOf(response), workers.elsewhere)).status, 200);
  });

  test("says who is signed in, where and for how long", async () => {
    /** @type {Session} */
    const session = await (await whoAmI(cookieOf(await signIn()))).json();
    assert.deepEqual([session.environment, session.method], ["test", "token"]);
    const left = (time = "") => Math.round((Date.parse(time) - Date.now()) / 60_000);
    assert.deepEqual([left(session.expiresAt), left(session.endsAt)], [30, 480]);

    const bearer = await workers.here.fetch("/api/session", {
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    assert.deepEqual(await bearer.json(), {
      environment: "test",
      method: "token",
      kind: "admin",
      roles: ["lookup", "export", "audit"],
      exportReason: "required",
    });
    await refused(await workers.here.fetch("/api/session"), 401, "not_signed_in");
  });

  test("does not begin with another token", async () => {
    for (const token of ["", "x", `${ADMIN_TOKEN} `, ADMIN_TOKEN.slice(1)]) {
      const response = await signIn(workers.here, token);
      assert.equal(response.headers.get("Set-Cookie"), null);
      await refused(response, 401, "not_signed_in");
    }
    await refused(await signIn(workers.closed), 503, "sign_in_not_configured");
    await refused(await signIn(workers.closed, ""), 503, "sign_in_not_configured");
  });

  test("ends with sign-out, for a copied cookie as well", async () => {
    for (const worker of [
      workers.here,
      workers.withoutKv,
      workers.withoutRecords,
      workers.withoutBoth,
    ]) {
      const cookie = cookieOf(await signIn(worker));
      assert.equal((await lookUp(cookie, worker)).status, 200);
      const response = await signOut(cookie, worker);
      assert.equal(response.status, 204);
      assert.equal(cookieOf(response), "__Host-payple-edge=");
      assert.deepEqual(cookieAttributesOf(response), cookieAttributes(0));

      await refused(await lookUp(cookie, worker), 401, "not_signed_in");
      await refused(await whoAmI(cookie, worker), 401, "not_signed_in");
      assert.equal((await signOut(cookie, worker)).status, 204);
    }
  });

  test("ends with sign-out while KV is down, or sign-out says that it did not", async () => {
    const kept = cookieOf(await signIn(workers.kvDown));
    assert.equal((await signOut(kept, workers.kvDown)).status, 204);
    await refused(await lookUp(kept, workers.here), 401, "not_signed_in");

    const cookie = cookieOf(await signIn(workers.kvDownWithoutRecords));
    const response = await signOut(cookie, workers.kvDownWithoutRecords);
    assert.equal(response.headers.get("Set-Cookie"), null);
    const { title, kind } = await problemOf(response);
    assert.deepEqual(
      [response.status, title, kind],
      [503, "Sign-out failed", "record_unavailable"],
    );
    // Alive, as it says; and a second try does not say otherwise.
    assert.equal((await whoAmI(cookie, workers.kvDownWithoutRecords)).status, 200);
    assert.equal((await signOut(cookie, workers.kvDownWithoutRecords)).status, 503);
  });

  test("ends in other locations at the same moment", async () => {
    const cookie = cookieOf(await signIn());
    assert.equal((await whoAmI(cookie, workers.elsewhere)).status, 200);
    await signOut(cookie);
    await refused(await lookUp(cookie, workers.elsewhere), 401, "not_signed_in");
    await refused(await whoAmI(cookie, workers.elsewhere), 401, "not_signed_in");
    const health = await workers.elsewhere.fetch("/healthz", { headers: { Cookie: cookie } });
    assert.deepEqual(await health.json(), { status: "ok", environment: "test" });
  });

  test("ends in other locations a little later where no record is kept", async () => {
    const cookie = cookieOf(await signIn(workers.withoutRecords));
    await signOut(cookie, workers.withoutRecords);
    await eventually(async () =>
      refused(await lookUp(cookie, workers.elsewhereWithoutRecords), 401, "not_signed_in"),
    );
  });

  test("ends with the admin token that it was begun with", async () => {
    const cookie = cookieOf(await signIn());
    await refused(await lookUp(cookie, workers.otherToken), 401, "not_signed_in");
    await refused(await lookUp(cookie, workers.closed), 503, "sign_in_not_configured");
  });

  test("ends with the secret that signed it", async () => {
    const cookie = cookieOf(await signIn());
    await refused(await lookUp(cookie, workers.otherSecret), 401, "not_signed_in");
  });

  test("its cookie is no oracle for the admin token", async () => {
    const parts = async (/** @type {Api} */ worker) =>
      cookieOf(await signIn(worker))
        .split("=")[1]
        .split(".");
    const [here, elsewhere, other] = [
      await parts(workers.here),
      await parts(workers.elsewhere),
      await parts(workers.otherSecret),
    ];
    // What stands for the token is the same only where the secret is the same as well.
    assert.equal(here[4], elsewhere[4]);
    assert.notEqual(here[4], other[4]);
    // Of a right guess nothing can be made that is in the cookie, nor a cookie that is let in.
    for (const key of [ADMIN_TOKEN, "", "payple-edge"]) {
      const known = await Promise.all([
        credentialIdOf({ key }),
        ...["session v1", "session v2"].map((purpose) => forged({ key, purpose })),
      ]);
      assert.ok(known.every((value) => !value.includes(here[4]) && !value.includes(here[5])));
      for (const purpose of ["session v1", "session v2"])
        await refused(await lookUp(await forged({ key, purpose })), 401, "not_signed_in");
    }
    const digest = createHash("sha256").update(ADMIN_TOKEN).digest("hex");
    assert.ok(!here.some((part) => part.length > 8 && digest.includes(part)));
    assert.equal((await lookUp(await forged({}))).status, 200, "with the secret one can be made");
  });

  test("ends after 30 idle minutes and after 8 hours in all", async () => {
    const at = async (/** @type {number} */ startedAgoS, /** @type {number} */ seenAgoS) =>
      (await lookUp(await forged({ startedAgoS, seenAgoS }))).status;
    assert.deepEqual(
      [await at(0, 0), await at(1_790, 1_790), await at(28_790, 60)],
      [200, 200, 200],
    );
    assert.deepEqual(
      [await at(1_801, 1_801), await at(28_801, 60), await at(28_801, 28_801)],
      [401, 401, 401],
    );
    assert.deepEqual(
      [await at(-120, -120), await at(60, 120)],
      [401, 401],
      "from the future, and seen before it began",
    );
  });

  test("lives on while it is used, and never beyond its end", async () => {
    const beforeS = NOW_S();
    const renewed = await lookUp(await forged({ startedAgoS: 1_000, seenAgoS: 1_000 }));
    assert.match(renewed.headers.get("Set-Cookie") ?? "", /; Max-Age=1800$/);
    const [, , startedAtS] = cookieOf(renewed).split(".");
    assert.ok(
      Number(startedAtS) >= beforeS - 1_000 && Number(startedAtS) <= NOW_S() - 1_000,
      "its beginning stays what it was",
    );
    assert.equal(
      (await lookUp(cookieOf(renewed))).headers.get("Set-Cookie"),
      null,
      "a fresh cookie is not made anew",
    );

    const nearItsEnd = await lookUp(await forged({ startedAgoS: 28_700, seenAgoS: 1_000 }));
    const [, maxAgeS] = nearItsEnd.headers.get("Set-Cookie")?.match(/Max-Age=(\d+)/) ?? [];
    assert.ok(Number(maxAgeS) <= 100);
  });

  test("is not renewed by an answer that says it has ended", async () => {
    const cookie = await forged({ startedAgoS: 1_000, seenAgoS: 1_000 });
    assert.equal((await signOut(cookie, workers.elsewhere)).status, 204);
    const late = await lookUp(cookie);
    assert.deepEqual([late.status, late.headers.get("Set-Cookie")], [401, null]);
  });

  test("cannot be made up", async () => {
    const [name, value] = cookieOf(await signIn()).split("=");
    const [version, id, started, seen, credential, mac] = value.split(".");
    const changed = (/** @type {string} */ text) =>
      text.replace(/./, (digit) => (digit === "0" ? "1" : "0"));
    const madeUp = [
      [version, id, started, seen, credential, changed(mac)],
      [version, id, started, seen, credential, ""],
      [version, id, started, seen, credential],
      [version, id, started, String(Number(seen) + 1), credential, mac],
      [version, changed(id), started, seen, credential, mac],
      [version, id, started, seen, changed(credential), mac],
      [version, id, started, seen, credential, mac.toUpperCase()],
      ["1", id, started, seen, credential, mac],
    ];
    for (const parts of madeUp)
      await refused(await lookUp(`${name}=${parts.join(".")}`), 401, "not_signed_in");
    await refused(await lookUp(await forged({ key: "x".repeat(40) })), 401, "not_signed_in");
    await refused(await lookUp(await forged({ key: "" })), 401, "not_signed_in");
    await refused(await lookUp(`payple-edge=${value}`), 401, "not_signed_in");
  });

  test("serves no page of another site", async () => {
    const cookie = cookieOf(await signIn());
    /** @type {RequestHeaders[]} */
    const elsewhere = [
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site" },
      { "Sec-Fetch-Site": "none" },
      { Origin: "https://evil.example" },
      { Origin: "null" },
      { Origin: workers.here.origin.replace("http", "https") },
      { Origin: `${workers.here.origin}.evil.example` },
      {},
    ];
    for (const headers of elsewhere) {
      const told = JSON.stringify(headers);
      assert.deepEqual([told, (await lookUp(cookie, workers.here, headers)).status], [told, 403]);
      const ended = await workers.here.fetch("/api/session", {
        method: "DELETE",
        headers: { Cookie: cookie, ...headers },
      });
      assert.deepEqual([told, ended.status], [told, 403]);
    }
    for (const headers of [elsewhere[0], elsewhere[3]]) {
      await refused(await signIn(workers.here, ADMIN_TOKEN, headers), 403, "cross_site");
    }
    assert.equal((await lookUp(cookie, workers.here, { Origin: workers.here.origin })).status, 200);
    assert.equal((await lookUp(cookie)).status, 200, "nobody has ended it");
  });

  test("only a well-formed Bearer token exempts from that", async () => {
    const cookie = cookieOf(await signIn());
    const crossSite = { "Sec-Fetch-Site": "cross-site" };
    for (const Authorization of [
      "",
      "Basic eA==",
      "Bearer",
      "Bearer ",
      "Bearer a b",
      "Negotiate x",
    ])
      await refused(
        await lookUp(cookie, workers.here, { ...crossSite, Authorization }),
        403,
        "cross_site",
      );
    // Well-formed and wrong: not the cookie speaks, but the token.
    await refused(
      await lookUp(cookie, workers.here, { ...crossSite, Authorization: "Bearer x" }),
      401,
      "not_signed_in",
    );
  });

  test("is not needed by a program, which sends neither cookie nor origin", async () => {
    const bearer = { Authorization: `Bearer ${ADMIN_TOKEN}` };
    assert.equal((await workers.here.payoutRequests(GROUP, bearer)).status, 200);
    assert.equal(
      (await workers.here.payoutRequests(GROUP, { ...bearer, Origin: "https://erp.example" }))
        .status,
      200,
    );
    await refused(await workers.here.payoutRequests(GROUP, {}), 401, "not_signed_in");
  });

  test("sends a form nowhere", async () => {
    const cookie = cookieOf(await signIn());
    for (const type of ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"]) {
      const headers = { "Content-Type": type, Cookie: cookie, ...SAME_ORIGIN };
      await refused(
        await workers.here.post("/api/payout-requests", `{"groupKey":"${GROUP}"}`, headers),
        415,
        "not_json",
      );
      await refused(
        await workers.here.post("/api/session", `{"token":"${ADMIN_TOKEN}"}`, {
          ...headers,
          Cookie: "",
        }),
        415,
        "not_json",
      );
    }
  });

  test("asking who is signed in counts as well", async () => {
    const headers = { Authorization: `Bearer ${AUDITOR_TOKEN}` };
    await roomInThisMinute();
    const ask = () => workers.limited.fetch("/api/session", { headers });
    for (let n = 0; n < 20; n += 1) assert.equal((await ask()).status, 200);
    await refused(await ask(), 429, "rate_limited");
  });

  test("has so many look-ups a minute, and five sessions of one person have as many", async () => {
    const sessions = [];
    await roomInThisMinute();
    for (let n = 0; n < 5; n += 1) sessions.push(cookieOf(await signIn(workers.limited)));
    // Signing in counts as well.
    for (let n = 0; n < 15; n += 1)
      assert.equal((await lookUp(sessions[n % 5], workers.limited)).status, 200);
    for (const cookie of sessions) {
      const response = await lookUp(cookie, workers.limited);
      assert.equal(response.headers.get("Retry-After"), "60");
      await refused(response, 429, "rate_limited");
    }
    const bearer = { Authorization: `Bearer ${ADMIN_TOKEN}` };
    await refused(await workers.limited.payoutRequests(GROUP, bearer), 429, "rate_limited");
    const other = { Authorization: `Bearer ${PROGRAM_TOKEN}` };
    assert.equal((await workers.limited.payoutRequests(GROUP, other)).status, 200);
  });
});

/**
 * What a session is signed with: the settings' own, unless told.
 *
 * @typedef {{ key?: string, purpose?: string }} Signer
 */

/**
 * A cookie as the Worker would have made it at another time: a test knows the secret that signs it.
 *
 * @param {Signer & { startedAgoS?: number, seenAgoS?: number }} options
 */
async function forged({ startedAgoS = 0, seenAgoS = startedAgoS, key, purpose }) {
  const id = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16))).toString("hex");
  const claim = [
    "2",
    id,
    NOW_S() - startedAgoS,
    NOW_S() - seenAgoS,
    await credentialIdOf({ key, purpose }),
  ].join(".");
  return `__Host-payple-edge=${claim}.${(await mac(claim, { key, purpose })).toString("hex")}`;
}

/** What a session calls the admin token. */
async function credentialIdOf(/** @type {Signer} */ { key, purpose }) {
  const digest = createHash("sha256").update(ADMIN_TOKEN).digest();
  const hash = await mac(Buffer.concat([Buffer.from("credential "), digest]), { key, purpose });
  return hash.subarray(0, 16).toString("hex");
}

/**
 * @param {string | Buffer} data
 * @param {Signer} signer
 */
async function mac(data, { key = SESSION_SECRET, purpose = "session v2" }) {
  const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
  const root = await webcrypto.subtle.importKey("raw", bytes(key), "HKDF", false, ["deriveKey"]);
  const hkdf = {
    name: "HKDF",
    hash: "SHA-256",
    salt: bytes("payple-edge"),
    info: bytes(`payple-edge ${purpose}`),
  };
  const hmac = await webcrypto.subtle.deriveKey(
    hkdf,
    root,
    { name: "HMAC", hash: "SHA-256", length: 256 },
    false,
    ["sign"],
  );
  return Buffer.from(await webcrypto.subtle.sign("HMAC", hmac, Buffer.from(data)));
}
