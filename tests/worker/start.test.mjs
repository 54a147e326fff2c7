// `npm start` as somebody runs it twice: the access record of the first time is there the second
// time. And what it takes from the environment and from .dev.vars, and refuses.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root, target } from "../../pkg-scripts/common/checkout.mjs";
import { capture } from "../../pkg-scripts/common/process.mjs";
import { givenOrigins, localSettings } from "../../pkg-scripts/run/start.mjs";
import { verify } from "../../www/src/records/verify.ts";

/**
 * @import { ChildProcessWithoutNullStreams } from "node:child_process"
 * @import { AccessRecords } from "../../src/npm/js/models.d.ts"
 */

const GROUP = "Q0RSSkYzWUI3";

/** @type {[what: string, args: string[], env: NodeJS.ProcessEnv, said: RegExp][]} */
const REFUSED = [
  ["an argument", ["--port", "1"], {}, /✗ Unknown option '--port'/],
  ["a port that is none", [], { PORT: "abc" }, /✗ PORT must be a port number/],
  ["one port for both", [], { PORT: "1", SANDBOX_PORT: "1" }, /✗ PORT and SANDBOX_PORT are both 1/],
  [
    "one origin of two",
    [],
    { PAYPLE_HUB_ORIGIN: "http://127.0.0.1:1" },
    /✗ Give both PAYPLE_HUB_ORIGIN and PAYPLE_CPAY_ORIGIN/,
  ],
];

describe("npm start", () => {
  const [ADMIN_TOKEN, SESSION_SECRET, RECORD_KEY] = [1, 2, 3].map(() =>
    randomBytes(32).toString("base64url"),
  );
  const bearer = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const secretsFile = join(root, ".dev.vars");
  const hadSecrets = existsSync(secretsFile);
  /** @type {number} */
  let port;
  /** @type {number} */
  let sandboxPort;
  /** @type {ChildProcessWithoutNullStreams | undefined} */
  let program;
  before(async () => {
    [port, sandboxPort] = await Promise.all([freePort(), freePort()]);
  });
  after(async () => {
    await stop();
    if (!hadSecrets) rmSync(secretsFile, { force: true });
    if (port) rmSync(join(target, "start", String(port)), { recursive: true, force: true });
  });

  /** Until it has told its address. */
  const start = (settings = {}) =>
    new Promise((resolve, reject) => {
      let said = "";
      const env = {
        ...process.env,
        npm_lifecycle_event: undefined,
        PORT: String(port),
        SANDBOX_PORT: String(sandboxPort),
        ADMIN_TOKEN,
        SESSION_SECRET,
        RECORD_KEY,
        ...settings,
      };
      const started = spawn(process.execPath, ["pkg-scripts/run/start.mjs"], { cwd: root, env });
      program = started;
      started.once("exit", (code) => reject(new Error(`it ended with ${code}: ${said}`)));
      started.stderr.on("data", (text) => (said += text));
      started.stdout.on("data", (text) => {
        said += text;
        if (said.includes(ADMIN_TOKEN)) resolve(undefined);
      });
    });
  const stop = async () => {
    const started = program;
    if (!started || started.exitCode !== null) return;
    started.removeAllListeners("exit");
    const ended = new Promise((resolve) => started.once("exit", resolve));
    started.kill("SIGINT");
    await ended;
  };
  const ask = (/** @type {string} */ path, /** @type {object | undefined} */ body = undefined) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { ...bearer, "Content-Type": "application/json" },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
  /** @returns {Promise<AccessRecords>} */
  const record = async () => (await ask("/api/access-records?limit=1000")).json();

  test("keeps the access record from one start to the next, and takes settings from the environment", async () => {
    await start();
    for (let n = 0; n < 3; n += 1)
      assert.equal((await ask("/api/payout-requests", { groupKey: GROUP })).status, 200);
    assert.equal((await (await ask("/api/session")).json()).exportReason, "required");
    const before = (await record()).records;
    assert.equal(before.filter(({ task }) => task === "payout_requests").length, 3);
    await stop();

    await start({ EXPORT_REASON: "off" });
    assert.equal((await (await ask("/api/session")).json()).exportReason, "off");
    assert.equal((await ask("/api/payout-requests", { groupKey: GROUP })).status, 200);
    const { records, chains } = await record();
    const lookUps = records.filter(({ task }) => task === "payout_requests");
    assert.equal(lookUps.length, 4);
    // The key is the same, so that the subjects of the first time can be read.
    assert.ok(lookUps.every(({ subjectText }) => subjectText === GROUP));
    const hashes = new Set(records.map(({ hash }) => hash));
    assert.ok(before.every(({ hash }) => hashes.has(hash)));
    const anchor = chains.find(({ chain }) => chain === "people")?.anchor;
    assert.deepEqual((await verify({ entries: records, anchor })).faults, []);
  });

  for (const [what, args, env, expected] of REFUSED)
    test(`refuses ${what}`, async () => {
      const program = ["pkg-scripts/run/start.mjs", ...args];
      const { code, output } = await capture(process.execPath, program, { env, timeoutMs: 60_000 });
      assert.equal(code, 1, output);
      assert.match(output, expected);
    });
});

test("settings come from the environment, else from .dev.vars", () => {
  const file = join(target, "test", "dev.vars");
  mkdirSync(join(target, "test"), { recursive: true });
  const [hub, cpay] = ["http://127.0.0.1:1", "http://127.0.0.1:2"];
  writeFileSync(
    file,
    `PAYPLE_HUB_ORIGIN=${hub}\nPAYPLE_CPAY_ORIGIN=http://127.0.0.1:3\nEXPORT_REASON=off`,
  );
  process.env.PAYPLE_CPAY_ORIGIN = cpay;
  try {
    const settings = localSettings(file);
    assert.deepEqual(givenOrigins(settings), { hub, cpay });
    assert.equal(settings.EXPORT_REASON, "off");
    // What is missing is made once, and stays.
    assert.equal(localSettings(file).ADMIN_TOKEN, settings.ADMIN_TOKEN);
  } finally {
    delete process.env.PAYPLE_CPAY_ORIGIN;
  }
});

/**
 * One that nobody uses now.
 *
 * @returns {Promise<number>}
 */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
