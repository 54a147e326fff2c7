// `npm run build`: makes dist/npm (the publishable package), build/ (the Worker) and www/dist (the
// admin page).
//
// A part is skipped while its inputs are unchanged: a stamp in target/stamps holds their hash.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { root, target } from "../common/checkout.mjs";
import { alone } from "../common/lock.mjs";
import { run } from "../common/process.mjs";
import { commandLine, main, say } from "../common/program.mjs";
import { wasmBindgen, wasmTarget, workerBuild } from "../tools/cargo.mjs";
import { esbuild, npmPackages, wasmOpt } from "../tools/npm.mjs";
import { node22 } from "../tools/runtimes.mjs";
import { CLI_SOURCES } from "./cli.mjs";
import { pack } from "./pack.mjs";
import { DOCUMENTS } from "./package-documents.mjs";

/** @typedef {keyof typeof FACES} Face */

/** Everything that `wrangler deploy` and `npm publish` need. */
export async function buildAll() {
  await buildNpm();
  await buildWorker();
  await buildPage();
}

/** The face `npm` and the npm package that contains it, in dist/npm. */
export async function buildNpm() {
  await buildFace("npm");
  await buildFace("browser");
  const more = [
    "pkg-scripts/build/pack.mjs",
    "pkg-scripts/build/glue.mjs",
    ...CLI_SOURCES,
    "sandbox",
    "pkg-scripts/build/package-documents.mjs",
    ...DOCUMENTS,
    "LICENSE-APACHE",
    "LICENSE-MIT",
  ];
  await once("npm package", [...RUST, ...SCRIPTS, ...more], "dist/npm/package.json", async () => {
    await npmPackages();
    await pack();
  });
}

/**
 * The face `browser`, in target/faces/browser, which the page and the npm package contain.
 */
export async function buildBrowser() {
  await buildFace("browser");
}

/** The Worker, in build/ (wrangler.toml: main = "build/index.js"). */
export async function buildWorker() {
  await buildWorkerIn("build", "Worker", "worker");
}

/**
 * The Worker with a path that panics, in target/faces/worker-panics: for the tests of a panic.
 */
export async function buildWorkerThatPanics() {
  await buildWorkerIn("target/faces/worker-panics", "Worker that panics", "worker,fault-injection");
}

/** @param {string} folder @param {string} name @param {string} features */
async function buildWorkerIn(folder, name, features) {
  await once(name, [...RUST, ...SCRIPTS], `${folder}/worker.js`, async () => {
    await wasmTarget();
    const env = {
      CARGO_TARGET_DIR: target,
      RUSTFLAGS: rustFlags(),
      ESBUILD_BIN: await esbuild(),
      WASM_BINDGEN_BIN: await wasmBindgen(),
      WASM_OPT_BIN: await wasmOpt(),
    };
    const options = ["--out-dir", folder, "--no-default-features", "--features", features];
    if (isForTests(features)) options.unshift("--no-opt");
    await run(await workerBuild(), ["--release", ...options], { env });
    await bundleMainModule(join(root, folder, "worker.js"));
    if (isForTests(features)) return;
    // Once more, since worker-build keeps the names of all functions, and classes that are not
    // used: a fifth of the upload.
    await shrink(
      join(root, folder, "index_bg.wasm"),
      UNUSED_CLASSES.map((name) => `--remove-exports=*${name}*`),
    );
  });
}

/**
 * The Worker's main module beside worker-build's, which exports no named entrypoint.
 * @param {string} file
 */
async function bundleMainModule(file) {
  await run(await esbuild(), [
    join(root, "src/worker/js/worker.mjs"),
    `--outfile=${file}`,
    "--bundle",
    "--format=esm",
    "--minify-syntax",
    "--minify-whitespace",
    "--external:*/index.js",
    "--external:cloudflare:workers",
    "--log-level=warning",
  ]);
}

/** The admin page, in www/dist. */
export async function buildPage() {
  await buildBrowser();
  await once("admin page", ["www", ...RUST, ...SCRIPTS], "www/dist/index.html", async () => {
    await npmPackages();
    // For the editor; the type check writes them again.
    await run(process.execPath, ["pkg-scripts/build/css-types.mjs"]);
    const vite = join(root, "node_modules", "vite", "bin", "vite.js");
    await run(await node22(), [vite, "build", "--logLevel", "warn"], { cwd: join(root, "www") });
  });
}

/**
 * Where the JavaScript and the WebAssembly of a face are: payple_edge.js, payple_edge_bg.wasm and
 * their .d.ts.
 * @param {Face} face
 */
export function faceFolder(face) {
  return join(target, "faces", face);
}

/**
 * The WebAssembly of a face and its JavaScript, in `faceFolder(face)`.
 * @param {Face} face
 */
export async function buildFace(face) {
  const folder = faceFolder(face);
  await once(
    `face ${face}`,
    [...RUST, ...SCRIPTS],
    join("target/faces", face, "payple_edge_bg.wasm"),
    async () => {
      await wasmTarget();
      const bindgen = await wasmBindgen();
      const options = [
        "--lib",
        "--release",
        "--target",
        WASM,
        "--no-default-features",
        "--features",
        FACES[face],
      ];
      await run("cargo", ["build", ...options], {
        env: { CARGO_TARGET_DIR: target, RUSTFLAGS: rustFlags(), ...optimisationOf(face) },
      });
      rmSync(folder, { recursive: true, force: true });
      const built = join(target, WASM, "release", "payple_edge.wasm");
      await run(bindgen, [
        built,
        ...BINDGEN_OPTIONS,
        "--target",
        "web",
        "--out-name",
        "payple_edge",
        "--out-dir",
        folder,
      ]);
      if (!isForTests(FACES[face])) await shrink(join(folder, "payple_edge_bg.wasm"));
    },
  );
}

