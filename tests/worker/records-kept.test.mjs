// The access record on disk: it outlives the process, holds no subject or reason in plain text, and
// deletes entries whose retention is over.

import assert from "node:assert/strict";
import { createHash, webcrypto } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { startSandbox } from "../../sandbox/index.mjs";
import { ADMIN_TOKEN, eventually, RECORD_KEY, startWorkers } from "./workers.mjs";

/**
 * @import { AccessRecord, RecordLink } from "../../src/npm/js/models.d.ts"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 * @import { Plan, Workers } from "./workers.mjs"
 */

const GROUP = "Q0RSSkYzWUI3";
const DAY_MS = 86_400_000;

describe("the access record on disk", () => {
  /** @type {string} */
  let folder;
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Workers} */
  let workers;
  const start = (/** @type {Plan["settings"]} */ settings = {}) =>
    startWorkers(
      { here: { origin: sandbox.origin, settings } },
      { resourcePersistencePath: folder },
    );
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "payple-edge-records-"));
    sandbox = await startSandbox();
    workers = await start();
  });
  after(async () => {
    await workers?.close();
    await sandbox?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @returns {Promise<{ entries: AccessRecord[], anchor: RecordLink, head: RecordLink }>} */
  const people = async () => {
    const records = await workers.records("here");
    const order = { read: { chain: "people", filter: { subject_hashes: [] }, limit: 100 } };
    const stub = records.get(records.idFromName("people"));
    const body = JSON.stringify(order);
    return (await stub.fetch("https://records/", { method: "POST", body })).json();
  };
  const files = () =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.includes("AccessRecords") && /\.sqlite(-wal)?$/.test(name))
      .map((name) => join(folder, name));

  /**
   * As if two years had passed for so many entries; the alarm that was set goes with the old days.
   */
  const age = (/** @type {number} */ upTo) => {
    const [file] = files().filter((name) => name.endsWith(".sqlite"));
    const database = new DatabaseSync(file);
    database.exec(`UPDATE entries SET at_ms = at_ms - ${731 * DAY_MS} WHERE sequence <= ${upTo}`);
    database.exec("DELETE FROM _cf_METADATA");
    database.close();
  };

  test("outlives the process, and deletes entries whose retention is over", async () => {
    for (let n = 0; n < 5; n += 1) await workers.here.payoutRequests(GROUP);
    const { entries: written } = await people();
    assert.equal(written.length, 5);
    await workers.close();
    for (const file of files()) {
      const bytes = readFileSync(file).toString("latin1");
      for (const plain of [GROUP, ADMIN_TOKEN]) assert.ok(!bytes.includes(plain), file);
    }
    age(3);

    workers = await start();
    await workers.here.payoutRequests(GROUP);
    await eventually(async () => {
      const { entries, anchor, head } = await people();
      assert.deepEqual(
        entries.map(({ sequence, task, rows }) => [sequence, task, rows]),
        [
          [7, "retention", 3],
          [6, "payout_requests", 4],
          [5, "payout_requests", 4],
          [4, "payout_requests", 4],
        ],
      );
      // The last hash that went is the anchor of what is left.
      assert.deepEqual([anchor.sequence, anchor.hash], [3, written[2].hash]);
      assert.equal(entries[3].previous, anchor.hash);
      assert.equal(head.sequence, 7);
    });
  });

  test("has subjects and reasons sealed as docs/storage.md says, so that RECORD_KEY opens those of the archive", async () => {
    const reason = "11월 점검";
    const action = { action: "export", groupKey: GROUP, rows: 4, reason };
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
    assert.equal((await workers.here.post("/api/actions", action, headers)).status, 204);
    const [entry] = (await people()).entries;
    const { subtle } = webcrypto;
    const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
    const root = await subtle.importKey("raw", bytes(RECORD_KEY), "HKDF", false, ["deriveKey"]);
    const key = (
      /** @type {string} */ name,
      /** @type {object} */ kind,
      /** @type {any} */ use,
    ) => {
      const hkdf = { name: "HKDF", hash: "SHA-256", salt: bytes("payple-edge") };
      const info = bytes(`payple-edge record ${name} v1`);
      return subtle.deriveKey({ ...hkdf, info }, root, /** @type {any} */ (kind), false, [use]);
    };
    const sealing = await key("seal", { name: "AES-GCM", length: 256 }, "decrypt");
    const open = async (/** @type {string} */ field, sealed = "") => {
      const [iv, text] = [
        Buffer.from(sealed, "hex").subarray(0, 12),
        Buffer.from(sealed, "hex").subarray(12),
      ];
      const additionalData = bytes(`${field} ${entry.requestId}`);
      return Buffer.from(
        await subtle.decrypt({ name: "AES-GCM", iv, additionalData }, sealing, text),
      ).toString();
    };
    assert.deepEqual(
      [await open("subject", entry.subject), await open("reason", entry.reason)],
      [GROUP, reason],
    );
    const hashing = await key("search", { name: "HMAC", hash: "SHA-256", length: 256 }, "sign");
    const sha256 = createHash("sha256").update(GROUP).digest("hex");
    const hash = await subtle.sign("HMAC", hashing, bytes(`subject ${sha256}`));
    assert.equal(entry.subjectHash, Buffer.from(hash).subarray(0, 16).toString("hex"));
  });

  test("deletes nothing while a setting is at fault, and says so", async () => {
    for (const [setting, value] of [
      ["RECORD_RETENTION_DAYS", "3650 days"],
      // A number in wrangler.toml is one; it is too small.
      ["RECORD_RETENTION_DAYS", 36],
      ["PAYPLE_CUST_KEY", "a b"],
    ]) {
      const { head } = await people();
      await workers.close();
      age(head.sequence);
      workers = await start({ [setting]: value });
      const signedIn = await workers.here.post("/api/session", { token: ADMIN_TOKEN });
      assert.equal(signedIn.status, 204);
      await eventually(() => {
        const [line] = workers.events("retention_held");
        assert.equal(line?.chain, "people");
        assert.match(line.faults.join(), RegExp(`^${setting} must be `));
      });
      const { entries, anchor } = await people();
      assert.deepEqual([anchor.sequence, entries.length], [3, head.sequence - 3 + 1]);
    }
    // As soon as it is put right.
    const { head } = await people();
    await workers.close();
    age(head.sequence);
    workers = await start({ RECORD_RETENTION_DAYS: 730 });
    await workers.here.payoutRequests(GROUP);
    await eventually(async () => assert.equal((await people()).anchor.sequence, head.sequence));
  });
});
