// Dependencies are pinned, run no script of their own, and nothing needs root.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../pkg-scripts/common/checkout.mjs";
import { readToml } from "../../pkg-scripts/tools/toml.mjs";

const read = (/** @type {string} */ path) => readFileSync(join(root, path), "utf8");
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
}).split("\n");
const lockFiles = files.filter((file) => file.endsWith("package-lock.json"));

test("every entry of every npm lock file has the hash of what it is", () => {
  assert.ok(lockFiles.length >= 7, `${lockFiles}`);
  for (const file of lockFiles) {
    const { packages } = JSON.parse(read(file));
    for (const [path, { integrity, link }] of Object.entries(packages)) {
      const isOurs = link || !path.includes("node_modules/");
      if (!isOurs) assert.match(integrity ?? "", /^sha512-/, `${path} in ${file}`);
    }
  }
});

test("every dependency of a manifest with a lock file is of one exact version", () => {
  for (const file of lockFiles) {
    const manifest = JSON.parse(read(file.replace("package-lock.json", "package.json")));
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const all = { ...dependencies, ...devDependencies, ...optionalDependencies };
    for (const [name, version] of Object.entries(all))
      assert.match(version, /^\d+\.\d+\.\d+/, `${name} in ${file}`);
  }
});

test("every crate is from the one registry, with its hash", async () => {
  for (const file of ["Cargo.lock", "fuzz/Cargo.lock"]) {
    const { package: crates } = await readToml(file);
    for (const { name, source, checksum } of crates.filter(
      (/** @type {{ source?: string }} */ { source }) => source,
    )) {
      assert.match(source, /^registry\+/, name);
      assert.match(checksum, /^[0-9a-f]{64}$/, name);
    }
  }
});

test("every action of a workflow is named by its commit, with its version beside it", () => {
  const workflows = files.filter((file) => file.startsWith(".github/workflows/"));
  const actions = workflows.flatMap((file) => read(file).match(/uses: .*/g) ?? []);
  assert.ok(actions.length >= 10, `${actions}`);
  for (const action of actions)
    assert.match(action, /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test("Rust is of one version, which the crate may be built with as well", async () => {
  const { toolchain } = await readToml("rust-toolchain.toml");
  const { package: crate } = await readToml("Cargo.toml");
  assert.match(toolchain.channel, /^\d+\.\d+\.\d+$/);
  const minor = (/** @type {string} */ version) => Number(version.split(".")[1]);
  assert.ok(minor(toolchain.channel) >= minor(crate["rust-version"]));
});

test("no script of a package runs", () => {
  assert.match(read(".npmrc"), /^ignore-scripts=true$/m);
  const { allowScripts } = JSON.parse(read("package.json"));
  assert.deepEqual(new Set(Object.values(allowScripts)), new Set([false]));
});

test("nothing asks for sudo", () => {
  const scripts = files.filter((file) => /^(pkg-scripts|\.ci|\.github)\//.test(file));
  for (const file of scripts.filter((file) => !file.endsWith("package-lock.json")))
    assert.doesNotMatch(read(file), /\bsudo\b/, file);
});
