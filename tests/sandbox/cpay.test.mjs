// What the sandbox's cpay enforces, seen over HTTP.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { askAuth, askBilling, newSession, PAIR } from "./partner.mjs";

/** @import { Sandbox } from "../../sandbox/index.d.ts" */
/** @import { Reply } from "./partner.mjs" */

const CARD_KEY = "d0toSS9sT084bVJSNThScnFX";
let clockMs = 1_000_000;
/** @type {Sandbox} */
let sandbox;
/** @type {Sandbox} */
let live;

before(async () => {
  sandbox = await startSandbox({ now: () => clockMs });
  live = await startSandbox({ environment: "live", referers: ["https://shop.example"] });
});
beforeEach(() => {
  sandbox.reset();
  live.reset();
});
after(() => Promise.all([sandbox.close(), live.close()]));

test("a partner authentication is answered as Payple's real replies look", async () => {
  const seen = await askAuth(sandbox);
  const session = seen.json();
  assert.equal(session.result, "success");
  assert.equal(session.result_msg, "사용자 인증 완료!!");
  assert.equal(session.AuthKey.length, 376);
  assert.ok(session.AuthKey.endsWith("=="));
  assert.equal(session.cst_id.length, 32);
  assert.equal(session.custKey.length, 32);
  for (const opaque of [session.AuthKey, session.cst_id, session.custKey]) {
    assert.match(opaque, /^[A-Za-z0-9]+={0,2}$/);
    assert.match(Buffer.from(opaque, "base64").toString("latin1"), /^[A-Za-z0-9+/]+={0,2}$/);
  }
  assert.equal(session.PCD_PAY_HOST, sandbox.origin);
  assert.equal(session.PCD_PAY_URL, "/php/cPayUser/api/cPayUserAct.php?ACT_=PUSERINFO");
  assert.equal(session.return_url, session.PCD_PAY_HOST + session.PCD_PAY_URL);
  assert.ok(seen.text.includes("http:\\/\\/"), "slashes are escaped");
  assert.ok(!/[^\\]\//.test(seen.text), "no slash is left bare");
});

test("the encoded pair is another one at every call and never the raw one", async () => {
  const first = await newSession(sandbox);
  const second = await newSession(sandbox);
  assert.notEqual(first.cst_id, second.cst_id);
  assert.notEqual(first.custKey, second.custKey);
  assert.notEqual(first.AuthKey, second.AuthKey);
  assert.notEqual(first.cst_id, PAIR.cst_id);
});

test("a client that comes by localhost is sent back to localhost, any other Host to the sandbox's own", async () => {
  const hostFor = async (/** @type {string} */ Host) =>
    (await newSession(sandbox, { headers: { Host } })).PCD_PAY_HOST;
  assert.equal(await hostFor(`localhost:${sandbox.port}`), `http://localhost:${sandbox.port}`);
  assert.equal(await hostFor("democpay.payple.example"), sandbox.origin);
  assert.equal(await hostFor("localhost:1"), sandbox.origin);
});

for (const [what, changes, code] of /** @type {[string, object, string][]} */ ([
  ["without cst_id", { cst_id: undefined }, "AUTH0001"],
  ["without custKey", { custKey: undefined }, "AUTH0002"],
  ["with a wrong custKey", { custKey: "abcd1234567891" }, "AUTH0002"],
  ["with an unknown cst_id", { cst_id: "nobody" }, "AUTH0003"],
])) {
  test(`an authentication ${what} is refused with ${code} inside result_msg`, async () => {
    const body = (await askAuth(sandbox, changes)).json();
    assert.equal(body.result, "error");
    assert.ok(body.result_msg.startsWith(`[Test] [${code}] - `), body.result_msg);
    assert.equal(body.AuthKey, undefined);
  });
}

test("an authentication for other work than PUSERINFO is refused without a code", async () => {
  const body = (await askAuth(sandbox, { PCD_PAY_WORK: "CERT" })).json();
  assert.equal(body.result, "error");
  assert.doesNotMatch(body.result_msg, /\[/);
});

for (const work of [undefined, ""]) {
  test(`an authentication with the work ${work} leads to the payment window, a page for people`, async () => {
    const session = (await askAuth(sandbox, { PCD_PAY_WORK: work })).json();
    assert.equal(session.result, "success");
    assert.equal(session.AuthKey.length, 376);
    assert.match(session.PCD_PAY_URL, /^\/index\.php\?ACT_=PAYM&CPAYVER=\d+$/);
    assert.equal(session.return_url, session.PCD_PAY_HOST + session.PCD_PAY_URL);
    const seen = await askBilling(session, CARD_KEY);
    assert.match(seen.headers["content-type"], /text\/html/);
    assert.equal(sandbox.stats().billingKeyLookups, 0);
  });
}

for (const [kind, encode] of /** @type {[string, (fields: any) => BodyInit][]} */ ([
  ["an urlencoded form", (fields) => new URLSearchParams(fields)],
  [
    "a multipart form",
    (fields) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      return form;
    },
  ],
])) {
  test(`both calls take ${kind}`, async () => {
    const send = async (/** @type {string} */ url, /** @type {object} */ fields) =>
      (await fetch(url, { method: "POST", body: encode(fields) })).json();
    const session = await send(`${sandbox.origin}/php/auth.php`, {
      ...PAIR,
      PCD_PAY_WORK: "PUSERINFO",
    });
    assert.equal(session.result, "success");
    const answer = await send(session.return_url, {
      PCD_CST_ID: session.cst_id,
      PCD_CUST_KEY: session.custKey,
      PCD_AUTH_KEY: session.AuthKey,
      PCD_PAYER_ID: CARD_KEY,
    });
    assert.deepEqual([answer.PCD_PAY_CODE, answer.PCD_PAYER_ID], ["0000", CARD_KEY]);
  });
}

test("the partner's own number of a payer is echoed where it was sent, by refusals too", async () => {
  const session = await newSession(sandbox);
  const ask = async (/** @type {string} */ key, /** @type {object} */ changes = {}) =>
    (await askBilling(session, key, { changes })).json();
  for (const key of [CARD_KEY, "BK_UNKNOWN", "FAULT_UNKNOWN_CODE"]) {
    assert.equal((await ask(key, { PCD_PAYER_NO: "1234" })).PCD_PAYER_NO, "1234");
    assert.ok(!Object.hasOwn(await ask(key), "PCD_PAYER_NO"));
  }
});

test("refusals carry their code twice, as the field and inside the text, and live ones no [Test]", async () => {
  const session = await newSession(sandbox);
  const refusal = (await askBilling(session, "BK_UNKNOWN")).json();
  assert.equal(refusal.PCD_PAY_MSG, "[Test] [SPCD0001] - 존재하지 않는 빌링키입니다.");
  const headers = { Referer: "https://shop.example" };
  const liveSession = await newSession(live, { headers });
  const liveRefusal = (await askBilling(liveSession, "BK_UNKNOWN", { headers })).json();
  assert.equal(liveRefusal.PCD_PAY_MSG, "[SPCD0001] - 존재하지 않는 빌링키입니다.");
});

test("a look-up with what the authentication returned succeeds, many times", async () => {
  const session = await newSession(sandbox);
  for (let i = 0; i < 3; i += 1)
    assert.equal((await askBilling(session, CARD_KEY)).json().PCD_PAY_CODE, "0000");
  assert.equal(sandbox.stats().partnerAuthentications, 1);
  assert.equal(sandbox.stats().billingKeyLookups, 3);
});

test("a look-up with the raw pair, or with the pair of another authentication, is refused", async () => {
  const session = await newSession(sandbox);
  const other = await newSession(sandbox);
  const codeFor = async (/** @type {object} */ changes) =>
    (await askBilling(session, CARD_KEY, { changes })).json().PCD_PAY_CODE;
  assert.equal(await codeFor({ PCD_CST_ID: PAIR.cst_id }), "AUTH0001");
  assert.equal(await codeFor({ PCD_CUST_KEY: PAIR.custKey }), "AUTH0002");
  assert.equal(
    await codeFor({ PCD_CST_ID: other.cst_id, PCD_CUST_KEY: other.custKey }),
    "AUTH0001",
  );
});

test("an unknown, missing, revoked or expired AuthKey meets the expired session", async () => {
  const expectExpired = async (
    /** @type {Reply} */ session,
    /** @type {object} */ changes = {},
  ) => {
    const body = (await askBilling(session, CARD_KEY, { changes })).json();
    assert.equal(body.PCD_PAY_RST, "error");
    assert.match(body.PCD_PAY_MSG, /인증세션이 만료되었습니다/);
  };
  const session = await newSession(sandbox);
  await expectExpired(session, { PCD_AUTH_KEY: "unknown" });
  await expectExpired(session, { PCD_AUTH_KEY: undefined });
  clockMs += 30 * 60_000 - 1;
  assert.equal((await askBilling(session, CARD_KEY)).json().PCD_PAY_RST, "success");
  clockMs += 1;
  await expectExpired(session);

  const revoked = await newSession(sandbox);
  sandbox.revokeAuthKeys();
  await expectExpired(revoked);
  assert.equal(
    (await askBilling(await newSession(sandbox), CARD_KEY)).json().PCD_PAY_RST,
    "success",
  );
  sandbox.revokeAuthKeys({ forGood: true });
  await expectExpired(await newSession(sandbox));

  sandbox.reset();
  const short = await newSession(sandbox);
  sandbox.setLifetimes({ authMs: 10 });
  clockMs += 10;
  await expectExpired(short);
});

test("a look-up at another URL than the one returned is refused", async () => {
  const session = await newSession(sandbox);
  const url = `${sandbox.origin}/php/cPayUser/api/cPayUserAct.php`;
  assert.equal((await askBilling(session, CARD_KEY, { url })).json().PCD_PAY_CODE, "SBOX0001");
});

test("an unknown billing key gets SPCD0001, a released one SPCD0012, and both echo the key only", async () => {
  const session = await newSession(sandbox);
  for (const [key, code] of [
    ["BK_UNKNOWN", "SPCD0001"],
    ["no-such-key", "SPCD0001"],
    ["BK_CARD_101", "SPCD0001"],
    [undefined, "SPCD0001"],
    ["BK_RELEASED", "SPCD0012"],
  ]) {
    const body = (await askBilling(session, key)).json();
    assert.equal(body.PCD_PAY_CODE, code);
    assert.deepEqual(body, {
      PCD_PAY_RST: "error",
      PCD_PAY_CODE: code,
      PCD_PAY_MSG: body.PCD_PAY_MSG,
      ...(key && { PCD_PAYER_ID: key }),
    });
  }
});

for (const referer of [
  "https://shop.example",
  "https://shop.example/pay?x=1",
  "http://www.shop.example",
  "https://a.b.shop.example:8443/",
]) {
  test(`live accepts the Referer ${referer} on both calls`, async () => {
    const headers = { Referer: referer };
    const session = await newSession(live, { headers });
    assert.equal(session.result, "success");
    assert.equal((await askBilling(session, CARD_KEY, { headers })).json().PCD_PAY_RST, "success");
  });
}

for (const referer of [
  undefined,
  "shop.example",
  "https://evilshop.example",
  "https://shop.example.evil.example",
  "https://shop.example@evil.example/",
  "not a url",
  "ftp://shop.example",
]) {
  test(`live refuses the Referer ${referer} on both calls with AUTH0004`, async () => {
    const headers = referer === undefined ? {} : { Referer: referer };
    const refusal = await newSession(live, { headers });
    assert.ok(refusal.result_msg.startsWith("[AUTH0004] "), refusal.result_msg);
    const session = await newSession(live, { headers: { Referer: "https://shop.example" } });
    assert.equal(
      (await askBilling(session, CARD_KEY, { headers })).json().PCD_PAY_CODE,
      "AUTH0004",
    );
  });
}

test("a registered domain may be given with a scheme, a port or a path", async () => {
  for (const referer of [
    "shop.example",
    "https://shop.example",
    "Shop.Example:8443",
    "shop.example/",
  ]) {
    const strict = await startSandbox({ environment: "live", referers: [referer] });
    const headers = { Referer: "https://www.shop.example/pay" };
    assert.equal((await newSession(strict, { headers })).result, "success", referer);
    await strict.close();
  }
});

test("test servers do not look at the Referer", async () => {
  assert.equal(
    (await newSession(sandbox, { headers: { Referer: "https://anywhere.example" } })).result,
    "success",
  );
});