/**
 * For what a page loads: optimised for size. It is smaller by a tenth, and reads ten thousand
 * requests as fast, since most of the time goes into texts (docs/decisions/0007).
 * @param {Face} face
 */
function optimisationOf(face) {
  return FACES[face].startsWith("browser") ? { CARGO_PROFILE_RELEASE_OPT_LEVEL: "s" } : {};
}

/**
 * For what is never downloaded: not optimised.
 * @param {string} features
 */
function isForTests(features) {
  return features.includes("fault-injection");
}

/**
 * Makes a module as small as it gets, in its place.
 * @param {string} wasm
 * @param {string[]} [passes]
 */
async function shrink(wasm, passes = []) {
  await run(await wasmOpt(), [
    wasm,
    "-o",
    wasm,
    ...passes,
    ...OPTIMISATIONS,
    ...WASM_FEATURES.map((feature) => `--enable-${feature}`),
  ]);
}

/**
 * A panic names the source line it comes from: this keeps this machine's paths out of that name.
 */
function rustFlags() {
  const cargo = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const registries = join(cargo, "registry", "src");
  const crates = existsSync(registries)
    ? readdirSync(registries).map((name) => join(registries, name))
    : [];
  const { stdout: sysroot } = spawnSync("rustc", ["--print", "sysroot"], {
    cwd: root,
    encoding: "utf8",
  });
  const library = join(sysroot.trim(), "lib", "rustlib", "src", "rust", "library");
  const remap = [...crates, library, root].map((path) => `--remap-path-prefix=${path}/=`);
  return [process.env.RUSTFLAGS, ...remap, ...LLVM_OPTIONS.map((option) => `-Cllvm-args=${option}`)]
    .filter(Boolean)
    .join(" ");
}

/**
 * Builds a part, unless `output` exists and was built from the same inputs. One command at a time.
 * @param {string} part
 * @param {string[]} inputs
 * @param {string} output
 * @param {() => Promise<void>} make
 */
async function once(part, inputs, output, make) {
  await alone("build", async () => {
    const stamp = join(target, "stamps", part.replaceAll(" ", "-"));
    const wanted = digest(inputs);
    if (
      existsSync(join(root, output)) &&
      existsSync(stamp) &&
      readFileSync(stamp, "utf8") === wanted
    )
      return;
    say(`building the ${part} …`);
    const startedAt = performance.now();
    rmSync(stamp, { force: true });
    await make();
    say(`built the ${part} in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, wanted);
  });
}

/** @param {string[]} paths */
function digest(paths) {
  const hash = createHash("sha256");
  /** @param {string} path */
  const add = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      const names = readdirSync(full).filter((name) => !MADE.includes(name));
      for (const name of names.sort()) add(join(path, name));
    } else {
      hash.update(`${path}\0`).update(readFileSync(full)).update("\0");
    }
  };
  for (const path of paths) add(path);
  return hash.digest("hex");
}

const WASM = "wasm32-unknown-unknown";

const RUST = ["src", "Cargo.toml", "Cargo.lock"];
const SCRIPTS = ["pkg-scripts/build/build.mjs", "package-lock.json"];

// Folders of these names are outputs, wherever they are.
const MADE = ["dist", "node_modules"];

// Each line is a face in target/faces/<name>, with its Cargo features.
const FACES = {
  npm: "npm",
  // With an export that panics, for the tests of a panic; never packed for publishing.
  "npm-panics": "npm,fault-injection",
  // With an export that reads a reply by itself: for the benchmark.
  "npm-bench": "npm,bench",
  browser: "browser",
  "browser-panics": "browser,fault-injection",
};

// Large functions that are called in several places stay functions, and loops stay loops: that
// keeps the npm face below its 160 kB (169 otherwise), and reads ten thousand requests as fast
// (docs/performance.md).
const LLVM_OPTIONS = ["--inline-threshold=30", "--unroll-threshold=0"];
// What the `worker` crate exports for streams, R2, containers and the minifier of zones.
const UNUSED_CLASSES = ["intounderlying", "r2range", "containerstartupoptions", "minifyconfig"];
// The package's entries pass the module themselves, so there is no URL for bundlers to follow.
const BINDGEN_OPTIONS = ["--omit-default-module-path", "--experimental-reset-state-function"];
// Large functions stay apart, though only one calls them: that compresses better by 2.6 of 71 kB.
const OPTIMISATIONS = [
  "-O2",
  "--converge",
  "--one-caller-inline-max-function-size=20",
  "--strip-producers",
  "--strip-target-features",
];

// What rustc enables by default, named so that nothing is used that the oldest supported runtime
// cannot read.
const WASM_FEATURES = [
  "bulk-memory",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
];

main(import.meta, async () => {
  commandLine({});
  await buildAll();
  say("ready: dist/npm, build/ and www/dist");
});
