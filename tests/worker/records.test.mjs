// The access record: each act is on it before its answer leaves, and nothing leaves without it.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { parseRecordFile, verify } from "../../www/src/records/verify.ts";
import { ADMIN_TOKEN, cookieOf, problemOf, startWorkers } from "./workers.mjs";

/**
 * @import { AccessRecord, AccessRecords, AccessSummary } from "../../src/npm/js/models.d.ts"
 * @import { Problem } from "../../src/npm/js/models.d.ts"
 * @import { V4ModuleDefinition } from "miniflare"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Api, RequestHeaders, Workers } from "./workers.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";
const CARD = "d0toSS9sT084bVJSNThScnFX";
const SAME_ORIGIN = { "Sec-Fetch-Site": "same-origin" };
const [CLERK, BATCH, AUDITOR] = [1, 2, 3].map(() => randomBytes(32).toString("base64url"));
const named = (
  /** @type {string} */ name,
  /** @type {string} */ kind,
  /** @type {string} */ token,
  /** @type {string[]} */ roles,
) => ({
  name,
  kind,
  sha256: createHash("sha256").update(token).digest("hex"),
  roles,
  expires: "2099-12-31",
});
const NAMED_TOKENS = [
  named("clerk@shop.example", "person", CLERK, ["lookup", "export"]),
  named("batch", "program", BATCH, ["lookup"]),
  named("auditor@shop.example", "person", AUDITOR, ["audit"]),
];
/** @returns {RequestHeaders} */
const bearer = (/** @type {string} */ token) => ({ Authorization: `Bearer ${token}` });
/** What an entry of the summary counts by. */
const KINDS = /** @type {const} */ (["who", "method", "task", "outcome"]);
const CHAINS = ["people", "refused", "programs-0", "programs-1", "programs-2", "programs-3"];

const objectThat = (/** @type {string} */ does) => `
  export class AccessRecords { async fetch() { ${does}; } }
  export default { fetch() {} };`;

/**
 * Stands before the Worker's own module, and counts what its objects are asked.
 *
 * @type {V4ModuleDefinition}
 */
const COUNTED = {
  type: "ESModule",
  path: "main.js",
  contents: `
    import Worker, { AccessRecords as Records } from "./index.js";
    export * from "./index.js";
    let calls = 0;
    export class AccessRecords extends Records {
      fetch(request) {
        calls += 1;
        return super.fetch(request);
      }
    }
    export default class extends Worker {
      fetch(request) {
        return request.url.endsWith("/__calls") ? new Response(String(calls)) : super.fetch(request);
      }
    }`,
};

