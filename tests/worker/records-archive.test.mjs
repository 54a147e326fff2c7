// The access record's archive in a bucket of R2: a file a day that can be checked by itself, and
// no entry is deleted before it is there.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { parseRecordFile, verify } from "../../www/src/records/verify.ts";
import { wholeRecord } from "./whole-record.mjs";
import { ADMIN_TOKEN, eventually, INSTANCES, RECORD_KEY, startWorkers } from "./workers.mjs";

/**
 * @import { V4ModuleDefinition } from "miniflare"
 * @import { AccessRecords } from "../../src/npm/js/models.d.ts"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Workers } from "./workers.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";
const CARD = "d0toSS9sT084bVJSNThScnFX";
const REASON = "홍길동 계좌 확인";
const BATCH = randomBytes(32).toString("base64url");
const DAY_MS = 86_400_000;
const bearer = (/** @type {string} */ token) => ({ Authorization: `Bearer ${token}` });

/**
 * Stands before the Worker's own module: sets the clock, has the alarm ring, makes R2 fail or hang,
 * takes the bucket away, and a table of the record.
 *
 * @type {V4ModuleDefinition}
 */
const IN_OUR_HANDS = {
  type: "ESModule",
  path: "main.js",
  contents: `
    import Worker, { AccessRecords as Records } from "./index.js";
    export * from "./index.js";

    let clockMs = 0;
    let r2 = "";
    globalThis.Date = class extends Date {
      static now() { return super.now() + clockMs; }
      constructor(...given) { super(...(given.length === 0 ? [Date.now()] : given)); }
    };
    const inOurHands = (bucket) => new Proxy(bucket, {
      get(target, name) {
        const value = target[name];
        if (typeof value !== "function" || name === "constructor") return value;
        return async (...args) => {
          if (r2 === "hang") await new Promise(() => setInterval(() => {}, 1_000));
          if (r2 === "fail") throw new Error("R2 failed: 500");
          // As a bucket with a lock, and an answer that is lost on its way.
          if (name === "put" && r2 !== "unlocked" && (await target.head(args[0])))
            throw new Error("R2: locked");
          const done = await value.apply(target, args);
          if (name === "put" && r2 === "lost") throw new Error("R2: no answer");
          return done;
        };
      },
    });
    export class AccessRecords extends Records {
      #storage;
      constructor(context, env) {
        const bucket = inOurHands(env.RECORD_ARCHIVE);
        super(context, { ...env, get RECORD_ARCHIVE() { return r2 === "none" ? undefined : bucket; } });
        this.#storage = context.storage;
      }
      async fetch(request) {
        const how = request.headers.get("X-Ring");
        if (how === null) return super.fetch(request);
        if (how === "spoilt") {
          await this.#storage.deleteAlarm();
          this.#storage.sql.exec("ALTER TABLE ended_sessions RENAME TO spoilt");
          try {
            await this.alarm();
          } finally {
            this.#storage.sql.exec("ALTER TABLE spoilt RENAME TO ended_sessions");
          }
          return new Response((await this.#storage.getAlarm()) - Date.now());
        }
        const rung = this.alarm();
        if (r2 !== "hang") await rung;
        return new Response();
      }
    }
    export default class extends Worker {
      async fetch(request) {
        const { pathname, searchParams } = new URL(request.url);
        if (pathname === "/__memory")
          return Response.json(instances.at(-1).exports.memory.buffer.byteLength);
        if (pathname !== "/__hands") return super.fetch(request);
        clockMs = Number(searchParams.get("days")) * ${DAY_MS};
        r2 = searchParams.get("r2") ?? "";
        const { RECORDS } = this.env;
        const ring = (name, how) =>
          RECORDS.get(RECORDS.idFromName(name)).fetch("https://records/", { headers: { "X-Ring": how } });
        if (searchParams.has("spoilt")) return ring(searchParams.get("spoilt"), "spoilt");
        for (const name of (searchParams.get("ring") ?? "").split(" ").filter(Boolean)) await ring(name, "sound");
        return new Response();
      }
    }`,
};

