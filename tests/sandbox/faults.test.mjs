// Every fault of the table, at every endpoint that plays it, seen over HTTP; a fault without a look
// at it fails.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { faults, startSandbox } from "../../sandbox/index.mjs";
import { askAuth, askBilling, askPayout, askToken, newSession, newToken } from "./partner.mjs";

/**
 * @import { Endpoint, Sandbox } from "../../sandbox/index.d.ts"
 * @import { Options, Reply, Seen } from "./partner.mjs"
 *
 * @typedef {(seen: Seen, endpoint: Endpoint, key: string, match: string[]) => unknown} Look
 *   at what an endpoint answered to a key; `match` is that of the family's pattern
 * @typedef {{ look: Look, parameter?: string, timeoutMs?: number }} HowToLook
 */

/** @type {Required<Sandbox>} */
let sandbox;
before(async () => {
  sandbox = /** @type {Required<Sandbox>} */ (await startSandbox({ trap: true }));
});
beforeEach(() => sandbox.reset());
after(() => sandbox.close());

/**
 * Asks an endpoint so that it plays the fault: look-ups by key, authentications from the queue.
 * @type {Record<Endpoint, (key: string, options?: Options) => Promise<Seen>>}
 */
const ask = {
  token: (_key, options) => askToken(sandbox, {}, options),
  auth: (_key, options) => askAuth(sandbox, {}, options),
  payout: async (key, options) => askPayout(sandbox, key, await newToken(sandbox), options),
  billing: async (key, options) => askBilling(await newSession(sandbox), key, options),
};

const rows = faults.flatMap((fault) =>
  fault.endpoints.map((endpoint) => ({
    ...fault,
    endpoint,
    name: fault.key.slice("FAULT_".length),
  })),
);

for (const row of rows) {
  const { key, name, endpoint, describes, expect, upstreamCalls } = row;
  test(`${key} at ${endpoint}: ${describes}`, async () => {
    const { look, parameter, timeoutMs, match } = lookAt(name, endpoint);
    const played = parameter === undefined ? key : `${key}-${parameter}`;
    const isAuthentication = endpoint === "token" || endpoint === "auth";
    if (isAuthentication) sandbox.queueFault({ endpoint, fault: played });

    const { token = 0, lookup = 0 } = upstreamCalls[endpoint] ?? {};
    const calls = isAuthentication ? token : lookup;
    // What is over after a while ends right; anything else is there at every call that the table
    // allows, and one more.
    const isTransient = expect.kind === "ok" && calls > 1;
    for (let call = 1; call <= (isTransient ? calls - 1 : Math.min(calls, 2)); call += 1) {
      await look(await ask[endpoint](played, { timeoutMs }), endpoint, played, match);
    }
    if (isTransient) assertRight(await ask[endpoint](played), endpoint, played);
    if (expect.kind === "ok" && isAuthentication) await assertTokenWorks(endpoint);

    const { attempts, successes } = sandbox.stats().faults[played];
    assert.ok(attempts >= 1);
    assert.equal(successes, isTransient && !isAuthentication ? 1 : 0);
    assert.equal(sandbox.stats().redirectsFollowed, 0);
    assert.deepEqual(sandbox.trap.requests(), []);
  });
}

test("each row of the table stands for itself, says what it expects, and has a key that both look-ups take", () => {
  const kinds = ["ok", "authentication", "rejected", "unavailable", "timeout", "protocol"];
  const seen = new Set();
  for (const { key, endpoint, describes, expect, upstreamCalls } of rows) {
    assert.match(key, /^FAULT_[A-Z0-9_]{1,50}$/);
    assert.ok(describes.length > 0);
    assert.ok(kinds.includes(expect.kind), `${key} ${expect.kind}`);
    const { token = 0, lookup = -1 } = upstreamCalls[endpoint] ?? {};
    assert.ok(token >= 1 && lookup >= 0);
    assert.ok(!seen.has(`${endpoint} ${key}`), `${key} twice at ${endpoint}`);
    seen.add(`${endpoint} ${key}`);
  }
});

