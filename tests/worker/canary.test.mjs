// Every secret and every person's value is a text of its own here, and none of them turns up where
// it must not.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { faults, startSandbox } from "../../sandbox/index.mjs";
import { cookieOf, eventually, Response, startWorkers } from "./workers.mjs";

/**
 * @import { ResponseInit, Request as ServiceRequest } from "miniflare"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Workers } from "./workers.mjs"
 */

const canary = (/** @type {string} */ what) => `canary-${what}-${"x7Qz".repeat(4)}`;
const SECRETS = {
  PAYPLE_CST_ID: canary("id"),
  PAYPLE_CUST_KEY: canary("key"),
  PAYPLE_HUB_CST_ID: canary("hub-id"),
  PAYPLE_HUB_CUST_KEY: canary("hub-key"),
  // Random, as the Worker demands, and found by its beginning all the same.
  ADMIN_TOKEN: `canary-admin-${randomBytes(16).toString("hex")}`,
  SESSION_SECRET: `canary-session-${randomBytes(16).toString("hex")}`,
};
const GROUP = canary("group");
const PAYER = canary("payer");
const PEOPLE = {
  name: "홍카나",
  phone: "01077653321",
  account: "9977-1234-5566-778899",
  print: "카나리적요",
};
const TOKEN = canary("access-token");
const AUTH = {
  cst_id: canary("encoded-id"),
  custKey: canary("encoded-key"),
  AuthKey: canary("auth-key"),
};

