// The steps of `npm test`: what each needs, what it runs, and to which row it belongs. The rows
// run in parallel: compilers and browsers need the processors, the Worker's tests mostly wait.

import {
  buildFace,
  buildNpm,
  buildPage,
  buildWorker,
  buildWorkerThatPanics,
} from "../build/build.mjs";
import { run } from "../common/process.mjs";
import { rust, wasmTarget } from "../tools/cargo.mjs";
import { chromium } from "../tools/chromium.mjs";
import { npmPackages, reference } from "../tools/npm.mjs";
import { node22 } from "../tools/runtimes.mjs";
import { cargoTest, checks } from "./commands.mjs";
import { nodeTests } from "./node-tests.mjs";

/** @import { Step } from "./commands.mjs" */

/** The steps by name, in rows that take about as long as each other. */
export const ROWS = {
  compilers: {
    lint: checks(
      async () => {
        await rust("rustfmt");
        await npmPackages();
      },
      "npx biome check --diagnostic-level=error",
      "cargo fmt --check",
      "node pkg-scripts/check/lines.mjs",
    ),
    documents: checks(
      npmPackages,
      "node pkg-scripts/check/documents.mjs",
      "node pkg-scripts/check/workflows.mjs",
    ),
    rust: cargoTest("npm,worker"),
    clippy: checks(() => rust("clippy"), "cargo clippy --all-targets -- -D warnings"),
    "clippy-npm": clippyOfFace("npm"),
    "clippy-browser": clippyOfFace("browser"),
    "clippy-worker": clippyOfFace("worker"),
    package: checks(
      async () => {
        await rust();
        await buildNpm();
      },
      // Its lock file has all that its targets are built of.
      "cargo fetch --locked --manifest-path fuzz/Cargo.toml",
      "cargo publish --dry-run --locked --allow-dirty",
      "cargo rustdoc --lib --locked -- -D warnings",
      "npm publish ./dist/npm --dry-run --loglevel=error",
      `node ${reference}/node_modules/typedoc/bin/typedoc --options ${reference}/typedoc.json`,
    ),
    npm: nodeTests("tests/npm", buildNpm, {
      atOnce: 2,
      longest: ["ecosystem.test.mjs", "cli.test.mjs"],
    }),
    // The faces' glue has types that wasm-bindgen makes; the benchmarks import the package.
    types: checks(
      async () => {
        await buildNpm();
        await npmPackages();
      },
      // Whether the generated files are up to date with the Rust models.
      "node pkg-scripts/build/schema.mjs --check",
      "npx tsc --noEmit -p tsconfig.json",
      "npx tsc --noEmit -p sandbox/tsconfig.json",
      "npx tsc --noEmit -p tests/tsconfig.json",
      "npx tsc --noEmit -p tests/npm/tsconfig.json",
      "npx tsc --noEmit -p tests/worker/tsconfig.json",
      "npx tsc --noEmit -p tsconfig.npm.json",
      "npx tsc --noEmit -p tsconfig.worker.json",
      "npx tsc --noEmit -p tsconfig.cli.json",
      "npx tsc --noEmit -p tsconfig.browser.json",
      "node pkg-scripts/build/css-types.mjs",
      "npx tsc --noEmit -p www/tsconfig.json",
      "npx tsc --noEmit -p tests/page/tsconfig.json",
      "npx tsc --noEmit -p fuzz/javascript/tsconfig.json",
    ),
  },
  workers: {
    scripts: nodeTests("tests/scripts", npmPackages),
    sandbox: nodeTests("tests/sandbox", npmPackages),
    worker: nodeTests(
      "tests/worker",
      async () => {
        await buildWorker();
        await buildWorkerThatPanics();
        await buildPage();
      },
      // Most of it is waiting, that of one file half a minute.
      {
        node: node22,
        atOnce: 3,
        longest: ["broker.test.mjs", "access.test.mjs", "records.test.mjs", "scale.test.mjs"],
      },
    ),
    faults: nodeTests(
      "tests/faults",
      async () => {
        await rust();
        await buildNpm();
        await buildWorker();
        await buildPage();
        await run("cargo", ["build", "--example", "fault-core", "--example", "native"]);
      },
      { node: node22 },
    ),
    runtimes: nodeTests("tests/runtimes", buildNpm, { node: node22 }),
  },
  pages: {
    page: nodeTests(
      "tests/page",
      async () => {
        await buildWorker();
        await buildPage();
        await buildFace("browser-panics");
        return chromium();
      },
      { node: node22, atOnce: 2, longest: ["expect.test.mjs", "billing-file.test.mjs"] },
    ),
  },
};

/** Each step by its name. @type {Record<string, Step>} */
export const STEPS = Object.assign({}, ...Object.values(ROWS));

/** The names that `--only` takes. */
export const STEP_NAMES = Object.keys(STEPS);

/** @param {string} face */
function clippyOfFace(face) {
  const prepare = async () => {
    await rust("clippy");
    await wasmTarget();
  };
  const features = `--no-default-features --features ${face}`;
  return checks(prepare, `cargo clippy --target wasm32-unknown-unknown ${features} -- -D warnings`);
}