test("a fault by key is played only to a caller whom the rules let through", async () => {
  assert.equal((await askPayout(sandbox, "FAULT_500_HTML", "not-a-token")).status, 401);
  const session = await newSession(sandbox);
  const refused = await askBilling(session, "FAULT_500_HTML", { changes: { PCD_AUTH_KEY: "x" } });
  assert.match(refused.json().PCD_PAY_MSG, /인증세션/);
  assert.deepEqual(sandbox.stats().faults, {});
});

test("two keys of one transient fault are counted apart, and so are the two look-ups", async () => {
  assert.equal((await ask.payout("FAULT_500_ONCE-a")).status, 500);
  assert.equal((await ask.payout("FAULT_500_ONCE-b")).status, 500);
  assert.equal((await ask.payout("FAULT_500_ONCE-a")).status, 200);
  assert.equal((await ask.billing("FAULT_500_ONCE-a")).status, 500);
  assert.deepEqual(sandbox.stats().faults["FAULT_500_ONCE-a"], { attempts: 3, successes: 1 });
  sandbox.reset();
  assert.equal((await ask.payout("FAULT_500_ONCE-a")).status, 500);
});

test("a fault that revokes a token revokes no other", async () => {
  const [token, otherToken] = [await newToken(sandbox), await newToken(sandbox)];
  await askPayout(sandbox, "FAULT_TOKEN_EXPIRED", token);
  assert.equal((await askPayout(sandbox, "EMPTY", token)).status, 401);
  assert.equal((await askPayout(sandbox, "EMPTY", otherToken)).status, 200);
  const [session, otherSession] = [await newSession(sandbox), await newSession(sandbox)];
  await askBilling(session, "FAULT_TOKEN_EXPIRED");
  assert.match((await askBilling(session, "BK_CARD_001")).json().PCD_PAY_MSG, /인증세션/);
  assert.equal((await askBilling(otherSession, "BK_CARD_001")).json().PCD_PAY_CODE, "0000");
});

test("queued faults are played in their order and as often as asked, then no more", async () => {
  sandbox.queueFault({ endpoint: "payout", fault: "503_HTML", times: 2 });
  sandbox.queueFault({ endpoint: "payout", fault: "FAULT_EMPTY_BODY", times: 1 });
  const statuses = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await ask.payout("EMPTY")).status);
  assert.deepEqual(statuses, [503, 503, 200, 200]);
  assert.equal(sandbox.stats().faults.FAULT_503_HTML.attempts, 2);
});

test("a queued transient fault lasts as often as it says by itself", async () => {
  sandbox.queueFault({ endpoint: "token", fault: "503_TWICE" });
  const statuses = [];
  for (let i = 0; i < 3; i += 1) statuses.push((await askToken(sandbox)).status);
  assert.deepEqual(statuses, [503, 503, 200]);
});

test("a fault does not spoil the sample it was played on", async () => {
  sandbox.queueFault({ endpoint: "payout", fault: "FOREIGN_ROWS", times: 1 });
  assert.equal((await ask.payout("ROWS_5")).json().list[0].cst_id, "stranger");
  assert.equal((await ask.payout("ROWS_5")).json().list[0].cst_id, "test");
});

test("without a trap, hostile addresses lead to a closed port", async () => {
  const bare = await startSandbox();
  bare.queueFault({ endpoint: "auth", fault: "HOST_OTHER_PORT" });
  assert.equal((await newSession(bare)).PCD_PAY_HOST, "http://127.0.0.1:9");
  await bare.close();
});

test("parameters change what a fault does", async () => {
  assert.equal((await ask.payout("FAULT_429_RETRY_AFTER-7")).headers["retry-after"], "7");
  assert.ok((await ask.payout("FAULT_HUGE_BODY-2")).bytes.length < 2.1 * 2 ** 20);
});

// ---- How a fault looks from outside ----

/**
 * @param {string} name of the fault
 * @param {Endpoint} endpoint
 * @returns {HowToLook & { match: string[] }}
 */
function lookAt(name, endpoint) {
  const family = families.find(({ pattern }) => pattern.test(name));
  const found = looks[name] ?? family?.look;
  assert.ok(found, `no test looks at ${name}`);
  // At full size once is enough for a test run.
  const isLarge = (name === "GZIP_BOMB" || name === "HUGE_BODY") && endpoint !== "payout";
  return {
    ...(typeof found === "function" ? { look: found } : found),
    ...(isLarge && { parameter: "1" }),
    match: family?.pattern.exec(name) ?? [],
  };
}