describe("a run full of canaries", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  /** @type {string[]} */
  const sentUrls = [];
  /** @type {{ what: string, status: number, headers: [string, string][], text: string }[]} */
  const answers = [];
  before(async () => {
    sandbox = await startSandbox();
    workers = await startWorkers({
      cage: { settings: SECRETS, services: { PAYPLE_EGRESS: payple } },
      faulty: {
        settings: {
          ...SECRETS,
          PAYPLE_ENVIRONMENT: canary("environment"),
          PAYPLE_REFERER: canary("referer"),
          PAYPLE_HUB_ORIGIN: canary("origin"),
        },
      },
    });
    await run();
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });

  /**
   * Payple at its most careless: it tells in messages and in spoilt replies whatever it was sent,
   * and accounts.
   */
  async function payple(/** @type {ServiceRequest} */ request) {
    sentUrls.push(request.url);
    const path = new URL(request.url).pathname;
    /** @type {any} */
    const asked = await request.json();
    const key = asked.group_key ?? asked.PCD_PAYER_ID;
    const everything = JSON.stringify([
      PEOPLE.account,
      PEOPLE.phone,
      request.headers.get("Authorization"),
      asked,
    ]);
    /** @type {(body: unknown, init?: ResponseInit) => InstanceType<typeof Response>} */
    const reply = (body, init) =>
      new Response(typeof body === "string" ? body : JSON.stringify(body), init);
    if (path === "/oauth/token") {
      return reply({
        result: "T0000",
        message: everything,
        code: asked.code,
        access_token: TOKEN,
        token_type: "Bearer",
        expires_in: "60",
      });
    }
    if (path === "/php/auth.php") {
      const [PCD_PAY_HOST, PCD_PAY_URL] = [
        "https://democpay.payple.kr",
        "/php/act.php?ACT_=PUSERINFO",
      ];
      return reply({
        result: "success",
        result_msg: everything,
        ...AUTH,
        PCD_PAY_HOST,
        PCD_PAY_URL,
        return_url: PCD_PAY_HOST + PCD_PAY_URL,
      });
    }
    if (key.startsWith("refuse-")) {
      return reply({
        result: "A0009",
        message: everything,
        PCD_PAY_RST: "error",
        PCD_PAY_CODE: "SPCD0001",
        PCD_PAY_MSG: everything,
      });
    }
    if (key.startsWith("break-"))
      return reply(everything.slice(0, -1), { status: Number(key.slice(6)) });
    if (key.startsWith("mistype-")) {
      return reply({
        result: "A0000",
        message: everything,
        total: everything,
        count: TOKEN,
        list: [{ [TOKEN]: everything, tran_amt: PEOPLE.account }],
      });
    }
    if (path === "/request/result/group_key") {
      const row = {
        cst_id: SECRETS.PAYPLE_HUB_CST_ID,
        sub_id: PEOPLE.phone,
        group_key: GROUP,
        billing_tran_id: PAYER,
        print_content: PEOPLE.print,
      };
      const list = [
        { ...row, tran_amt: "1000", remain_amt: "9000", request_date: "2026-11-22 10:00:00" },
      ];
      return reply({ result: "A0000", message: "ok", total: "1000", count: "1", list });
    }
    return reply({
      PCD_PAY_RST: "success",
      PCD_PAY_CODE: "0000",
      PCD_PAY_MSG: "ok",
      PCD_PAY_TYPE: "transfer",
      PCD_PAYER_ID: PAYER,
      PCD_PAYER_NAME: PEOPLE.name,
      PCD_PAYER_HP: PEOPLE.phone,
      PCD_PAY_BANK: "004",
      PCD_PAY_BANKNAME: "국민",
      PCD_PAY_BANKNUM: PEOPLE.account,
      PCD_PAY_BANKACCTYPE: "개인",
    });
  }

  async function run() {
    const bearer = { Authorization: `Bearer ${SECRETS.ADMIN_TOKEN}` };
    const note = async (/** @type {string} */ what, /** @type {Response} */ response) =>
      answers.push({
        what,
        status: response.status,
        headers: [...response.headers],
        text: await response.text(),
      });
    const { cage, faulty } = workers;
    await note("group", await cage.payoutRequests(GROUP, bearer));
    await note("billing key", await cage.billingKey(PAYER, bearer));
    const signedIn = await cage.post("/api/session", { token: SECRETS.ADMIN_TOKEN });
    const cookie = {
      Cookie: cookieOf(signedIn),
      "Sec-Fetch-Site": "same-origin",
    };
    await note("sign-in", signedIn);
    await note("who am I", await cage.fetch("/api/session", { headers: cookie }));
    for (const key of [
      "refuse-",
      "break-200",
      "break-400",
      "break-401",
      "break-404",
      "break-500",
      "mistype-",
      " ",
      `${PAYER} ${TOKEN}`,
      canary("k").repeat(20),
    ]) {
      await note(`group ${key}`, await cage.payoutRequests(key, bearer));
      await note(`billing key ${key}`, await cage.billingKey(key, bearer));
    }
    for (const body of [
      { [PAYER]: GROUP },
      { groupKey: GROUP, more: TOKEN },
      { groupKey: [PAYER] },
      `"${PAYER}"`,
      `{"groupKey":"${PAYER}`,
    ]) {
      await note("body", await cage.post("/api/payout-requests", body, bearer));
      await note("body", await cage.post("/api/session", body));
    }
    await note(
      "wrong token",
      await cage.payoutRequests(GROUP, { Authorization: `Bearer ${SECRETS.ADMIN_TOKEN}x` }),
    );
    await note(
      "wrong cookie",
      await cage.payoutRequests(GROUP, { ...cookie, Cookie: `${cookie.Cookie}x` }),
    );
    await note(
      "cross-site",
      await cage.payoutRequests(GROUP, { ...cookie, "Sec-Fetch-Site": "cross-site" }),
    );
    await note("path", await cage.fetch(`/api/${PAYER}?key=${TOKEN}`));
    await note("path", await cage.fetch(`/${PAYER}?key=${TOKEN}`));
    await note(
      "method",
      await cage.fetch("/api/payout-requests", { method: "PUT", headers: bearer }),
    );
    await note("health", await cage.fetch("/healthz"));
    await note("faulty health", await faulty.fetch("/healthz"));
    await note("faulty look-up", await faulty.payoutRequests(GROUP, bearer));
    await note("sign-out", await cage.fetch("/api/session", { method: "DELETE", headers: cookie }));
  }

  const secrets = [...Object.values(SECRETS), TOKEN, ...Object.values(AUTH)];
  const everybodys = [...secrets, GROUP, PAYER, ...Object.values(PEOPLE), "canary"];
  const clean = (
    /** @type {string} */ where,
    /** @type {string} */ text,
    /** @type {string[]} */ forbidden,
  ) => {
    for (const value of forbidden) {
      for (const form of [
        value,
        encodeURIComponent(value),
        Buffer.from(value).toString("base64"),
        Buffer.from(value).toString("base64url"),
        Buffer.from(value).toString("hex"),
      ]) {
        assert.ok(!text.includes(form), `${where} shows ${value}: ${text.slice(0, 500)}`);
      }
    }
  };

  test("was a run of answers and of failures", () => {
    const statuses = new Set(answers.map(({ status }) => status));
    assert.deepEqual([...statuses].sort(), [200, 204, 400, 401, 403, 404, 405, 422, 500, 502, 503]);
    assert.ok(answers.length > 40 && sentUrls.length > 20);
  });

  test("leaves none in the log", async () => {
    await eventually(() => assert.ok(workers.logs().length >= answers.length));
    clean("the log", workers.logs().join("\n"), everybodys);
  });

  test("leaves none in KV", async () => {
    const kv = await workers.kv("cage");
    await eventually(async () => assert.equal((await kv.list()).keys.length, 2));
    for (const { name, metadata } of (await kv.list()).keys) {
      const value = Buffer.from(await kv.get(name, "arrayBuffer"));
      clean(
        "KV",
        `${name} ${JSON.stringify(metadata)} ${value.toString("latin1")} ${value.toString("utf8")} ${value.toString("hex")}`,
        everybodys,
      );
    }
  });

  test("leaves none in the access record", async () => {
    const records = await workers.records("cage");
    let count = 0;
    for (const chain of ["people", "refused", "programs-0"]) {
      const order = { read: { chain, filter: { subject_hashes: [] }, limit: 1_000 } };
      const stub = records.get(records.idFromName(chain));
      const body = JSON.stringify(order);
      const response = await stub.fetch("https://records/", { method: "POST", body });
      const { entries } = await response.json();
      count += entries.length;
      clean(`the record ${chain}`, JSON.stringify(entries), everybodys);
    }
    assert.ok(count > 10, `${count} entries`);
  });

  test("leaves none in a URL", () => {
    clean("a URL", sentUrls.join("\n"), everybodys);
  });

  test("leaves none in a header or an error", () => {
    for (const { what, status, headers, text } of answers) {
      clean(`a header of ${what}`, JSON.stringify(headers), everybodys);
      if (status !== 200) clean(`the error of ${what}`, text, everybodys);
    }
  });

  test("leaves no secret in an answer", () => {
    for (const { what, text } of answers.filter(({ status }) => status === 200)) {
      // A row names its partner: that is what the look-up is for.
      clean(
        `the answer of ${what}`,
        text,
        secrets.filter((secret) => what !== "group" || secret !== SECRETS.PAYPLE_HUB_CST_ID),
      );
    }
  });

  test("holds for every fault that the sandbox knows", async () => {
    const known = ["test", "abcd1234567890"];
    const own = await startWorkers({ all: { origin: sandbox.origin } });
    try {
      const keys = faults.filter(
        ({ key }) =>
          !/NO_ANSWER|SLOW|429|HUGE|BOMB|TWICE|ONCE|RESET|CLOSED|NOT_HTTP|50\d/.test(key),
      );
      let asked = 0;
      for (const { key, endpoints } of keys) {
        for (const endpoint of endpoints) {
          if (endpoint === "token" || endpoint === "auth") continue;
          const isHub = endpoint === "payout";
          const response = await (isHub ? own.all.payoutRequests(key) : own.all.billingKey(key));
          asked += 1;
          const text = await response.text();
          if (response.status !== 200)
            clean(key, text, [known[1], "Bearer ", "홍길동", "010-1234-5678"]);
        }
      }
      assert.ok(asked > 50);
      await eventually(() => assert.equal(own.events("request").length, asked));
      clean("the log", own.logs().join("\n"), [known[1], "FAULT_", "홍길동"]);
    } finally {
      await own.close();
    }
  });
});
