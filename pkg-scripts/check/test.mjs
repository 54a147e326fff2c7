// `npm test`: fetches what is missing, runs every step below and closes with one line that says how many tests ran.
//
// `npm test -- --only worker,page` runs some steps only. A step that is one check counts as one test.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  buildBrowser,
  buildFace,
  buildNpm,
  buildPage,
  buildWorker,
  buildWorkerThatPanics,
} from "../build/build.mjs";
import { root, target } from "../common/checkout.mjs";
import { capture, run } from "../common/process.mjs";
import { chosen, main, Stop } from "../common/program.mjs";
import { rust, wasmTarget } from "../tools/cargo.mjs";
import { chromium } from "../tools/chromium.mjs";
import { npmPackages, npmTool, reference } from "../tools/npm.mjs";
import { node22 } from "../tools/runtimes.mjs";

const STEPS = {
  lint: checks(
    async () => {
      await rust("rustfmt");
      await npmPackages();
    },
    "npx biome check --diagnostic-level=error",
    "cargo fmt --check",
  ),
  clippy: checks(() => rust("clippy"), "cargo clippy --all-targets -- -D warnings"),
  "clippy-npm": clippyOfFace("npm"),
  "clippy-browser": clippyOfFace("browser"),
  "clippy-worker": clippyOfFace("worker"),
  rust: cargoTest,
  types: types([
    "tsconfig.json",
    "tsconfig.npm.json",
    "tsconfig.browser.json",
    "www/tsconfig.json",
  ]),
  documents: checks(
    npmPackages,
    "node pkg-scripts/check/documents.mjs",
    "node pkg-scripts/check/workflows.mjs",
  ),
  package: checks(
    async () => {
      await rust();
      await buildNpm();
    },
    "cargo publish --dry-run --locked --allow-dirty",
    "cargo rustdoc --lib --locked -- -D warnings",
    "npm publish ./dist/npm --dry-run --loglevel=error",
    `node ${reference}/node_modules/typedoc/bin/typedoc --options ${reference}/typedoc.json`,
  ),
  sandbox: nodeTests("tests/sandbox", async () => {}),
  npm: nodeTests("tests/npm", buildNpm),
  runtimes: nodeTests("tests/runtimes", buildNpm, node22),
  worker: nodeTests(
    "tests/worker",
    async () => {
      await buildWorker();
      await buildWorkerThatPanics();
      await buildPage();
    },
    node22,
    { atOnce: 2 },
  ),
  faults: nodeTests("tests/faults", prepareFaults, node22),
  page: nodeTests(
    "tests/page",
    async () => {
      await buildWorker();
      await buildPage();
      // Before the tests, not beside them: a compiler takes the machine for itself.
      await buildFace("browser-panics");
      return chromium();
    },
    node22,
    { atOnce: 2 },
  ),
};

/** What `--only` knows. */
export const STEP_NAMES = Object.keys(STEPS);

main(import.meta, async () => {
  const { only } = parseArgs({ options: { only: { type: "string" } } }).values;
  const names = chosen(only, STEP_NAMES, "step");
  // So that 'exit' handlers end what is running.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.once(signal, () => process.exit(130));

  const results = [];
  for (const name of names) results.push(await runStep(name));

  console.log("");
  for (const { name, seconds, passed, failed, skipped } of results) {
    const counts = `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`;
    console.log(
      `${failed ? "✗" : "✓"} ${name.padEnd(16)} ${counts.padEnd(34)} ${seconds.toFixed(1).padStart(7)} s`,
    );
  }
  const sum = (what) => results.reduce((total, result) => total + result[what], 0);
  if (sum("failed") > 0) process.exitCode = 1;
  console.log(
    `\n${sum("passed")} passed, ${sum("failed")} failed${sum("skipped") ? `, ${sum("skipped")} skipped` : ""}`,
  );
});

async function runStep(name) {
  console.log(`\n── ${name} ${"─".repeat(Math.max(0, 76 - name.length))}`);
  const startedAt = performance.now();
  let counts;
  try {
    counts = await STEPS[name]();
  } catch (error) {
    console.error(error instanceof Stop ? `✗ ${error.message}` : error);
    counts = { passed: 0, failed: 1, skipped: 0 };
  }
  return { name, seconds: (performance.now() - startedAt) / 1_000, ...counts };
}

/** A step that is right when its commands succeed; each counts as one test. */
function checks(prepare, ...lines) {
  return async () => {
    await prepare();
    const total = { passed: 0, failed: 0, skipped: 0 };
    for (const line of lines) {
      const [command, ...args] = line.split(" ");
      const counts = succeeded(await execute(command, args));
      for (const what of Object.keys(total)) total[what] += counts[what];
    }
    return total;
  };
}