/**
 * The right reply, as a caller would read it that only minds the codes.
 * @param {Seen} seen
 * @param {Endpoint} endpoint
 * @param {string} key
 */
function assertRight(seen, endpoint, key) {
  assert.equal(seen.failed, undefined);
  assert.equal(seen.status, 200);
  assertRightBody(seen.json(), endpoint, key);
}

/** @param {Reply} body @param {Endpoint} endpoint @param {string} key */
function assertRightBody(body, endpoint, key) {
  if (endpoint === "token") assert.equal(body.result, "T0000");
  if (endpoint === "auth") assert.equal(body.result, "success");
  if (endpoint === "payout") {
    assert.equal(body.result, "A0000");
    for (const row of Array.isArray(body.list) ? body.list : []) assert.equal(row.group_key, key);
  }
  if (endpoint === "billing") {
    assert.deepEqual([body.PCD_PAY_RST, body.PCD_PAY_CODE], ["success", "0000"]);
    assert.equal(body.PCD_PAYER_ID, key);
  }
}

/** After a fault that a client gets over, the token it got must serve. */
async function assertTokenWorks(/** @type {Endpoint} */ endpoint) {
  const seen = endpoint === "token" ? await askToken(sandbox) : await askAuth(sandbox);
  const reply = JSON.parse(seen.text.replace(/^\ufeff/, ""));
  if (endpoint === "token")
    return assertRight(await askPayout(sandbox, "EMPTY", reply.access_token), "payout", "EMPTY");
  return assertRight(
    await askBilling(reply, "BK_CARD_001", { url: sandbox.origin + LOOKUP }),
    "billing",
    "BK_CARD_001",
  );
}

function html(/** @type {number} */ status) {
  return (/** @type {Seen} */ seen) => {
    assert.equal(seen.status, status);
    assert.match(seen.headers["content-type"], /text\/html/);
    assert.match(seen.text, /^<!DOCTYPE html>/);
  };
}

/**
 * Right, except for the text around or in it: `check` sees what `JSON.parse` makes of it.
 * @param {(reply: any, endpoint: Endpoint, key: string) => unknown} check
 * @returns {(seen: Pick<Seen, "status" | "json">, endpoint: Endpoint, key: string) => void}
 */
function body(check) {
  return (seen, endpoint, key) => {
    assert.equal(seen.status, 200);
    check(seen.json(), endpoint, key);
  };
}

/**
 * @param {(text: string, endpoint: Endpoint, key: string) => unknown} check
 * @returns {Look}
 */
function text(check) {
  return (seen, endpoint, key) => {
    assert.equal(seen.status, 200);
    assert.equal(seen.failed, undefined);
    check(seen.text, endpoint, key);
  };
}

/** @param {number} status @returns {Look} */
function errorJson(status) {
  const codes = {
    token: "T0300",
    auth: "AUTH0003",
    payout: status === 401 ? "T0321" : "N0101",
    billing: status === 401 ? "SESS0001" : "SPCD0001",
  };
  return (seen, endpoint) => {
    assert.equal(seen.status, status);
    assert.equal(codeIn(seen.json(), endpoint), codes[endpoint]);
  };
}

function codeIn(/** @type {Reply} */ reply, /** @type {Endpoint} */ endpoint) {
  if (endpoint === "auth") return /\[([A-Z]+\d+)\]/.exec(reply.result_msg)?.[1];
  return endpoint === "billing" ? reply.PCD_PAY_CODE : reply.result;
}

function refusal(/** @type {string} */ code) {
  return body((reply, endpoint) => assert.equal(codeIn(reply, endpoint), code));
}

function field(/** @type {string} */ name, /** @type {unknown} */ value) {
  return body((reply) => assert.deepEqual(reply[name], value));
}

/**
 * The third row lacks the field, or has this value there; the others are whole.
 * @param {string} name
 * @param {unknown} value
 */
function thirdRow(name, value) {
  return body(({ list }) => {
    assert.deepEqual(list[2][name], value);
    assert.ok(list[1][name]);
  });
}

