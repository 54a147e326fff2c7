// wrangler.toml as it is: both environments can be deployed, and run in wrangler's own harness.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { root } from "../../pkg-scripts/common/checkout.mjs";
import { wrangler } from "../../pkg-scripts/tools/wrangler.mjs";
import { startSandbox } from "../../sandbox/index.mjs";
import { ADMIN_TOKEN, RECORD_KEY, SESSION_SECRET } from "./workers.mjs";

/**
 * @import { TestHarness } from "wrangler"
 * @import { Health, PayoutRequestGroup, Problem } from "../../src/npm/js/models.d.ts"
 * @import { Sandbox } from "../../sandbox/index.d.ts"
 */

const MAX_UPLOAD_KIB = 400;
const secrets = {
  PAYPLE_CST_ID: "test",
  PAYPLE_CUST_KEY: "abcd1234567890",
  ADMIN_TOKEN,
  SESSION_SECRET,
  RECORD_KEY,
};

describe("wrangler.toml", () => {
  /** @type {string} */
  let folder;
  /** @type {Sandbox} */
  let sandbox;
  /** @type {TestHarness} */
  let harness;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "payple-edge-deploy-"));
    // The log's place, too: this process writes it as it ends, when the folder is gone.
    Object.assign(process.env, (await wrangler()).env);
    sandbox = await startSandbox();
  });
  after(async () => {
    await harness?.close();
    await sandbox?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [environment, name] of [
    ["", "test"],
    ["live", "live"],
  ]) {
    test(`deploys ${name}`, async () => {
      const { command, args } = await wrangler();
      const options = ["--dry-run", "--env", environment, "--outdir", join(folder, name)];
      const { stdout } = await promisify(execFile)(command, [...args, "deploy", ...options], {
        cwd: root,
      });
      for (const binding of [
        "TOKENS",
        "TOKEN_BROKER",
        "RECORDS",
        "LOOKUP_LIMIT",
        "ASSETS",
        `PAYPLE_ENVIRONMENT ("${name}")`,
      ])
        assert.ok(stdout.includes(`env.${binding}`), stdout);
      // What Cloudflare loads before the first answer of an isolate (docs/decisions/0023).
      const [, kib] = stdout.match(/gzip: ([\d.]+) KiB/) ?? [];
      assert.ok(Number(kib) <= MAX_UPLOAD_KIB, stdout);
    });
  }

  test("runs both, as they are", async () => {
    const { createTestHarness } = await import("wrangler");
    const origins = { PAYPLE_HUB_ORIGIN: sandbox.origin, PAYPLE_CPAY_ORIGIN: sandbox.origin };
    const configPath = join(root, "wrangler.toml");
    harness = createTestHarness({
      root,
      workers: [
        { configPath, secrets, vars: { PAYPLE_ENVIRONMENT: "test", ...origins } },
        { configPath, env: "live", secrets },
      ],
    });
    await harness.listen();

    const health = await harness.getWorker("payple-edge").fetch("/healthz");
    const { status } = /** @type {Health} */ (await health.json());
    assert.deepEqual([health.status, status], [200, "ok"]);
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" };
    const group = await harness.getWorker("payple-edge").fetch("/api/payout-requests", {
      method: "POST",
      headers,
      body: '{"groupKey":"Q0RSSkYzWUI3"}',
    });
    const { total } = /** @type {PayoutRequestGroup} */ (await group.json());
    assert.deepEqual([group.status, total], [200, 4000]);
    const page = await harness.getWorker("payple-edge").fetch("/");
    assert.deepEqual([page.status, page.headers.get("X-Frame-Options")], [200, "DENY"]);

    const live = await harness.getWorker("payple-edge-live").fetch("/healthz", { headers });
    const { settings } = /** @type {Problem} */ (await live.json());
    assert.deepEqual(
      settings?.map(({ name }) => name),
      ["PAYPLE_REFERER", "ACCESS_TEAM_DOMAIN"],
    );
  });
});