describe("the access record", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  before(async () => {
    sandbox = await startSandbox();
    const plan = { origin: sandbox.origin, settings: { NAMED_TOKENS } };
    // The object of a Worker of that name does this instead.
    const trouble = {
      failing: 'throw new Error("the object is down")',
      refusing: 'return new Response("no", { status: 500 })',
      full: 'throw new Error("database or disk is full: SQLITE_FULL")',
      hanging: "await new Promise(() => setInterval(() => {}, 1_000))",
      odd: 'return new Response("{}")',
    };
    const plans = Object.entries(trouble).flatMap(([name, does]) => [
      [name, { ...plan, records: `${name}Object` }],
      [`${name}Object`, { script: objectThat(does), records: `${name}Object` }],
    ]);
    workers = await startWorkers({
      here: plan,
      elsewhere: { ...plan, records: "here" },
      counted: { ...plan, before: [COUNTED] },
      ...Object.fromEntries(
        ["off", "optional", "required", "forbidden", "Required"].map((rule) => {
          const settings = { ...plan.settings, EXPORT_REASON: rule };
          return [`reason-${rule}`, { ...plan, settings, records: "here" }];
        }),
      ),
      ...Object.fromEntries(plans),
    });
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });

  /** What the object itself has, the oldest first. */
  const entriesOf = async (name = "here") => {
    const records = await workers.records(name);
    const pages = await Promise.all(
      CHAINS.map(async (chain) => {
        const order = { read: { chain, filter: { subject_hashes: [] }, limit: 1_000 } };
        const response = await records
          .get(records.idFromName(chain))
          .fetch("https://records/", { method: "POST", body: JSON.stringify(order) });
        /** @type {{ entries: AccessRecord[] }} */
        const { entries } = await response.json();
        return entries;
      }),
    );
    return pages.flatMap((entries) => entries.reverse());
  };
  /** The entries that `acts` add, without what is of no interest here. */
  const recordedBy = async (/** @type {() => Promise<void>} */ acts) => {
    const known = new Set((await entriesOf()).map(({ hash }) => hash));
    await acts();
    return (await entriesOf())
      .filter(({ hash }) => !known.has(hash))
      .map(({ who, method, task, outcome, rows = null }) => [who, method, task, outcome, rows]);
  };
  const signIn = async (/** @type {string} */ token, worker = workers.here) =>
    worker.post("/api/session", { token }, SAME_ORIGIN);
  const sessionOf = (/** @type {Response} */ response) => ({
    Cookie: cookieOf(response),
    ...SAME_ORIGIN,
  });
  const signOut = (/** @type {RequestHeaders} */ headers, worker = workers.here) =>
    worker.fetch("/api/session", { method: "DELETE", headers });
  const refused = async (
    /** @type {Response} */ response,
    /** @type {number} */ status,
    /** @type {string} */ kind,
  ) => {
    /** @type {Problem} */
    const problem = await response.json();
    assert.deepEqual([response.status, problem.kind], [status, kind]);
    return problem;
  };

  test("has each look-up, by whomever and however it ended", async () => {
    const clerk = "person clerk@shop.example";
    const entries = await recordedBy(async () => {
      const cookie = sessionOf(await signIn(CLERK));
      assert.equal((await workers.here.payoutRequests(GROUP, cookie)).status, 200);
      assert.equal((await workers.here.billingKey(CARD, bearer(CLERK))).status, 200);
      assert.equal((await workers.here.payoutRequests(GROUP, bearer(BATCH))).status, 200);
      assert.equal(
        (await workers.here.payoutRequests("NOT_FOUND", bearer(ADMIN_TOKEN))).status,
        422,
      );
      assert.equal((await workers.here.payoutRequests(GROUP, bearer(AUDITOR))).status, 403);
      assert.equal((await signOut(cookie)).status, 204);
      assert.equal((await signOut(cookie)).status, 204);
    });
    assert.deepEqual(entries, [
      [clerk, "token", "sign_in", "ok", null],
      [clerk, "session", "payout_requests", "ok", 4],
      [clerk, "token", "billing_key", "ok", 1],
      ["admin", "token", "payout_requests", "rejected", null],
      ["person auditor@shop.example", "token", "payout_requests", "role_missing", null],
      [clerk, "session", "sign_out", "ok", null],
      ["program batch", "token", "payout_requests", "ok", 4],
    ]);
  });

  test("has each of many billing keys that was looked up, and their answer waits for it", async () => {
    const payerIds = [CARD, "홍길동 국민은행", "BK_UNKNOWN"];
    const ask = (/** @type {Api} */ worker) =>
      worker.post("/api/billing-keys", { payerIds }, bearer(CLERK));
    const entries = await recordedBy(async () => {
      assert.equal((await ask(workers.here)).status, 200);
    });
    const clerk = "person clerk@shop.example";
    assert.deepEqual(entries, [
      [clerk, "token", "billing_key", "ok", 1],
      [clerk, "token", "billing_key", "rejected", null],
    ]);
    await refused(await ask(workers.failing), 503, "record_unavailable");
  });

  test("has each wrong token, wherever it was tried", async () => {
    const wrong = randomBytes(32).toString("base64url");
    const entries = await recordedBy(async () => {
      await refused(await signIn(wrong), 401, "not_signed_in");
      await refused(await workers.here.payoutRequests(GROUP, bearer(wrong)), 401, "not_signed_in");
      const headers = bearer(wrong);
      await refused(await workers.here.fetch("/api/session", { headers }), 401, "not_signed_in");
      assert.equal((await workers.here.fetch("/healthz", { headers })).status, 200);
      // Nobody tried anything here.
      await refused(await workers.here.fetch("/api/session"), 401, "not_signed_in");
      await refused(await workers.here.payoutRequests(GROUP, {}), 401, "not_signed_in");
    });
    assert.deepEqual(entries, Array(4).fill(["nobody", "none", "sign_in", "not_signed_in", null]));
  });

  test("has a program's token that was tried where people sign in", async () => {
    const entries = await recordedBy(async () => {
      await refused(await signIn(BATCH), 403, "role_missing");
    });
    assert.deepEqual(entries, [["program batch", "token", "sign_in", "role_missing", null]]);
    await refused(await signIn(BATCH, workers.failing), 503, "record_unavailable");
  });

  test("costs a look-up one call, which tells whether the session has ended as well", async () => {
    const { counted } = workers;
    const calls = async () => Number(await (await counted.fetch("/__calls")).text());
    const callsOf = async (/** @type {() => Promise<void>} */ act) => {
      const before = await calls();
      await act();
      return (await calls()) - before;
    };
    const cookie = sessionOf(await signIn(CLERK, counted));
    const copy = { ...cookie };
    const many = { payerIds: [CARD, "BK_CARD_001", "BK_CARD_002"] };
    /** @type {[act: () => Promise<Response>, status: number][]} */
    const acts = [
      [() => counted.payoutRequests(GROUP, cookie), 200],
      [() => counted.billingKey(CARD, cookie), 200],
      [() => counted.post("/api/billing-keys", many, cookie), 200],
      [() => counted.payoutRequests(GROUP, bearer(BATCH)), 200],
      [() => counted.fetch("/api/session", { headers: cookie }), 200],
      [() => signOut(cookie, counted), 204],
    ];
    for (const [act, status] of acts)
      assert.equal(await callsOf(async () => assert.equal((await act()).status, status)), 1);
    // The isolate that has ended a session remembers it.
    const again = async () => assert.equal((await counted.payoutRequests(GROUP, copy)).status, 401);
    assert.equal(await callsOf(again), 0);
  });

  test("says when, from where, and for which answer", async () => {
    const headers = { ...bearer(CLERK), "CF-Connecting-IP": "2001:DB8:0::7" };
    const before = Date.now();
    const response = await workers.here.payoutRequests("NOT_FOUND", headers);
    const { requestId } = await problemOf(response);
    const entry = (await entriesOf()).find((entry) => entry.requestId === requestId);
    assert.ok(entry);
    assert.equal(entry.address, "2001:db8::7");
    assert.match(entry.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+09:00$/);
    assert.ok(Date.parse(entry.at) >= before - 1 && Date.parse(entry.at) <= Date.now());

    const odd = { ...bearer(CLERK), "CF-Connecting-IP": "canary" };
    await workers.here.payoutRequests(GROUP, odd);
    const addresses = (await entriesOf()).map(({ address }) => address);
    assert.ok(addresses.includes("unknown") && !addresses.includes("canary"));
  });

  test("has an act of a session that had ended as such, and hands nothing out", async () => {
    const cookie = sessionOf(await signIn(CLERK));
    await signOut(cookie);
    const entries = await recordedBy(async () => {
      // The isolate that ended it asks nobody; another one is told by the record.
      await refused(await workers.here.payoutRequests(GROUP, cookie), 401, "not_signed_in");
      const response = await workers.elsewhere.payoutRequests(GROUP, cookie);
      await refused(response, 401, "not_signed_in");
    });
    const clerk = "person clerk@shop.example";
    assert.deepEqual(entries, [[clerk, "session", "payout_requests", "session_ended", null]]);
  });

  const action = (/** @type {unknown} */ body, headers = bearer(CLERK), worker = workers.here) =>
    worker.post("/api/actions", body, headers);
  /** @returns {Promise<AccessRecords>} */
  const read = async (query = "", headers = bearer(AUDITOR)) => {
    const response = await workers.here.fetch(`/api/access-records${query}`, { headers });
    assert.equal(response.status, 200);
    return response.json();
  };

  test("has each export and print with its reason, one entry for each billing key", async () => {
    const reason = "11월 정산 확인: 홍길동 요청";
    const entries = await recordedBy(async () => {
      const group = { action: "export", groupKey: GROUP, rows: 4, reason };
      assert.equal((await action(group)).status, 204);
      const keys = { action: "print", payerIds: [CARD, "P2"], rows: 2, reason };
      assert.equal((await action(keys)).status, 204);
      await refused(await action(group, bearer(BATCH)), 403, "role_missing");
      for (const wrong of [{ reason: " " }, { payerIds: [CARD] }, { rows: -1 }, { more: 1 }])
        await refused(await action({ ...group, ...wrong }), 400, "invalid_input");
      // More rows than keys, of which no entry would be true.
      await refused(await action({ ...keys, rows: 3 }), 400, "invalid_input");
    });
    const clerk = "person clerk@shop.example";
    assert.deepEqual(entries, [
      [clerk, "token", "export", "ok", 4],
      [clerk, "token", "print", "ok", 1],
      [clerk, "token", "print", "ok", 1],
      ["program batch", "token", "export", "role_missing", null],
    ]);
    const { records } = await read("?task=print&limit=2");
    assert.deepEqual(
      records.map(({ subjectText, reasonText }) => [subjectText, reasonText]),
      [
        ["P2", reason],
        [CARD, reason],
      ],
    );
    const kept = JSON.stringify(await entriesOf());
    for (const secret of [reason, "홍길동", CARD, GROUP]) assert.ok(!kept.includes(secret));
  });

  test("has exports without a reason only where the settings allow them", async () => {
    const group = { action: "export", groupKey: GROUP, rows: 4 };
    const clerk = "person clerk@shop.example";
    /** @type {[rule: string, without: number, kind?: string][]} */
    const rules = [
      ["off", 204],
      ["optional", 204],
      ["required", 400, "invalid_input"],
      ["forbidden", 403, "export_forbidden"],
    ];
    for (const [rule, without, kind] of rules) {
      const worker = workers[`reason-${rule}`];
      const session = await worker.fetch("/api/session", { headers: bearer(CLERK) });
      assert.equal((await session.json()).exportReason, rule);
      const entries = await recordedBy(async () => {
        for (const action of ["export", "print"]) {
          const response = await worker.post("/api/actions", { ...group, action }, bearer(CLERK));
          assert.equal(response.status, without, rule);
          if (kind) assert.equal((await problemOf(response)).kind, kind);
        }
        const given = await action({ ...group, reason: "점검" }, bearer(CLERK), worker);
        assert.equal(given.status, rule === "forbidden" ? 403 : 204);
        // What is shown stays on the screen.
        assert.equal(
          (await action({ ...group, action: "show" }, bearer(CLERK), worker)).status,
          204,
        );
      });
      const [outcome, rows] = rule === "forbidden" ? ["export_forbidden", null] : ["ok", 4];
      const without4 = ["export", "print"].map((task) => [clerk, "token", task, outcome, rows]);
      assert.deepEqual(entries, [
        ...(rule === "required" ? [] : without4),
        [clerk, "token", "export", outcome, rows],
        [clerk, "token", "show", "ok", 4],
      ]);
    }
    const { records } = await read("?task=export&limit=8");
    const reasons = records.filter(({ outcome }) => outcome === "export_forbidden");
    assert.ok(reasons.length > 0 && reasons.every(({ reason, subject }) => !reason && !subject));
    // A word that is none of the four is a fault, and nothing is answered.
    const faulty = workers["reason-Required"];
    await refused(await faulty.payoutRequests(GROUP, bearer(CLERK)), 500, "invalid_config");
    /** @type {Problem} */
    const { settings } = await (await faulty.fetch("/healthz", { headers: bearer(CLERK) })).json();
    assert.deepEqual(
      settings?.map(({ name }) => name),
      ["EXPORT_REASON"],
    );
  });

  test("has each file and sheet of the record itself, by auditors, also where exports are forbidden", async () => {
    const reason = "11월 접속기록 점검";
    const sheet = { action: "print", accessRecord: true, rows: 2, reason };
    const forbidden = workers["reason-forbidden"];
    const entries = await recordedBy(async () => {
      assert.equal((await action(sheet, bearer(AUDITOR))).status, 204);
      assert.equal((await action(sheet, bearer(AUDITOR), forbidden)).status, 204);
      await refused(await action(sheet), 403, "role_missing");
      const without = { ...sheet, reason: undefined };
      await refused(await action(without, bearer(AUDITOR), forbidden), 400, "invalid_input");
    });
    assert.deepEqual(entries, [
      ["person auditor@shop.example", "token", "print", "ok", 2],
      ["person auditor@shop.example", "token", "print", "ok", 2],
      ["person clerk@shop.example", "token", "print", "role_missing", null],
    ]);
    const { records } = await read("?task=print&limit=3");
    const [, { subjectText, reasonText }] = records;
    assert.deepEqual([subjectText, reasonText], ["access record", reason]);
  });

  test("has an entry where a person with the role lookup shows names and telephone numbers", async () => {
    const show = { action: "show", payerIds: [CARD], rows: 1 };
    const entries = await recordedBy(async () => {
      assert.equal((await action(show, bearer(BATCH))).status, 204);
      assert.equal((await action({ ...show, reason: "고객 문의" })).status, 204);
      await refused(await action(show, bearer(AUDITOR)), 403, "role_missing");
      await refused(
        await action({ ...show, action: "export" }, bearer(BATCH)),
        400,
        "invalid_input",
      );
    });
    assert.deepEqual(entries, [
      ["person clerk@shop.example", "token", "show", "ok", 1],
      ["person auditor@shop.example", "token", "show", "role_missing", null],
      ["program batch", "token", "show", "ok", 1],
    ]);
    const { records } = await read("?task=show&limit=3&who=clerk@shop.example");
    assert.deepEqual([records[0].subjectText, records[0].reasonText], [CARD, "고객 문의"]);
  });

  test("is read by auditors alone, and that is on it", async () => {
    const entries = await recordedBy(async () => {
      await read("?limit=3");
      const get = (/** @type {RequestHeaders} */ headers) =>
        workers.here.fetch("/api/access-records", { headers });
      await refused(await get(bearer(CLERK)), 403, "role_missing");
      await refused(await get({}), 401, "not_signed_in");
      for (const query of ["who=a&x=b", "bogus=", "cursor=people.5~people."]) {
        const headers = bearer(AUDITOR);
        const wrong = await workers.here.fetch(`/api/access-records?${query}`, { headers });
        await refused(wrong, 400, "invalid_input");
      }
    });
    assert.deepEqual(entries, [
      ["person auditor@shop.example", "token", "read_records", "ok", 3],
      ["person clerk@shop.example", "token", "read_records", "role_missing", null],
    ]);
  });

  test("is searched by time, person, task and subject", async () => {
    const sha256 = createHash("sha256").update(CARD).digest("hex");
    /** @type {[query: string, holds: (entry: AccessRecord) => boolean][]} */
    const queries = [
      ["?who=clerk@shop.example", ({ who }) => who === "person clerk@shop.example"],
      ["?who=program+batch", ({ who }) => who === "program batch"],
      ["?task=sign_in", ({ task }) => task === "sign_in"],
      [`?subject=${sha256}&task=billing_key`, ({ subjectText }) => subjectText === CARD],
      ["?from=2020-01-01&to=2099-12-31", () => true],
    ];
    for (const [query, holds] of queries) {
      const { records } = await read(query);
      assert.ok(records.length > 0 && records.every(holds), query);
    }
    for (const query of ["?to=2020-01-01", "?who=nobody-at-all", `?subject=${"0".repeat(64)}`])
      assert.deepEqual((await read(query)).records, []);
  });

  test("is searched by a subject in full, which is in no address and in no log", async () => {
    const search = (/** @type {unknown} */ body, headers = bearer(AUDITOR)) =>
      workers.here.post("/api/access-records", body, headers);
    workers.clearLogs();
    const entries = await recordedBy(async () => {
      const response = await search({ subject: ` ${CARD} `, task: "billing_key", limit: 1 });
      assert.equal(response.status, 200);
      /** @type {AccessRecords} */
      const { records, next } = await response.json();
      assert.equal(records.length, 1);
      assert.ok(records.every(({ subjectText }) => subjectText === CARD));
      // The part before is not in the next one.
      const more = await search({ subject: CARD, task: "billing_key", limit: 1, cursor: next });
      const hashes = new Set(records.map(({ hash }) => hash));
      /** @type {AccessRecords} */
      const { records: others } = await more.json();
      assert.ok(others.length > 0 && others.every(({ hash }) => !hashes.has(hash)));
    });
    assert.equal(entries.length, 2);
    assert.deepEqual((await (await search({ subject: "NOBODYS" })).json()).records, []);
    const whole = { from: "2020-01-01", to: "2099-12-31", who: "batch", limit: 1 };
    const { records } = await (await search(whole)).json();
    assert.equal(records[0].who, "program batch");
    const csv = await search({ limit: 1 }, { ...bearer(AUDITOR), Accept: "text/csv" });
    assert.match(csv.headers.get("Next-Cursor") ?? "", /^people\./);
    assert.equal(csv.headers.get("Link"), null);
    for (const wrong of [
      { subjects: "x" },
      { subjects: null },
      { limit: 0 },
      { from: "yesterday" },
      { task: "x" },
      { cursor: "foo.5~people." },
      [],
    ])
      await refused(await search(wrong), 400, "invalid_input");
    await refused(await search({}, bearer(CLERK)), 403, "role_missing");
    await refused(
      await workers.here.fetch("/api/access-records", { method: "PUT" }),
      405,
      "method_not_allowed",
    );
    assert.ok(!workers.logs().some((line) => line.includes(CARD)));
  });

  test("is summed up for the review of a month", async () => {
    const summary = async (/** @type {string} */ query, headers = bearer(AUDITOR)) =>
      workers.here.fetch(`/api/access-records/summary${query}`, { headers });
    const month = "?from=2020-01-01&to=2099-12-31";
    const all = await entriesOf();
    const entries = await recordedBy(async () => {
      /** @type {AccessSummary} */
      const { lines, chains } = await (await summary(month)).json();
      const counted = lines.reduce((sum, { count }) => sum + count, 0);
      assert.equal(counted, all.length);
      assert.deepEqual(chains.map(({ chain }) => chain).toSorted(), CHAINS.toSorted());
      for (const line of lines) {
        const same = all.filter((entry) => KINDS.every((name) => entry[name] === line[name]));
        const subjects = new Set(same.map(({ subjectHash }) => subjectHash).filter(Boolean));
        const outside = same.filter(({ at }) => {
          // Their Korean time, as if it were that of Greenwich.
          const local = new Date(at.replace("+09:00", "Z"));
          const isWeekend = [0, 6].includes(local.getUTCDay());
          return isWeekend || local.getUTCHours() < 9 || local.getUTCHours() >= 18;
        });
        const rows = same.reduce((sum, entry) => sum + (entry.rows ?? 0), 0);
        assert.deepEqual(
          [line.count, line.rows, line.subjects, line.outsideHours],
          [same.length, rows, subjects.size, outside.length],
        );
      }
    });
    assert.deepEqual(
      entries.map(([who, , task, outcome]) => [who, task, outcome]),
      [["person auditor@shop.example", "read_records", "ok"]],
    );
    // No hour of a weekday is outside from 00:00 to 24:00.
    /** @type {AccessSummary} */
    const { lines } = await (await summary(`${month}&opens=00:00&closes=24:00`)).json();
    const isWeekend = [0, 6].includes(new Date(Date.now() + 9 * 3_600_000).getUTCDay());
    assert.equal(
      lines.every(({ outsideHours, count }) => outsideHours === (isWeekend ? count : 0)),
      true,
    );
    assert.deepEqual((await (await summary("?from=2020-01-01&to=2020-01-31")).json()).lines, []);
    for (const wrong of ["", "?from=2020-01-01", `${month}&who=a`, `${month}&opens=9`])
      await refused(await summary(wrong), 400, "invalid_input");
    await refused(await summary(month, bearer(CLERK)), 403, "role_missing");
    await refused(await summary(month, {}), 401, "not_signed_in");
  });

  test("is found by a person's name in any case", async () => {
    for (let n = 0; n < 3; n += 1) await workers.here.payoutRequests(GROUP, bearer(CLERK));
    const { records } = await read("?who=clerk@shop.example&limit=3");
    assert.equal(records.length, 3);
    for (const who of ["Clerk@Shop.example", "PERSON clerk@SHOP.example"]) {
      const found = await read(`?who=${encodeURIComponent(who)}&limit=3`);
      assert.deepEqual(found.records, records, who);
    }
    assert.deepEqual((await read("?who=cler_@shop.example")).records, []);
  });

  test("is summed up whatever number of rows somebody has given", async () => {
    const acts = Array.from({ length: 1_100 }, (_, n) => ({
      who: "person clerk@shop.example",
      method: "token",
      address: "unknown",
      task: "export",
      subject: {},
      outcome: "ok",
      rows: Number.MAX_SAFE_INTEGER,
      request_id: String(n),
    }));
    const records = await workers.records("counted");
    const body = JSON.stringify({ append: { chain: "people", acts } });
    const people = records.get(records.idFromName("people"));
    const response = await people.fetch("https://records/", { method: "POST", body });
    assert.equal(response.status, 200);
    const month = "/api/access-records/summary?from=2020-01-01&to=2099-12-31";
    const summary = await workers.counted.fetch(month, { headers: bearer(AUDITOR) });
    assert.equal(summary.status, 200);
    /** @type {AccessSummary} */
    const { lines } = await summary.json();
    assert.ok(lines.some(({ task, rows }) => task === "export" && rows > 9e18));
  });

  test("is read page by page in the order of time, whatever is written meanwhile", async () => {
    await workers.here.payoutRequests(GROUP, bearer(BATCH));
    for (let n = 0; n < 3; n += 1) await workers.here.payoutRequests(GROUP, bearer(CLERK));
    const first = await read("?limit=2");
    await workers.here.payoutRequests(GROUP, bearer(BATCH));
    const second = await read(`?limit=1000&cursor=${first.next}`);
    const times = [...first.records, ...second.records].map(({ at }) => at);
    assert.deepEqual(times, times.toSorted().reverse());
  });

  test("takes days and moments in one spelling only, and no time that ends before it begins", async () => {
    for (const moment of [
      "2026-1-1-9",
      "2026-1-001",
      "2026-11-28T1:2:3+09:00",
      "2026-11-28T01:02:03.+09:00",
      "2026-11-28T24:00:00+09:00",
      // Of that time there is nothing, which must not look as if nothing had been done.
      "2026-11-28&to=2026-11-27",
    ]) {
      const query = `?from=${moment.replaceAll("+", "%2B")}`;
      const headers = bearer(AUDITOR);
      const response = await workers.here.fetch(`/api/access-records${query}`, { headers });
      await refused(response, 400, "invalid_input");
    }
  });

  test("is read page by page, without a gap or an entry twice", async () => {
    /** @type {AccessRecord[]} */
    const all = [];
    /** @type {string | undefined} */
    let cursor;
    do {
      const page = await read(`?to=2099-01-01&limit=4${cursor ? `&cursor=${cursor}` : ""}`);
      all.push(...page.records);
      cursor = page.next;
    } while (cursor);
    const names = all.map(({ chain, sequence }) => `${chain} ${sequence}`);
    assert.equal(new Set(names).size, names.length);
    for (const chain of CHAINS) {
      const sequences = all.filter((entry) => entry.chain === chain).map((entry) => entry.sequence);
      assert.deepEqual(
        sequences,
        Array.from(sequences, (_, n) => sequences.length - n),
        chain,
      );
    }
  });

  test("can be checked as it is downloaded, and what was changed there is found", async () => {
    const query = "/api/access-records?limit=1000";
    for (const Accept of ["application/json", "text/csv"]) {
      const headers = { ...bearer(AUDITOR), Accept };
      const text = await (await workers.here.fetch(query, { headers })).text();
      const { faults, chains } = await verify(parseRecordFile(text));
      assert.deepEqual(faults, []);
      assert.ok(chains.length >= 3 && chains.every(({ from }) => from === 1));
      const changed = text.replace("clerk@shop.example", "other@shop.example");
      const found = (await verify(parseRecordFile(changed))).faults;
      assert.deepEqual([found.length, found[0].kind], [1, "changed"]);
    }
  });

  test("is a file for a spreadsheet, too", async () => {
    const headers = { ...bearer(AUDITOR), Accept: "text/csv" };
    await action({ action: "export", groupKey: GROUP, rows: 1, reason: '=cmd|"x"' });
    const response = await workers.here.fetch("/api/access-records?limit=2&who=", { headers });
    assert.equal(response.headers.get("Content-Type"), "text/csv; charset=utf-8");
    assert.match(response.headers.get("Link") ?? "", /^<\?limit=2&who=&cursor=[^>]+>; rel="next"$/);
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    const lines = bytes.toString("utf8").split("\r\n");
    assert.equal(lines.length, 4);
    for (const Accept of ["text/csv;q=0", "application/json;q=1, text/csv;q=0.1"]) {
      const other = await workers.here.fetch("/api/access-records?limit=2", {
        headers: { ...headers, Accept },
      });
      assert.equal(other.headers.get("Content-Type"), "application/json", Accept);
    }
    assert.ok(lines[1].includes('"\'=cmd|""x"""'));
  });

  test("no data leaves while the record fails, hangs or is full, and sign-out tells the truth", async () => {
    const trouble = async (/** @type {string} */ name) => {
      const worker = workers[name];
      const answers = [
        () => worker.payoutRequests(GROUP, bearer(CLERK)),
        () => worker.billingKey(CARD, bearer(BATCH)),
        () => worker.payoutRequests(GROUP, bearer(AUDITOR)),
        () =>
          action({ action: "print", groupKey: GROUP, rows: 1, reason: "x" }, bearer(CLERK), worker),
        () => worker.fetch("/api/access-records", { headers: bearer(AUDITOR) }),
        () => worker.post("/api/access-records", { subject: CARD }, bearer(AUDITOR)),
        () =>
          worker.fetch("/api/access-records/summary?from=2026-01-01&to=2026-12-31", {
            headers: bearer(AUDITOR),
          }),
        () => signIn(CLERK, worker),
        () => signIn("wrong", worker),
        () => worker.payoutRequests(GROUP, bearer("wrong")),
      ];
      for (const response of await Promise.all(answers.map((answer) => answer()))) {
        assert.equal(response.headers.get("Set-Cookie"), null);
        const problem = await refused(response, 503, "record_unavailable");
        assert.ok(problem.retryable && problem.hintKo);
        assert.ok(!JSON.stringify(problem).includes("SQLITE"));
      }
      // A session from elsewhere: the settings are the same.
      const cookie = sessionOf(await signIn(CLERK));
      await refused(await worker.payoutRequests(GROUP, cookie), 503, "record_unavailable");
      await refused(
        await worker.fetch("/api/session", { headers: cookie }),
        503,
        "record_unavailable",
      );
      const response = await signOut(cookie, worker);
      assert.equal(response.headers.get("Set-Cookie"), null);
      const problem = await refused(response, 503, "record_unavailable");
      assert.equal(problem.title, "Sign-out failed");
      // It said that the session is alive, and so it is.
      assert.equal((await workers.here.payoutRequests(GROUP, cookie)).status, 200);
    };
    await Promise.all(["failing", "refusing", "full", "hanging", "odd"].map(trouble));
  });
});