function optional(/** @type {unknown} */ value) {
  return body((reply, endpoint, key) => {
    assertRightBody(reply, endpoint, key);
    if (endpoint === "payout")
      assert.deepEqual(
        [reply.message, reply.list[0].sub_id, reply.list[3].print_content],
        [value, value, value],
      );
    if (endpoint === "billing")
      assert.deepEqual(
        [reply.PCD_PAYER_NAME, reply.PCD_PAYER_HP, reply.PCD_PAY_ISTAX],
        [value, value, value],
      );
    if (endpoint === "token") assert.deepEqual([reply.message, reply.token_type], [value, value]);
    if (endpoint === "auth")
      assert.deepEqual([reply.server_name, reply.return_url], [value, value]);
  });
}

/** @returns {Look} */
function twice() {
  return (seen, endpoint) => {
    const names = {
      token: "access_token",
      auth: "AuthKey",
      payout: "tran_amt",
      billing: "PCD_PAY_CARDNUM",
    };
    const name = names[endpoint];
    const first = endpoint === "payout" ? seen.text.slice(0, seen.text.indexOf("}")) : seen.text;
    const values = [...first.matchAll(new RegExp(`"${name}":"([^"]*)"`, "g"))].map(
      (match) => match[1],
    );
    assert.equal(values.length, 2);
    assert.notEqual(values[0], values[1]);
    assert.ok(seen.json());
  };
}

/**
 * An authentication reply that sends its reader elsewhere.
 * @param {(reply: Reply, trap: string) => unknown} check
 */
function address(check) {
  return body((reply) => {
    assert.equal(reply.result, "success");
    assert.equal(reply.AuthKey.length, 376);
    check(reply, `${new URL(sandbox.trap.origin).host}`);
  });
}

/** @param {(ports: { trap: number, own: number }) => string} expected */
function host(expected) {
  return address((reply) => {
    const wanted = expected({ trap: sandbox.trap.port, own: sandbox.port });
    assert.equal(reply.PCD_PAY_HOST, wanted);
    assert.equal(reply.return_url, wanted + reply.PCD_PAY_URL);
  });
}

const LOOKUP = "/php/cPayUser/api/cPayUserAct.php?ACT_=PUSERINFO";
const EXPIRED = body((reply, endpoint) => {
  if (endpoint === "payout") assert.equal(reply.result, "T0321");
  else assert.match(reply.PCD_PAY_MSG, /인증세션이 만료되었습니다/);
});
const SOME_BYTES_THEN = (/** @type {string} */ failure) => (/** @type {Seen} */ seen) => {
  assert.equal(seen.failed, failure);
  assert.equal(seen.status, 200);
  assert.ok(seen.bytes.length > 0 && seen.bytes.length < Number(seen.headers["content-length"]));
};