function clippyOfFace(face) {
  const prepare = async () => {
    await rust("clippy");
    await wasmTarget();
  };
  const features = `--no-default-features --features ${face}`;
  return checks(prepare, `cargo clippy --target wasm32-unknown-unknown ${features} -- -D warnings`);
}

async function cargoTest() {
  await rust();
  const { code, output } = await execute("cargo", [
    "test",
    "--no-fail-fast",
    "--features",
    "npm,worker",
  ]);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, ignored] of output.matchAll(
    /^test result: .* (\d+) passed; (\d+) failed; (\d+) ignored/gm,
  )) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
    counts.skipped += Number(ignored);
  }
  return complete(code, counts);
}

/**
 * Whether what is generated from the Rust models is current; then TypeScript's checks, one for each project file. The faces'
 * glue has types that wasm-bindgen makes.
 */
function types(projects) {
  return async () => {
    await buildFace("npm");
    await buildBrowser();
    const tsc = await npmTool("tsc");
    const generated = ["pkg-scripts/build/schema.mjs", "--check"];
    const counts = succeeded(await execute(process.execPath, generated));
    for (const project of projects) {
      const { passed, failed } = succeeded(await execute(tsc, ["--noEmit", "-p", project]));
      counts.passed += passed;
      counts.failed += failed;
    }
    return counts;
  };
}

async function prepareFaults() {
  await rust();
  await buildNpm();
  await buildWorker();
  await buildPage();
  await run("cargo", ["build", "--example", "fault-core", "--example", "native"]);
}

/**
 * The `*.test.mjs` files below a folder. `prepare` may return environment variables; `node` is the Node to use. Files that
 * mostly wait may run several at once.
 */
function nodeTests(folder, prepare, node = async () => process.execPath, { atOnce = 1 } = {}) {
  return async () => {
    const files = testFiles(folder);
    if (files.length === 0) throw new Stop(`There is no *.test.mjs in ${folder}.`);
    const env = { ...(await prepare()) };
    const total = { passed: 0, failed: 0, skipped: 0 };
    const program = await node();
    const work = async () => {
      for (let file = files.shift(); file; file = files.shift()) {
        const counts = await nodeTest(program, file, env, atOnce === 1);
        for (const what of Object.keys(total)) total[what] += counts[what];
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return total;
  };
}

/**
 * One file, in a process that writes its own report. `node --test` would read a child's report from its stdout, and loses
 * all that follows when anything else is written there in between.
 */
async function nodeTest(node, file, env, isAlone) {
  const tap = join(target, "test", `${file.replaceAll("/", "-")}.tap`);
  mkdirSync(join(target, "test"), { recursive: true });
  rmSync(tap, { force: true });
  const reporters = [
    ["spec", "stdout"],
    ["tap", tap],
  ].flatMap(([reporter, to]) => [
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${to}`,
  ]);
  if (isAlone) console.log(`\n${file}`);
  const { code, output } = await execute(
    node,
    [...reporters, file],
    env,
    isAlone ? "both" : "keep",
  );
  if (!isAlone) console.log(`\n${file}\n${output}`);
  const report = existsSync(tap) ? readFileSync(tap, "utf8") : "";
  const count = (what) => Number(report.match(new RegExp(`^# ${what} (\\d+)$`, "m"))?.[1] ?? 0);
  return complete(code, {
    passed: count("pass"),
    failed: count("fail") + count("cancelled"),
    skipped: count("skipped") + count("todo"),
  });
}

function testFiles(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { encoding: "utf8", recursive: true })
    .filter((name) => name.endsWith(".test.mjs") && !name.includes("node_modules"))
    .map((name) => join(folder, name))
    .sort();
}

function execute(command, args, env, output = "both") {
  return capture(command, args, { env, output, timeoutMs: STEP_LIMIT_MS });
}

function succeeded({ code }) {
  if (code !== 0) console.error(`✗ ended with ${code}`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** The counts of a test runner, which must have run something and must not fail without a failed test. */
function complete(code, counts) {
  const isSilentFailure = code !== 0 && counts.failed === 0;
  const ranNothing = counts.passed + counts.failed === 0;
  if (!isSilentFailure && !ranNothing) return counts;
  console.error(isSilentFailure ? `✗ ended with ${code}` : "✗ no test ran");
  return { ...counts, failed: counts.failed + 1 };
}

// A step that hangs must not take the whole of CI's time with it.
const STEP_LIMIT_MS = 20 * 60_000;
