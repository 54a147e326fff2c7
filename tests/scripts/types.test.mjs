// Every file of JavaScript and TypeScript belongs to a project that the step `types` checks, and
// every project to `strict`.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { root } from "../../pkg-scripts/common/checkout.mjs";

const TSC = join(root, "node_modules/typescript/bin/tsc");

test("every file is checked", () => {
  const checked = new Set(projects().flatMap(filesOf));
  const left = filesOfGit().filter((file) => !checked.has(file) && !ELSEWHERE.test(file));
  assert.deepEqual(left, [], "in no project of the step `types`");
});

test("every project is strict", () => {
  for (const project of projects()) {
    const { compilerOptions } = JSON.parse(tsc("--showConfig", "-p", project));
    for (const [option, value] of Object.entries(compilerOptions))
      assert.ok(!STRICT.has(option) || value === true, `${project}: ${option}`);
    assert.equal(compilerOptions.strict, true, project);
  }
});

/** The projects that the step `types` checks. */
function projects() {
  const steps = readFileSync(join(root, "pkg-scripts/check/steps.mjs"), "utf8");
  return [...steps.matchAll(/npx tsc --noEmit -p ([^"]+)/g)].map(([, project]) => project);
}

/** @param {string} project */
function filesOf(project) {
  const paths = tsc("--listFilesOnly", "-p", project).split("\n").filter(Boolean);
  return paths.map((path) => relative(root, path));
}

function filesOfGit() {
  const patterns = ["js", "mjs", "cjs", "ts", "tsx", "mts", "cts"].map((kind) => `*.${kind}`);
  return execFileSync("git", ["ls-files", "--", ...patterns], { cwd: root, encoding: "utf8" })
    .split("\n")
    .filter(Boolean);
}

/** @param {string[]} args */
function tsc(...args) {
  return execFileSync(process.execPath, [TSC, ...args], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 2 ** 20,
  });
}

// Programs as strangers write them, each with a configuration of its own, and what is checked by
// several versions of TypeScript (tests/npm/package.test.mjs).
const ELSEWHERE = /^tests\/(ecosystem\/cases|npm\/types)\//;

/** What `strict` means, and what the projects add to it. */
const STRICT = new Set([
  "alwaysStrict",
  "noImplicitAny",
  "noImplicitReturns",
  "noImplicitThis",
  "noUnusedLocals",
  "noUnusedParameters",
  "strictBindCallApply",
  "strictBuiltinIteratorReturn",
  "strictFunctionTypes",
  "strictNullChecks",
  "strictPropertyInitialization",
  "useUnknownInCatchVariables",
]);
