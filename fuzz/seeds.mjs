// Seeds for the fuzz targets: what the sandbox really answers, well and by every fault. `node
// fuzz/seeds.mjs <folder>` writes a folder of files for each target that reads replies, and a few
// hand-made inputs for the others.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { faults, startSandbox } from "../sandbox/index.mjs";

/** @import { Endpoint } from "../sandbox/index.d.ts" */

/** @typedef {{ status: number, text: string }} Reply */

const PAIR = { cst_id: "test", custKey: "abcd1234567890" };
// What the targets' own token request and look-ups ask for: replies must echo it to get anywhere.
const CODE = "a7elsz6dk3";
const PAYER_ID = "KEY-1-of-the-fuzz-target";
const HOST = "https://democpay.payple.kr";
const PATH = "/php/cPayUser/api/cPayUserAct.php?ACT_=PUSERINFO";
const TARGETS = {
  token: "token_reply",
  auth: "auth_reply",
  payout: "payout_reply",
  billing: "billing_reply",
};
// Larger ones slow every execution down and teach nothing that a small one does not.
const MAX_SEED_BYTES = 3_000;

const folder = process.argv[2];
const sandbox = await startSandbox();
/** The first character of a seed, by the status of the reply. @type {Record<number, string>} */
const statuses = { 302: "3", 404: "4", 401: "1", 429: "9", 503: "5" };

/** @type {Record<Endpoint, (key: string) => Promise<Reply>>} */
const ask = {
  token: () => post("/oauth/token", { ...PAIR, code: CODE }),
  auth: () => post("/php/auth.php", { ...PAIR, PCD_PAY_WORK: "PUSERINFO" }),
  async payout(key) {
    const { access_token: token } = JSON.parse((await ask.token(key)).text);
    return post(
      "/request/result/group_key",
      { ...PAIR, group_key: key },
      { Authorization: `Bearer ${token}` },
    );
  },
  async billing(key) {
    const auth = JSON.parse((await ask.auth(key)).text);
    const fields = {
      PCD_CST_ID: auth.cst_id,
      PCD_CUST_KEY: auth.custKey,
      PCD_AUTH_KEY: auth.AuthKey,
      PCD_PAYER_ID: key,
    };
    return post(auth.PCD_PAY_URL, fields);
  },
};

for (const key of [
  "Q0RSSkYzWUI3",
  "EMPTY",
  "ROWS_3",
  "REVIEW_TOTAL_MISMATCH",
  "REVIEW_LIMIT_EXCEEDED",
])
  keep("payout", key, await ask.payout(key));
for (const key of [
  "d0toSS9sT084bVJSNThScnFX",
  "NS9qNTgzU2xRNHR2RmFBWWFBTWk5UT09",
  "BK_OTHER",
  "BK_UNKNOWN",
])
  keep("billing", key, await ask.billing(key));
for (const endpoint of /** @type {const} */ (["token", "auth"]))
  keep(endpoint, undefined, await ask[endpoint](""));
for (const { key, endpoints, expect } of faults) {
  if (expect.kind === "timeout" || /BOMB|HUGE_BODY|DEEP/.test(key)) continue;
  for (const endpoint of endpoints) {
    sandbox.reset();
    const isPass = endpoint === "token" || endpoint === "auth";
    if (isPass) sandbox.queueFault({ endpoint, fault: key });
    keep(endpoint, isPass ? undefined : key, await ask[endpoint](key).catch(() => undefined));
  }
}
await sandbox.close();

for (const host of [
  HOST,
  `${HOST}/`,
  `${HOST}:443`,
  "https://evil.example",
  "",
  `${HOST}@evil.example`,
  "http://[::1]",
]) {
  for (const url of [PATH, PATH.slice(1), HOST + PATH, "//evil.example/x", "@evil.example", ""])
    write("url_join", `${host}\n${url}\n${HOST}${PATH}`);
}
for (const message of [
  "[AUTH0004] 등록되지 않은 도메인",
  "[Test] [AUTH0003] 3143 - 문의",
  "[Test] [] [AUTH",
  "abcd1234567890 110-222-333444",
]) {
  write("auth_message", message);
}
const line = { billingTranId: "a", subId: "s", printContent: "p", amount: 2_000 };
const lists = [
  [],
  [line],
  [{ amount: "1000" }],
  [line, line, { ...line, subId: undefined }],
  [
    { billingTranId: "b", amount: 5_000 },
    { subId: "s", amount: 5_000 },
  ],
  [{ ...line, amount: -1 }],
];
for (const expect of [
  undefined,
  null,
  {},
  { total: 21_000, count: "6" },
  { total: 1.5 },
  ...lists.map((requests) => ({ requests })),
]) {
  write("payout_question", JSON.stringify({ groupKey: "G", expect }));
}
for (const body of ['["canary"]', '{"groupKey":["canary"]}', '{"groupKey":"G","canary":1}'])
  write("payout_question", body);
const times = {
  id: "0000000000000007",
  issuedAtMs: 1_699_999_990_000,
  expiresAtMs: 1_700_000_050_000,
};
for (const token of ["token", "a b", undefined])
  write("stored_token", JSON.stringify({ ...times, token }));
for (const path of [PATH, "//evil.example", "/a#b"]) {
  const token = { cst_id: "id", cust_key: "key", auth_key: "auth", path };
  write("stored_partner_token", JSON.stringify({ ...times, token }));
}

/**
 * @param {string} path
 * @param {Record<string, string>} fields
 * @param {Record<string, string>} [headers]
 * @returns {Promise<Reply>}
 */
async function post(path, fields, headers) {
  const response = await fetch(new URL(path, sandbox.origin), {
    method: "POST",
    redirect: "manual",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(fields),
  });
  return {
    status: response.status,
    text: Buffer.from(await response.arrayBuffer()).toString("latin1"),
  };
}

/**
 * @param {Endpoint} endpoint
 * @param {string | undefined} asked the key that was asked for, where there is one
 * @param {Reply} [reply]
 */
function keep(endpoint, asked, reply) {
  if (!reply || reply.text.length > MAX_SEED_BYTES) return;
  let { text } = reply;
  if (asked) text = text.replaceAll(asked, endpoint === "payout" ? "G" : PAYER_ID);
  text = text
    .replaceAll(sandbox.origin.replaceAll("/", "\\/"), HOST.replaceAll("/", "\\/"))
    .replaceAll(sandbox.origin, HOST);
  write(TARGETS[endpoint], Buffer.from((statuses[reply.status] ?? " ") + text, "latin1"));
}

/** @param {string} target @param {string | Buffer} content */
function write(target, content) {
  mkdirSync(join(folder, target), { recursive: true });
  writeFileSync(
    join(folder, target, createHash("sha256").update(content).digest("hex").slice(0, 16)),
    content,
  );
}