/** @type {Record<string, Look | HowToLook>} */
const looks = {
  RESET_BEFORE_REPLY: ({ failed, status }) =>
    assert.deepEqual([failed, status], ["ECONNRESET", undefined]),
  RESET_ONCE: ({ failed }) => assert.equal(failed, "ECONNRESET"),
  RESET_IN_BODY: SOME_BYTES_THEN("ECONNRESET"),
  CLOSED_IN_BODY: SOME_BYTES_THEN("ECONNRESET"),
  NOT_HTTP: ({ failed }) => assert.match(String(failed), /^HPE_/),
  NO_ANSWER: {
    timeoutMs: 60,
    look: ({ failed, status }) => assert.deepEqual([failed, status], ["TIMEOUT", undefined]),
  },
  SLOW_DRIP: {
    parameter: "50",
    timeoutMs: 500,
    look(seen) {
      assert.equal(seen.failed, "TIMEOUT");
      assert.match(seen.text, /^\{"/);
      assert.ok(seen.bytes.length < 12, `${seen.bytes.length} bytes`);
    },
  },
  SLOW_ANSWER: { parameter: "30", look: assertRight },
  "500_HTML": html(500),
  "502_HTML": html(502),
  "503_HTML": html(503),
  "500_ONCE": html(500),
  "503_TWICE": html(503),
  "404_HTML": html(404),
  401: html(401),
  429(seen) {
    html(429)(seen);
    assert.equal(seen.headers["retry-after"], undefined);
  },
  "429_RETRY_AFTER": ({ status, headers }) =>
    assert.deepEqual([status, headers["retry-after"]], [429, "1"]),
  "429_ONCE": ({ status, headers }) =>
    assert.deepEqual([status, headers["retry-after"]], [429, "1"]),
  REDIRECT_307_ELSEWHERE: ({ status, headers }) =>
    assert.deepEqual([status, headers.location], [307, `${sandbox.trap.origin}/redirected`]),

  TRUNCATED_JSON(seen) {
    assert.equal(Number(seen.headers["content-length"]), seen.bytes.length);
    assert.throws(() => seen.json(), SyntaxError);
  },
  JSON_THEN_GARBAGE: text((all, endpoint, key) => {
    assert.throws(() => JSON.parse(all), SyntaxError);
    assertRightBody(JSON.parse(all.slice(0, all.lastIndexOf("\n"))), endpoint, key);
  }),
  EMPTY_BODY: text((all) => assert.equal(all, "")),
  PLAIN_TEXT: text((all) => assert.equal(all, "OK")),
  "200_HTML": html(200),
  JSON_ARRAY: body((reply, endpoint, key) => assertRightBody(reply[0], endpoint, key)),
  JSON_STRING: body((reply, endpoint, key) => assertRightBody(JSON.parse(reply), endpoint, key)),
  JSON_NULL: body((reply) => assert.equal(reply, null)),
  EMPTY_OBJECT: body((reply) => assert.deepEqual(reply, {})),
  EUC_KR(seen, endpoint, key) {
    assert.throws(() => new TextDecoder("utf-8", { fatal: true }).decode(seen.bytes));
    const decoded = new TextDecoder("euc-kr", { fatal: true }).decode(seen.bytes);
    assert.match(decoded, /[가-힣]{2}/);
    assertRightBody(JSON.parse(decoded), endpoint, key);
  },
  DEEP_NESTING: text((all) => assert.ok(all.includes('{"result":'.repeat(50_000)))),
  HUGE_BODY(seen, endpoint, key) {
    assert.equal(seen.headers["content-length"], undefined);
    assert.ok(seen.bytes.length > (key.endsWith("-1") ? 1 : 20) * 2 ** 20);
    assertRight(seen, endpoint, key);
  },
  GZIP_BOMB(seen, endpoint, key) {
    assert.equal(seen.headers["content-encoding"], "gzip");
    assert.ok(seen.bytes.length < 2 ** 20);
    const inflated = gunzipSync(seen.bytes);
    const padding = (key.endsWith("-1") ? 1 : 80) * 2 ** 20;
    const ends = Buffer.concat([inflated.subarray(0, 1), inflated.subarray(padding + 1)]);
    assertRightBody(JSON.parse(ends.toString()), endpoint, key);
  },
  BOM(seen, endpoint, key) {
    assert.deepEqual([...seen.bytes.subarray(0, 4)], [0xef, 0xbb, 0xbf, 0x20]);
    assertRightBody(JSON.parse(seen.text.slice(1)), endpoint, key);
  },
  WRONG_CONTENT_TYPE(seen, endpoint, key) {
    assert.equal(seen.headers["content-type"], "text/html");
    assertRight(seen, endpoint, key);
  },
  EXTRA_FIELDS(seen, endpoint, key) {
    assertRight(seen, endpoint, key);
    assert.match(seen.text, /^\{"__proto__":/);
  },
  "400_JSON": errorJson(400),
  "500_JSON": errorJson(500),
  "401_JSON": errorJson(401),

  WRONG_CODE_ECHO: field("code", "zz99999999"),
  MISSING_CODE_ECHO: field("code", undefined),
  TOKEN_MISSING: field("access_token", undefined),
  TOKEN_NULL: field("access_token", null),
  TOKEN_EMPTY: field("access_token", ""),
  TOKEN_CONTROL_CHARACTERS: body(({ access_token: token }) =>
    assert.match(token, /.\r\nX-Injected: 1$/s),
  ),
  TOKEN_NON_LATIN1: body(({ access_token: token }) => assert.match(token, /토큰$/)),
  DUPLICATE_KEYS: twice(),
  RESULT_MISSING: field("result", undefined),
  RESULT_NULL: field("result", null),
  EXPIRES_IN_0: field("expires_in", "0"),
  EXPIRES_IN_NEGATIVE: field("expires_in", "-1"),
  EXPIRES_IN_WORDS: field("expires_in", "abc"),
  EXPIRES_IN_HUGE: field("expires_in", "999999"),
  EXPIRES_IN_INTEGER: field("expires_in", 60),
  EXPIRES_IN_MISSING: field("expires_in", undefined),
  MISSING_OPTIONAL_FIELDS: optional(undefined),
  NULL_OPTIONAL_FIELDS: optional(null),
  EMPTY_OPTIONAL_FIELDS: optional(""),
  NUMBERS_FOR_STRINGS: body((reply, endpoint, key) => {
    assertRightBody(reply, endpoint, key);
    if (endpoint === "token") assert.equal(reply.expires_in, 60);
    if (endpoint === "auth") assert.equal(reply.result_msg, 0);
    if (endpoint === "payout")
      assert.deepEqual(
        [reply.total, reply.count, reply.list[0].tran_amt, reply.list[0].remain_amt],
        [4000, 4, 1000, 9988000],
      );
    if (endpoint === "billing")
      assert.deepEqual([reply.PCD_PAY_CARD, reply.PCD_PAYER_NAME], [200, 777]);
  }),

  AUTHKEY_MISSING: field("AuthKey", undefined),
  AUTHKEY_NULL: field("AuthKey", null),
  AUTHKEY_EMPTY: field("AuthKey", ""),
  PAIR_MISSING: body((reply) =>
    assert.deepEqual([reply.cst_id, reply.custKey], [undefined, undefined]),
  ),
  RESULT_MISSING_WITH_ERROR: body((reply) => {
    assert.deepEqual(Object.keys(reply), ["result_msg"]);
    assert.match(reply.result_msg, /\[AUTH0003\]/);
  }),
  ERROR_WITH_INSTITUTION: body((reply) =>
    assert.match(
      reply.result_msg ?? reply.PCD_PAY_MSG,
      /^\[Test\] \[(AUTH0003|SPCD1001)\] 3143 - ./,
    ),
  ),
  AUTH0005_ONCE: refusal("AUTH0005"),

  HOST_OTHER: host(({ trap }) => `http://localhost:${trap}`),
  HOST_OTHER_PORT: host(({ trap }) => `http://127.0.0.1:${trap}`),
  HOST_OTHER_SCHEME: host(({ own }) => `https://127.0.0.1:${own}`),
  HOST_USERINFO: host(({ own, trap }) => `http://127.0.0.1:${own}@127.0.0.1:${trap}`),
  HOST_USERINFO_OWN: host(({ own }) => `http://user:password@127.0.0.1:${own}`),
  HOST_IPV6: host(({ trap }) => `http://[::ffff:127.0.0.1]:${trap}`),
  HOST_DECIMAL: host(({ trap }) => `http://2130706433:${trap}`),
  HOST_PUNYCODE: host(() => "http://democpay.xn--pyple-4ve.example"),
  HOST_UNICODE: host(({ trap }) => `http://①②⑦.⓪.⓪.①:${trap}`),
  HOST_TRAILING_DOT: host(({ trap }) => `http://localhost.:${trap}`),
  HOST_PREFIX: host(({ own }) => `http://127.0.0.1.example:${own}`),
  HOST_BACKSLASH: host(({ own, trap }) => `http://127.0.0.1:${trap}\\@127.0.0.1:${own}`),
  HOST_FILE: host(() => "file:///etc"),
  HOST_WORDS: host(() => "democpay"),
  PATH_ABSOLUTE: address((reply) => assert.equal(reply.PCD_PAY_URL, sandbox.origin + LOOKUP)),
  PATH_WITHOUT_SLASH: address((reply) => assert.equal(reply.PCD_PAY_URL, LOOKUP.slice(1))),
  PATH_ABSOLUTE_ELSEWHERE: address((reply) =>
    assert.equal(reply.PCD_PAY_URL, sandbox.trap.origin + LOOKUP),
  ),
  PATH_DOUBLE_SLASH: address((reply, trap) =>
    assert.equal(reply.PCD_PAY_URL, `//${trap}${LOOKUP}`),
  ),
  PATH_AT: address((reply, trap) =>
    assert.equal(reply.return_url, `${sandbox.origin}@${trap}${LOOKUP}`),
  ),
  PATH_DOTS: address((reply) => assert.equal(reply.PCD_PAY_URL, `/php/../admin${LOOKUP}`)),
  PATH_OUTSIDE: address((reply) =>
    assert.equal(reply.return_url, `${sandbox.origin}/admin/export?ACT_=PUSERINFO`),
  ),
  RETURN_URL_ONLY: address((reply) =>
    assert.deepEqual(
      [reply.PCD_PAY_HOST, reply.PCD_PAY_URL, reply.return_url],
      [undefined, undefined, sandbox.origin + LOOKUP],
    ),
  ),
  HOST_MISSING: address((reply) =>
    assert.deepEqual(
      [reply.PCD_PAY_HOST, reply.PCD_PAY_URL, reply.return_url],
      [undefined, LOOKUP, sandbox.origin + LOOKUP],
    ),
  ),
  RETURN_URL_ONLY_ELSEWHERE: address((reply) =>
    assert.deepEqual(
      [reply.PCD_PAY_HOST, reply.return_url],
      [undefined, sandbox.trap.origin + LOOKUP],
    ),
  ),
  RETURN_URL_ELSEWHERE: address((reply) =>
    assert.deepEqual(
      [reply.PCD_PAY_HOST, reply.return_url],
      [sandbox.origin, sandbox.trap.origin + LOOKUP],
    ),
  ),
  ADDRESS_MISSING: address((reply) =>
    assert.deepEqual(
      [reply.PCD_PAY_HOST, reply.PCD_PAY_URL, reply.return_url],
      [undefined, undefined, undefined],
    ),
  ),

  BILLING_TRAN_ID_MISSING: thirdRow("billing_tran_id", undefined),
  BILLING_TRAN_ID_NULL: thirdRow("billing_tran_id", null),
  ROW_GROUP_KEY_MISSING: thirdRow("group_key", undefined),
  ROW_CST_ID_MISSING: thirdRow("cst_id", undefined),
  REQUEST_DATE_MISSING: thirdRow("request_date", undefined),
  REQUEST_DATE_IMPOSSIBLE: thirdRow("request_date", "2021-13-45 99:99:99"),
  ROW_NOT_AN_OBJECT: body(({ list }) => assert.equal(list[2], "row")),
  LIST_OBJECT: body((reply) =>
    assert.deepEqual([reply.total, reply.count, reply.list.tran_amt], ["1000", "1", "1000"]),
  ),
  LIST_NULL: body((reply) =>
    assert.deepEqual([reply.total, reply.count, reply.list], ["0", "0", null]),
  ),
  LIST_ABSENT: body((reply) =>
    assert.deepEqual(Object.keys(reply), ["result", "message", "total", "count"]),
  ),
  LIST_EMPTY_TEXT: body((reply) =>
    assert.deepEqual([reply.total, reply.count, reply.list], ["0", "0", ""]),
  ),
  LIST_TEXT: field("list", "rows"),
  LIST_NUMBER: field("list", 4),
  LIST_LOST: body((reply) =>
    assert.deepEqual([reply.total, reply.count, reply.list], ["4000", "4", undefined]),
  ),
  TOTAL_AND_COUNT_DISAGREE: body((reply) =>
    assert.deepEqual([reply.total, reply.count, reply.list.length], ["5000", "5", 4]),
  ),
  FOREIGN_ROWS(seen, _endpoint, key) {
    for (const row of seen.json().list) assert.ok(row.cst_id !== "test" && row.group_key !== key);
  },
  A0001_ONCE: refusal("A0001"),
  CODE_ONLY_IN_MESSAGE: body((reply) => {
    assert.ok(!Object.hasOwn(reply, "PCD_PAY_CODE"));
    assert.match(reply.PCD_PAY_MSG, /^\[Test\] \[SPCD0001\] - ./);
  }),
  TOKEN_EXPIRED_WITHOUT_CODE: body((reply, ...rest) => {
    assert.ok(!Object.hasOwn(reply, "PCD_PAY_CODE"));
    EXPIRED({ status: 200, json: () => reply }, ...rest);
  }),
  UNKNOWN_CODE: body((reply, endpoint) => assert.match(codeIn(reply, endpoint), /^Z+9876$/)),
  TOKEN_REVOKED: (seen, endpoint, key) => {
    assert.equal(seen.status, endpoint === "payout" ? 401 : 200);
    EXPIRED({ ...seen, status: 200 }, endpoint, key);
  },
  TOKEN_EXPIRED: EXPIRED,
  TOKEN_REFUSED: EXPIRED,

  WRONG_PAYER_ID: body((reply, _endpoint, key) =>
    assert.ok(reply.PCD_PAY_CODE === "0000" && reply.PCD_PAYER_ID !== key),
  ),
  TYPE_MISSING: field("PCD_PAY_TYPE", undefined),
  CARD_MISSING: body((reply) =>
    assert.deepEqual(
      [reply.PCD_PAY_TYPE, reply.PCD_PAY_CARD, reply.PCD_PAY_CARDNUM],
      ["card", undefined, undefined],
    ),
  ),
  RST_MISSING: body((reply) =>
    assert.deepEqual([reply.PCD_PAY_RST, reply.PCD_PAY_CODE], [undefined, "0000"]),
  ),
  CODE_MISSING: body((reply) =>
    assert.deepEqual([reply.PCD_PAY_RST, reply.PCD_PAY_CODE], ["success", undefined]),
  ),
  RST_EMPTY_WITH_ERROR: body((reply) =>
    assert.deepEqual([reply.PCD_PAY_RST, reply.PCD_PAY_CODE], ["", "SPCD0001"]),
  ),
  SUCCESS_WITH_ERROR_CODE: body((reply) =>
    assert.deepEqual([reply.PCD_PAY_RST, reply.PCD_PAY_CODE], ["success", "SPCD0001"]),
  ),
  ERROR_WITH_SUCCESS_CODE: body((reply) =>
    assert.deepEqual([reply.PCD_PAY_RST, reply.PCD_PAY_CODE], ["error", "0000"]),
  ),
};

/**
 * What each bad amount is in the JSON text; the field is the family's.
 * @type {Record<string, string>}
 */
const badJson = {
  NEGATIVE: '"-1000"',
  FRACTIONAL: '"1000.5"',
  EXPONENT: "1e3",
  FLOAT: "1000.0",
  HUGE: '"99999999999999999999999"',
  UNSAFE: '"9007199254740993"',
  COMMA: '"1,000"',
  FULL_WIDTH: '"１０００"',
  WORDS: '"천원"',
  BOOLEAN: "true",
  EMPTY: '""',
  NULL: "null",
};
/** @type {Record<string, string>} */
const amountFields = { AMOUNT: "tran_amt", LIMIT: "remain_amt", TOTAL: "total", COUNT: "count" };

/** @type {{ pattern: RegExp, look: Look }[]} */
const families = [
  {
    pattern: /^REDIRECT_(\d{3})$/,
    look: ({ status, headers }, _endpoint, _key, [, wanted]) =>
      assert.deepEqual([status, headers.location], [Number(wanted), "/__sandbox/redirected"]),
  },
  {
    pattern: /^(T0\d{3}|A0\d{3}|AUTH000\d)$/,
    look: (seen, endpoint, key, [code]) => refusal(code)(seen, endpoint, key),
  },
  {
    pattern: /^(AMOUNT|LIMIT|TOTAL|COUNT)_MISSING$/,
    look(seen, _endpoint, _key, [, family]) {
      const reply = seen.json();
      const inRow = family === "AMOUNT" || family === "LIMIT";
      assert.ok(!Object.hasOwn(inRow ? reply.list[0] : reply, amountFields[family]));
      if (inRow) assert.ok(Object.hasOwn(reply.list[1], amountFields[family]));
    },
  },
  {
    pattern: /^(AMOUNT|LIMIT|TOTAL|COUNT)_(?!MISSING)(.+)$/,
    look(seen, _endpoint, _key, [, family, name]) {
      const [bad] = [
        ...seen.text.matchAll(new RegExp(`"${amountFields[family]}":("[^"]*"|[^,}]*)`, "g")),
      ];
      assert.equal(bad[1], badJson[name]);
      assert.equal(seen.json().result, "A0000");
    },
  },
];
