// What the sandbox's hub enforces, seen over HTTP.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { askPayout, askToken, newToken, PAIR, post } from "./partner.mjs";

/** @import { Sandbox } from "../../sandbox/index.d.ts" */

const OTHER = { cstId: "other", custKey: "other-public-pair" };
let clockMs = 1_000_000;
/** @type {Sandbox} */
let sandbox;

before(async () => {
  sandbox = await startSandbox({
    credentials: [{ cstId: "test", custKey: "abcd1234567890" }, OTHER],
    now: () => clockMs,
  });
});
beforeEach(() => sandbox.reset());
after(() => sandbox.close());

test("a token request is answered as the spec page shows it", async () => {
  const { status, headers, json } = await askToken(sandbox);
  assert.equal(status, 200);
  assert.match(headers["content-type"], /^application\/json/);
  const { access_token: token, ...rest } = json();
  assert.deepEqual(rest, {
    result: "T0000",
    message: "처리 성공",
    code: "as12345678",
    token_type: "Bearer",
    expires_in: "60",
  });
  assert.match(token, /^[A-Za-z0-9_-]{20,}$/);
});

for (const [what, changes, code] of /** @type {[string, object, string][]} */ ([
  ["without cst_id", { cst_id: undefined }, "T0200"],
  ["with an empty cst_id", { cst_id: "" }, "T0200"],
  ["without custKey", { custKey: undefined }, "T0201"],
  ["without code", { code: undefined }, "T0210"],
  ["with a code of nine characters", { code: "as1234567" }, "T0211"],
  ["with a code of eleven characters", { code: "as123456789" }, "T0211"],
  ["with a code that has a hyphen", { code: "as-1234567" }, "T0211"],
  ["with a code that is a number", { code: 1234567890 }, "T0211"],
  ["with an unknown cst_id", { cst_id: "nobody" }, "T0300"],
  ["with a wrong custKey", { custKey: "abcd1234567891" }, "T0300"],
])) {
  test(`a token request ${what} is refused with ${code}`, async () => {
    const seen = await askToken(sandbox, changes);
    assert.equal(seen.status, 200);
    assert.equal(seen.json().result, code);
    assert.equal(seen.json().access_token, undefined);
    assert.equal(sandbox.stats().tokens, 0);
    assert.equal(sandbox.stats().calls.token, 1);
  });
}

