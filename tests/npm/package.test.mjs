// The package as npm would publish it: its manifest, its types, its examples, its manners in a web
// page.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import vm from "node:vm";
import { brokenLinks } from "../../pkg-scripts/check/documents.mjs";
import { root, target } from "../../pkg-scripts/common/checkout.mjs";
import { readToml } from "../../pkg-scripts/tools/toml.mjs";

const run = promisify(execFile);
const dist = join(root, "dist", "npm");
const bin = (/** @type {string} */ name) => join(root, "node_modules", ".bin", name);

describe("the package", () => {
  const work = join(target, "test", "package");
  /** @type {string} */
  let tarball;

  before(async () => {
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    await run("npm", ["pack", dist, "--pack-destination", work, "--silent"]);
    const packed = readdirSync(work).find((name) => name.endsWith(".tgz"));
    assert.ok(packed);
    tarball = join(work, packed);
    writeFileSync(
      join(work, "package.json"),
      JSON.stringify({ name: "types", private: true, type: "module" }),
    );
    await run("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], { cwd: work });
  });

  test("passes publint --strict", async () => {
    const { stdout } = await run(bin("publint"), ["--strict", tarball]);
    assert.match(stdout, /All good/);
  });

  test("passes attw in every mode, with no rule ignored", async () => {
    const { stdout } = await run(bin("attw"), [tarball, "--format", "json"]);
    assert.deepEqual(JSON.parse(stdout).analysis.problems, []);
  });

  test("has no runtime dependencies, and no peer that must be there", () => {
    const manifest = JSON.parse(readFileSync(join(dist, "package.json"), "utf8"));
    assert.deepEqual([manifest.dependencies, manifest.scripts], [undefined, undefined]);
    for (const peer of Object.keys(manifest.peerDependencies))
      assert.deepEqual(manifest.peerDependenciesMeta[peer], { optional: true });
    assert.deepEqual(Object.keys(manifest.exports["."])[0], "workerd");
  });

  test("says where it comes from, and its documents' links resolve in it", async () => {
    const manifest = JSON.parse(readFileSync(join(dist, "package.json"), "utf8"));
    const { package: crate } = await readToml("Cargo.toml");
    assert.equal(manifest.repository.url, `git+${crate.repository}.git`);
    assert.equal(manifest.homepage, crate.homepage);
    assert.equal(manifest.bugs.url, `${crate.repository}/issues`);
    const files = readdirSync(dist, { recursive: true, encoding: "utf8" });
    assert.deepEqual(brokenLinks(dist, files), []);
  });

  test("holds no path of the machine it was built on", () => {
    for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) =>
      /\.(mjs|cjs|wasm|mts|cts|md|json)$/.test(name),
    )) {
      const text = readFileSync(join(dist, name), "latin1");
      const decoded = [...text.matchAll(/base64 = "([^"]+)"/g)].map(([, base64]) =>
        Buffer.from(base64, "base64").toString("latin1"),
      );
      for (const part of [text, ...decoded])
        assert.ok(!part.includes(root) && !part.includes("/.cargo/registry"), name);
    }
  });

  const typings = [
    { resolution: "node16", lib: ["es2022", "dom"], files: ["types.ts", "types.cts"] },
    { resolution: "bundler", lib: ["es2022", "dom"], files: ["types.ts"] },
    { resolution: "node16", lib: ["es2022", "dom"], files: ["fetches.ts"] },
    { resolution: "bundler", lib: ["es2022"], files: ["plain.ts"] },
  ];
  for (const { resolution, lib, files } of typings) {
    const where = `under moduleResolution ${resolution}, with lib ${lib.join(" and ")}`;
    test(`has types that say what they mean, ${where}`, async () => {
      const options = {
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        module: resolution === "node16" ? "node16" : "esnext",
        moduleResolution: resolution,
        target: "es2022",
        lib,
        types: [],
        // The types of the fetches are other people's.
        skipLibCheck: files.includes("fetches.ts"),
      };
      for (const name of files) {
        writeFileSync(join(work, name), readFileSync(join(import.meta.dirname, "types", name)));
      }
      writeFileSync(
        join(work, "tsconfig.json"),
        JSON.stringify({ compilerOptions: options, files }),
      );
      const { stdout } = await run(bin("tsc"), ["-p", "tsconfig.json"], { cwd: work }).catch(
        (error) => error,
      );
      assert.equal(stdout, "");
    });
  }

  test("is one package as ESM and as CommonJS: an error of one is an instance of the other's class", async () => {
    const esm = await import(pathToFileURL(join(work, "node_modules/payple-edge/index.mjs")).href);
    const commonjs = createRequire(join(work, "index.js"))("payple-edge");
    assert.throws(
      () => new commonjs.PaypleClient({}),
      (error) => error instanceof esm.PaypleError && error instanceof commonjs.PaypleError,
    );
    assert.ok(!(new Error("other") instanceof esm.PaypleError));
    const Base = /** @type {typeof import("../../src/npm/js/error.mjs").PaypleError} */ (
      esm.PaypleError
    );
    class Mine extends Base {}
    assert.ok(!(new esm.PaypleError({ kind: "internal", message: "x" }) instanceof Mine));
    assert.ok(new Mine({ kind: "internal", message: "x" }) instanceof esm.PaypleError);
  });

  test("refuses to hold credentials in a web page", async () => {
    const { PaypleClient } = await import(pathToFileURL(join(dist, "page.mjs")).href);
    assert.throws(() => new PaypleClient({ environment: "test", cstId: "test", custKey: "key" }), {
      kind: "invalid_config",
      name: "PaypleError",
    });
  });

  test("refuses to hold credentials in a web page even where a bundler took the other entry", () => {
    const page = {
      document: {},
      navigator: { userAgent: "Mozilla/5.0" },
      TextEncoder,
      TextDecoder,
      FinalizationRegistry,
      WebAssembly,
      Uint8Array,
      atob,
    };
    const entry = readFileSync(join(dist, "index.cjs"), "utf8");
    const message = vm.runInNewContext(
      `const module = { exports: {} }; ${entry}
      try { new module.exports.PaypleClient({}); "no error" } catch (error) { error.kind + " " + error.message }`,
      page,
    );
    assert.match(message, /^invalid_config .*web page/);
  });
});
