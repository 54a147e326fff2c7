// mockPayple(): the sandbox as MSW handlers, for Payple's own addresses and without a socket.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { setupServer } from "msw/node";
import { mockPayple } from "../../sandbox/index.mjs";
import { PAIR } from "./partner.mjs";

const HUB = "https://demohub.payple.kr";
const CPAY = "https://democpay.payple.kr";
const payple = mockPayple();
const server = setupServer(...payple);

before(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => payple.reset());
after(() => server.close());

const post = (/** @type {string} */ url, /** @type {object} */ body, headers = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
    redirect: "manual",
  });

test("an option that is not known is an error, one of a server's too", () => {
  for (const options of [{ environmnt: "live" }, { port: 8788 }])
    assert.throws(() => mockPayple(/** @type {any} */ (options)), {
      name: "RangeError",
      message: /must not have "(environmnt|port)"; known are environment, /,
    });
});

async function askGroup(/** @type {string} */ groupKey) {
  const token = await (await post(`${HUB}/oauth/token`, { ...PAIR, code: "as12345678" })).json();
  assert.equal(token.code, "as12345678");
  const headers = { Authorization: `Bearer ${token.access_token}` };
  return post(`${HUB}/request/result/group_key`, { ...PAIR, group_key: groupKey }, headers);
}

async function askKey(/** @type {string} */ payerId) {
  const session = await (
    await post(`${CPAY}/php/auth.php`, { ...PAIR, PCD_PAY_WORK: "PUSERINFO" })
  ).json();
  assert.equal(session.PCD_PAY_HOST, CPAY);
  return post(session.return_url, {
    PCD_CST_ID: session.cst_id,
    PCD_CUST_KEY: session.custKey,
    PCD_AUTH_KEY: session.AuthKey,
    PCD_PAYER_ID: payerId,
  });
}

test("both look-ups are answered at Payple's own test addresses, and counted", async () => {
  assert.equal((await (await askGroup("CLEAN_128")).json()).list.length, 128);
  assert.equal((await (await askKey("BK_CARD_001")).json()).PCD_PAYER_ID, "BK_CARD_001");
  const { tokens, partnerAuthentications, payoutLookups, billingKeyLookups } = payple.stats();
  assert.deepEqual(
    [tokens, partnerAuthentications, payoutLookups, billingKeyLookups],
    [1, 1, 1, 1],
  );
});

test("a wrong credential is refused, and so is a form with a wrong one", async () => {
  const refused = await post(`${HUB}/oauth/token`, { ...PAIR, custKey: "x", code: "as12345678" });
  assert.equal((await refused.json()).result, "T0300");
  const form = await fetch(`${CPAY}/php/auth.php`, {
    method: "POST",
    body: new URLSearchParams({ ...PAIR, cst_id: "nobody" }),
  });
  assert.match((await form.json()).result_msg, /AUTH0003/);
});

test("faults are played: by key, from the queue, and of the connection", async () => {
  assert.equal((await askGroup("FAULT_503_HTML")).status, 503);
  assert.equal((await askKey("FAULT_REDIRECT_307")).status, 307);
  await assert.rejects(askGroup("FAULT_RESET_BEFORE_REPLY"), TypeError);
  const half = await askKey("FAULT_RESET_IN_BODY");
  assert.equal(half.status, 200);
  await assert.rejects(half.text());
  payple.queueFault({ endpoint: "payout", fault: "EMPTY_BODY", times: 1 });
  assert.equal(await (await askGroup("EMPTY")).text(), "");
  assert.equal((await (await askGroup("EMPTY")).json()).count, "0");
});

test("a fault that never answers ends with the caller's own time limit", async () => {
  const signal = AbortSignal.timeout(100);
  const session = await (
    await post(`${CPAY}/php/auth.php`, { ...PAIR, PCD_PAY_WORK: "PUSERINFO" })
  ).json();
  const asked = fetch(session.return_url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      PCD_CST_ID: session.cst_id,
      PCD_CUST_KEY: session.custKey,
      PCD_AUTH_KEY: session.AuthKey,
      PCD_PAYER_ID: "FAULT_NO_ANSWER",
    }),
    signal,
  });
  await assert.rejects(asked, { name: "TimeoutError" });
});

test("hostile addresses are hostile in the mock, too", async () => {
  for (const [name, expected] of [
    ["OTHER_SCHEME", "http://democpay.payple.kr"],
    ["USERINFO_OWN", "https://user:password@democpay.payple.kr"],
  ]) {
    payple.queueFault({ endpoint: "auth", fault: `HOST_${name}`, times: 1 });
    const session = await post(`${CPAY}/php/auth.php`, { ...PAIR, PCD_PAY_WORK: "PUSERINFO" });
    assert.equal((await session.json()).PCD_PAY_HOST, expected);
  }
});

test("in live mode the live addresses answer, and ask for the Referer", async () => {
  const live = mockPayple({ environment: "live", referers: ["shop.example"] });
  server.use(...live);
  const auth = (/** @type {Record<string, string>} */ headers) =>
    post(`https://cpay.payple.kr/php/auth.php`, { ...PAIR, PCD_PAY_WORK: "PUSERINFO" }, headers);
  assert.match((await (await auth({})).json()).result_msg, /^\[AUTH0004\]/);
  assert.equal((await (await auth({ Referer: "https://shop.example" })).json()).result, "success");
  assert.equal(live.stats().partnerAuthentications, 1);
  server.resetHandlers();
});

test("an unknown environment is an error", () => {
  assert.throws(() => mockPayple({ environment: /** @type {any} */ ("real") }), RangeError);
});
