// The packed tarball, installed as a user installs it, passes the same behaviours in every runtime.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { root, target } from "../../pkg-scripts/common/checkout.mjs";
import { bun, deno, node22, nodes } from "../../pkg-scripts/tools/runtimes.mjs";
import { wrangler } from "../../pkg-scripts/tools/wrangler.mjs";
import { startSandbox } from "../../sandbox/index.mjs";

const run = promisify(execFile);
const app = join(target, "test", "runtimes");
const node = await nodes();
const bin = (/** @type {string} */ name) => join(root, "node_modules", name);

/** @typedef {[command: string, args: string[]]} Command */

/** Runs the sample in each. @type {Record<string, () => Command | Promise<Command>>} */
const runtimes = {
  "Node 20, ESM": () => [node[20], ["esm.mjs"]],
  "Node 22, ESM": () => [node[22], ["esm.mjs"]],
  "Node 24, ESM": () => [node[24], ["esm.mjs"]],
  "Node 20, CommonJS": () => [node[20], ["commonjs.cjs"]],
  "Node 22, CommonJS": () => [node[22], ["commonjs.cjs"]],
  "Node 24, CommonJS": () => [node[24], ["commonjs.cjs"]],
  Bun: async () => [await bun(), ["esm.mjs"]],
  Deno: async () => [
    await deno(),
    ["run", "--allow-net", "--allow-env", "--allow-read", "esm.mjs"],
  ],
  "a bundle by esbuild": async () => {
    const args = [
      "esm.mjs",
      "--bundle",
      "--platform=node",
      "--format=esm",
      "--outfile=bundled/esbuild.mjs",
      "--log-level=error",
    ];
    await run(bin(".bin/esbuild"), args, { cwd: app });
    return [node[20], ["bundled/esbuild.mjs"]];
  },
  "a minified bundle by esbuild": async () => {
    const args = [
      "esm.mjs",
      "--bundle",
      "--minify",
      "--platform=node",
      "--format=esm",
      "--outfile=bundled/small.mjs",
      "--log-level=error",
    ];
    await run(bin(".bin/esbuild"), args, { cwd: app });
    return [node[22], ["bundled/small.mjs"]];
  },
  "a bundle by Vite": async () => {
    await run(
      await node22(),
      [bin("vite/bin/vite.js"), "build", "--config", "vite.config.mjs", "--logLevel", "error"],
      { cwd: app },
    );
    return [node[20], ["bundled/vite/esm.js"]];
  },
  "workerd, through wrangler": async () => [await node22(), ["workerd.mjs"]],
};

// Most of it is waiting.
describe("the packed package", { concurrency: 4 }, () => {
  before(async () => {
    rmSync(app, { recursive: true, force: true });
    mkdirSync(join(app, "bundled"), { recursive: true });
    await run("npm", ["pack", join(root, "dist", "npm"), "--pack-destination", app, "--silent"]);
    const [tarball] = readdirSync(app).filter((name) => name.endsWith(".tgz"));
    writeFileSync(join(app, "package.json"), JSON.stringify({ name: "sample", private: true }));
    await run("npm", ["install", "--offline", "--no-audit", "--no-fund", `./${tarball}`], {
      cwd: app,
    });
    for (const name of ["suite.mjs", ...readdirSync(join(import.meta.dirname, "sample"))]) {
      const from = name === "suite.mjs" ? name : join("sample", name);
      cpSync(join(import.meta.dirname, from), join(app, name));
    }
  });

  for (const [name, prepare] of Object.entries(runtimes)) {
    test(`behaves the same in ${name}`, { timeout: 180_000 }, async (t) => {
      const sandbox = await startSandbox();
      after(() => sandbox.close());
      const [command, args] = await prepare();
      const env = {
        ...process.env,
        ...(await wrangler()).env,
        SANDBOX: sandbox.origin,
        WRANGLER: bin("wrangler"),
      };
      const { stdout, stderr } = await run(command, args, {
        cwd: app,
        env,
        maxBuffer: 64 * 1024 * 1024,
      });
      const report = stdout.split("\n").find((line) => line.startsWith('{"results":'));
      assert.ok(report, `no report in: ${stdout}\n${stderr}`);
      const { results } = JSON.parse(report);
      assert.ok(results.length >= 30);
      for (const { name: behaviour, error } of results)
        await t.test(behaviour, () => assert.equal(error, undefined));
    });
  }
});