test("a form is read as well as JSON, urlencoded and multipart", async () => {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...PAIR, code: "as12345678" }))
    form.append(name, value);
  for (const body of [new URLSearchParams({ ...PAIR, code: "as12345678" }), form]) {
    const token = await (
      await fetch(`${sandbox.origin}/oauth/token`, { method: "POST", body })
    ).json();
    assert.deepEqual([token.result, token.code], ["T0000", "as12345678"]);
    const group = await fetch(`${sandbox.origin}/request/result/group_key`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token.access_token}` },
      body: new URLSearchParams({ ...PAIR, group_key: "CLEAN_128" }),
    });
    assert.equal((await group.json()).count, "128");
  }
});

test("a token request that is neither JSON nor a form, or not what it says, has no fields", async () => {
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=none",
  ]) {
    const seen = await askToken(sandbox, {}, { headers: { "Content-Type": type } });
    assert.equal(seen.json().result, "T0200", type);
  }
  const array = await post(`${sandbox.origin}/oauth/token`, [1]);
  assert.equal(array.json().result, "T0200");
  const broken = await post(`${sandbox.origin}/oauth/token`, "{");
  assert.equal(broken.json().result, "T0200");
});

test("a look-up with a fresh token succeeds, and the token serves many look-ups", async () => {
  const token = await newToken(sandbox);
  for (let i = 0; i < 3; i += 1)
    assert.equal((await askPayout(sandbox, "EMPTY", token)).json().result, "A0000");
  assert.equal(sandbox.stats().tokens, 1);
  assert.equal(sandbox.stats().payoutLookups, 3);
});

for (const [what, header] of [
  ["no Authorization", undefined],
  ["a token that was not issued here", "Bearer eyJhlNDlj"],
  ["no word Bearer", "TOKEN"],
  ["the spec page's comma", "Bearer, TOKEN"],
  ["two spaces", "Bearer  TOKEN"],
]) {
  test(`a look-up with ${what} gets HTTP 401`, async () => {
    const token = await newToken(sandbox);
    const headers = header ? { Authorization: header.replace("TOKEN", token) } : {};
    const seen = await askPayout(sandbox, "EMPTY", undefined, { headers });
    assert.equal(seen.status, 401);
    assert.equal(seen.json().result, "T0321");
    assert.equal(sandbox.stats().payoutLookups, 0);
  });
}

test("a token of another partner is refused with T0320", async () => {
  const { access_token: token } = (
    await askToken(sandbox, { cst_id: OTHER.cstId, custKey: OTHER.custKey })
  ).json();
  assert.equal((await askPayout(sandbox, "EMPTY", token)).json().result, "T0320");
});

test("a look-up checks the credentials of its body", async () => {
  const token = await newToken(sandbox);
  const codeFor = async (/** @type {object} */ changes) =>
    (await askPayout(sandbox, "EMPTY", token, { changes })).json().result;
  assert.equal(await codeFor({ cst_id: undefined }), "T0200");
  assert.equal(await codeFor({ custKey: undefined }), "T0201");
  assert.equal(await codeFor({ custKey: "wrong" }), "T0300");
});

test("a token expires after its lifetime, by the sandbox's clock", async () => {
  const token = await newToken(sandbox);
  clockMs += 59_999;
  assert.equal((await askPayout(sandbox, "EMPTY", token)).status, 200);
  clockMs += 1;
  assert.equal((await askPayout(sandbox, "EMPTY", token)).status, 401);
});

test("a shortened lifetime applies at once and is in expires_in", async () => {
  const token = await newToken(sandbox);
  sandbox.setLifetimes({ tokenMs: 2_000 });
  assert.equal((await askToken(sandbox)).json().expires_in, "2");
  clockMs += 2_000;
  assert.equal((await askPayout(sandbox, "EMPTY", token)).status, 401);
  sandbox.reset();
  assert.equal((await askToken(sandbox)).json().expires_in, "60");
});

test("a revoked token is not accepted, a later one is; revoked for good, no token is", async () => {
  const token = await newToken(sandbox);
  sandbox.revokeTokens();
  assert.equal((await askPayout(sandbox, "EMPTY", token)).status, 401);
  assert.equal((await askPayout(sandbox, "EMPTY", await newToken(sandbox))).status, 200);
  sandbox.revokeTokens({ forGood: true });
  assert.equal((await askPayout(sandbox, "EMPTY", await newToken(sandbox))).status, 401);
  sandbox.reset();
  assert.equal((await askPayout(sandbox, "EMPTY", await newToken(sandbox))).status, 200);
});

test("a missing or overlong group key is a parameter error, an unknown one is refused by the look-up", async () => {
  const token = await newToken(sandbox);
  assert.equal((await askPayout(sandbox, undefined, token)).json().result, "N0101");
  assert.equal((await askPayout(sandbox, "x".repeat(65), token)).json().result, "N0101");
  assert.equal((await askPayout(sandbox, "NO_SUCH_GROUP", token)).json().result, "A0404");
  assert.equal((await askPayout(sandbox, "FAULT_NO_SUCH_FAULT", token)).json().result, "A0404");
});

test("other methods and paths get an HTML page", async () => {
  const seen = await post(`${sandbox.origin}/oauth/token`, "", { method: "GET" });
  assert.equal(seen.status, 405);
  assert.equal(seen.headers.allow, "POST");
  assert.equal((await post(`${sandbox.origin}/oauth/tokens`, {})).status, 404);
  assert.equal((await post(`${sandbox.origin}//x/oauth/token`, {})).status, 404);
  assert.equal(sandbox.stats().unknownPaths, 2);
});