/**
 * The same, where the memory of the Worker's module can be seen from outside.
 *
 * @type {V4ModuleDefinition[]}
 */
const MEASURED = [
  {
    type: "ESModule",
    path: "main.js",
    contents: `
      import "./instances.js";
      export * from "./hands.js";
      export { default } from "./hands.js";`,
  },
  { ...IN_OUR_HANDS, path: "hands.js" },
  INSTANCES,
];

describe("the archive of the access record", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  /** @type {string} */
  let program;
  before(async () => {
    sandbox = await startSandbox();
    const sha256 = createHash("sha256").update(BATCH).digest("hex");
    const batch = { name: "batch", kind: "program", sha256, roles: ["lookup"] };
    const settings = { NAMED_TOKENS: [{ ...batch, expires: "2099-12-31" }] };
    const plan = { origin: sandbox.origin, archive: true, settings, before: [IN_OUR_HANDS] };
    workers = await startWorkers({
      here: plan,
      gap: plan,
      test: { ...plan, archive: "shared" },
      live: { ...plan, archive: "shared" },
      crowded: { ...plan, limit: 1_000_000, before: MEASURED },
    });
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
  });

  const hands = async (/** @type {string} */ query, worker = workers.here) =>
    assert.equal((await worker.fetch(`/__hands?${query}`)).status, 200);
  /** A day's work: each kind of act, by a person and by a program, and a wrong token. */
  const work = async () => {
    assert.equal((await workers.here.payoutRequests(GROUP)).status, 200);
    assert.equal((await workers.here.billingKey(CARD)).status, 200);
    assert.equal((await workers.here.payoutRequests(GROUP, bearer(BATCH))).status, 200);
    const action = { action: "export", payerIds: [CARD], rows: 1, reason: REASON };
    assert.equal(
      (await workers.here.post("/api/actions", action, bearer(ADMIN_TOKEN))).status,
      204,
    );
    assert.equal((await workers.here.payoutRequests(GROUP, bearer("wrong"))).status, 401);
  };
  const files = async (name = "here") => {
    const bucket = await workers.archive(name);
    const { objects } = await bucket.list();
    return Promise.all(
      objects.map(async ({ key }) => ({ key, text: await (await bucket.get(key)).text() })),
    );
  };
  const dayOf = (/** @type {number} */ days) =>
    new Date(Date.now() + days * DAY_MS + 9 * 3_600_000).toISOString().slice(0, 10);

  test("has a file for each chain and day that is over, with where the chain is after it", async () => {
    // Not on a day that ends while this runs.
    await hands("days=0");
    await work();
    await hands("days=1");
    await work();
    await hands("days=2");
    await work();
    const { entries, faults } = await wholeRecord(workers.here);
    assert.deepEqual(faults, []);
    program = entries.find(({ who }) => who === "program batch")?.chain ?? "";
    const chains = ["people", program, "refused"];
    // One day for each time that it rings.
    for (let n = 0; n < 3; n += 1) await hands(`days=2&ring=${chains.join("+")}`);

    const archived = await files();
    const days = [dayOf(0), dayOf(1)];
    assert.deepEqual(
      archived.map(({ key }) => key.replace(/-\d{12}\.jsonl$/, "")).toSorted(),
      chains.flatMap((chain) => days.map((day) => `access-records/${chain}/${day}`)).toSorted(),
    );
    for (const chain of chains) {
      const [first, second] = archived
        .filter(({ key }) => key.includes(`/${chain}/`))
        .map(({ text }) => parseRecordFile(text));
      for (const [n, file] of [first, second].entries()) {
        assert.deepEqual((await verify(file)).faults, []);
        const last = file.entries.at(-1);
        assert.deepEqual(file.head, { sequence: last?.sequence, hash: last?.hash });
        // As auditors read them, and nothing else.
        const kept = entries.filter(
          (entry) => entry.chain === chain && entry.at.startsWith(days[n]),
        );
        assert.deepEqual(
          file.entries.map((entry) => entry.hash),
          kept.map((entry) => entry.hash).toReversed(),
        );
      }
      assert.deepEqual(second.anchor, first.head);
      assert.equal(first.anchor?.sequence, 0);
    }
  });

  test("goes on after a file whose answer was lost, though a lock lets nobody write it again", async () => {
    await hands("days=3");
    const before = (await files()).length;
    workers.clearLogs();
    await hands("days=3&r2=lost&ring=people");
    await eventually(() => assert.equal(workers.events("archive_failed").length, 1));
    assert.equal((await files()).length, before + 1);
    await work();
    for (let n = 0; n < 3; n += 1) await hands("days=4&ring=people");
    const people = (await files()).filter(({ key }) => key.includes("/people/"));
    assert.equal(people.length, 4);
    const parts = people.map(({ text }) => parseRecordFile(text));
    for (const [n, part] of parts.entries()) {
      assert.deepEqual((await verify(part)).faults, []);
      assert.equal(part.anchor?.hash, n === 0 ? "0".repeat(64) : parts[n - 1].head?.hash);
    }
    assert.equal(workers.events("archive_failed").length, 1);
    await hands("days=4");
    await work();
  });

  test("what is changed, removed or moved in a file is found", async () => {
    const [text] = (await files()).flatMap(({ key, text }) =>
      key.includes("/people/") ? [text] : [],
    );
    const lines = text.trimEnd().split("\n");
    const kinds = async (/** @type {string[]} */ changed) =>
      (await verify(parseRecordFile(changed.join("\n")))).faults.map(({ kind }) => kind);
    assert.deepEqual(await kinds(lines), []);
    assert.deepEqual(await kinds(lines.with(1, lines[1].replace('"rows":4', '"rows":3'))), [
      "changed",
    ]);
    assert.deepEqual(await kinds(lines.toSpliced(2, 1)), ["missing"]);
    assert.deepEqual(await kinds(lines.toSpliced(1, 1)), ["missing"]);
    assert.deepEqual(await kinds(lines.toSpliced(-2, 1)), ["cut"]);
    assert.deepEqual(await kinds(lines.toSpliced(1, 2, lines[2], lines[1])), ["reordered"]);
  });

  test("holds no key, reason, token or secret in plain text", async () => {
    const archived = await files();
    assert.ok(archived.length > 0);
    for (const { key, text } of archived)
      for (const plain of [GROUP, CARD, REASON, "홍길동", BATCH, ADMIN_TOKEN, RECORD_KEY, "wrong"])
        assert.ok(!text.includes(plain) && !key.includes(plain));
  });

  test("an upkeep that fails is told in the log, and done within the hour", async () => {
    workers.clearLogs();
    const response = await workers.here.fetch("/__hands?days=4&spoilt=people");
    assert.equal(response.status, 200);
    const waitMs = Number(await response.text());
    assert.ok(waitMs > 0 && waitMs <= 3_600_000, `${waitMs} ms`);
    await eventually(() =>
      assert.deepEqual(
        workers.events("upkeep_failed").map(({ chain }) => chain),
        ["people"],
      ),
    );
  });

  test("that fails or hangs keeps nobody waiting, and no entry is deleted before it is there", async () => {
    const people = async () =>
      (await wholeRecord(workers.here)).entries.filter(({ chain }) => chain === "people");
    const known = await files();
    const before = await people();
    workers.clearLogs();
    // All of it is older than two years by then.
    for (const r2 of ["fail", "hang"]) {
      await hands(`days=800&r2=${r2}&ring=people`);
      await work();
      assert.deepEqual((await files()).length, known.length);
      const now = await people();
      // But the days that are in the archive already.
      const kept = before.filter(({ at }) => at.startsWith(dayOf(4)));
      assert.ok(kept.length > 0);
      for (const { hash } of kept) assert.ok(now.some((entry) => entry.hash === hash));
    }
    await eventually(() => assert.ok(workers.events("archive_failed").length > 0));

    // As soon as it is there again.
    for (let n = 0; n < 6; n += 1) await hands("days=802&ring=people");
    const archived = (await files()).filter(({ key }) => key.includes("/people/"));
    const inArchive = archived.flatMap(({ text }) => parseRecordFile(text).entries);
    const sequences = inArchive.map(({ sequence }) => sequence);
    assert.deepEqual(
      sequences,
      Array.from(sequences, (_, n) => n + 1),
      "without a gap",
    );
    const response = await workers.here.fetch("/api/access-records?limit=1000", {
      headers: bearer(ADMIN_TOKEN),
    });
    /** @type {AccessRecords} */
    const { records, chains } = await response.json();
    const anchor = chains.find(({ chain }) => chain === "people")?.anchor;
    assert.ok(anchor);
    // What was deleted is in the archive, and the chain continues from there.
    const last = inArchive.find(({ sequence }) => sequence === anchor.sequence);
    assert.deepEqual(anchor, { sequence: last?.sequence, hash: last?.hash });
    assert.ok(anchor.sequence >= before[0].sequence);
    const left = records.filter(({ chain }) => chain === "people");
    assert.deepEqual((await verify({ entries: left, anchor })).faults, []);
    assert.equal(left.at(-1)?.previous, anchor.hash);
    assert.ok(left.some(({ task }) => task === "retention"));
  });

  test("writes over nobody's file, where two Workers have one bucket", async () => {
    const { test: first, live: second } = workers;
    for (const worker of [first, second]) {
      await hands("days=0&r2=unlocked", worker);
      assert.equal((await worker.payoutRequests(GROUP)).status, 200);
    }
    await hands("days=1&r2=unlocked&ring=people", first);
    const [written] = await files("test");
    workers.clearLogs();
    // Of the same name and length.
    await hands("days=1&r2=unlocked&ring=people", second);
    await eventually(() => assert.equal(workers.events("archive_failed").length, 1));
    assert.deepEqual(await files("test"), [written]);
    // And of another length, when all of it is older than two years.
    await second.payoutRequests(GROUP);
    await hands("days=800&r2=unlocked&ring=people", second);
    await eventually(() => assert.equal(workers.events("archive_failed").length, 2));
    assert.deepEqual(await files("test"), [written]);
    const { entries } = await wholeRecord(second);
    assert.ok(
      entries.some(({ sequence }) => sequence === 1),
      "what has no place is kept",
    );
  });

  test("stays far under the 128 MB of an object, however long keys and reasons are", async (t) => {
    const { crowded } = workers;
    await hands("days=0", crowded);
    const reason = "가".repeat(500);
    for (let n = 0; n < 10; n += 1) {
      const payerIds = Array.from({ length: 1_000 }, (_, m) => `${n}-${m}-`.padEnd(255, "x"));
      const action = { action: "export", payerIds, rows: 1_000, reason };
      assert.equal((await crowded.post("/api/actions", action, bearer(ADMIN_TOKEN))).status, 204);
    }
    for (let n = 0; n < 6; n += 1) await hands("days=1&ring=people", crowded);
    const archived = await files("crowded");
    const entries = archived.flatMap(({ text }) => parseRecordFile(text).entries);
    assert.equal(entries.length, 10_000);
    assert.deepEqual((await verify({ entries })).faults, []);
    const mb = (await (await crowded.fetch("/__memory")).json()) / 1e6;
    t.diagnostic(`${mb.toFixed(1)} MB of the module`);
    assert.ok(mb > 1 && mb < 64, `${mb} MB`);
  });

  test("continues after entries that were deleted while there was no bucket", async () => {
    for (const days of [0, 1]) {
      await hands(`days=${days}`, workers.gap);
      assert.equal((await workers.gap.payoutRequests(GROUP)).status, 200);
    }
    await hands("days=1&ring=people", workers.gap);
    await hands("days=800&r2=none&ring=people", workers.gap);
    await hands("days=801&ring=people", workers.gap);
    const archived = await files("gap");
    assert.equal(archived.length, 2);
    for (const { text } of archived)
      assert.deepEqual((await verify(parseRecordFile(text))).faults, []);
  });
});
