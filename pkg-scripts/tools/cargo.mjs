// Rust's own parts and the commands that come from Cargo's registry: found, or installed into
// target/tools.

import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { target } from "../common/checkout.mjs";
import { alone } from "../common/lock.mjs";
import { capture, orStop, run, works } from "../common/process.mjs";
import { Stop, say } from "../common/program.mjs";
import { openssl } from "./openssl.mjs";
import { readToml } from "./toml.mjs";

/**
 * The parts of Rust that are asked for: "clippy", "rustfmt".
 * @param {("clippy" | "rustfmt")[]} components
 */
export async function rust(...components) {
  if (!(await works("cargo", "--version"))) await useAnotherRust();
  const commands = { clippy: "cargo-clippy", rustfmt: "cargo-fmt" };
  for (const component of components) {
    if (await works(commands[component], "--version")) continue;
    say(`getting ${component} …`);
    await orStop(
      run("rustup", ["component", "add", component]),
      `Run: rustup component add ${component}`,
    );
  }
}

/**
 * rust-toolchain.toml names a version that rustup has not got. Where it cannot get it (offline),
 * the machine's own Rust does if it is new enough; this process and its children then use that.
 */
async function useAnotherRust() {
  if (!(await works("rustup", "--version")))
    throw new Stop(
      "Rust is missing: install it with rustup, open a new terminal and run this again.",
    );
  const { toolchain } = await readToml("rust-toolchain.toml");
  if (await rustupToolchain(toolchain.channel)) return;
  const { package: crate } = await readToml("Cargo.toml");
  const { default: semver } = await import("semver");
  process.env.RUSTUP_TOOLCHAIN = "stable";
  const version = semver.coerce((await capture("rustc", ["--version"])).output);
  if (!version || semver.lt(version, `${crate["rust-version"]}.0`)) missing(toolchain.channel);
  say(`Rust ${toolchain.channel} cannot be got: using the installed ${version}`);
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
  return cargoTool("wasm-bindgen-cli", await lockedVersion("wasm-bindgen"), "wasm-bindgen");
}

/**
 * The worker-build command. It links OpenSSL, although with our own WASM_BINDGEN_BIN etc. it never
 * downloads a thing.
 */
export async function workerBuild() {
  return cargoTool("worker-build", WORKER_BUILD, "worker-build", openssl);
}

/** The folder of the `cargo fuzz` command, for PATH; it works with `nightly()` alone. */
export async function cargoFuzz() {
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

/** The folder of the `cargo cyclonedx` command, for PATH. */
export async function cargoCyclonedx() {
  return dirname(await cargoTool("cargo-cyclonedx", CARGO_CYCLONEDX, "cargo-cyclonedx"));
}

/** The nightly Rust that cargo-fuzz works with: the name of its toolchain. */
export async function nightly() {
  // The same one may have been installed under the general name.
  const { output } = await capture("rustc", ["+nightly", "--version"]);
  if (output.includes(NIGHTLY.commit)) return "nightly";
  return (await rustupToolchain(NIGHTLY.toolchain)) ?? missing(NIGHTLY.toolchain);
}

/**
 * An older Rust beside the one in use: the name of its toolchain, or undefined where it cannot be
 * got.
 * @param {string} version
 */
export function oldRust(version) {
  return rustupToolchain(version);
}

/**
 * The version of a crate in Cargo.lock.
 * @param {string} crate
 */
export async function lockedVersion(crate) {
  /** @type {{ package: { name: string, version: string }[] }} */
  const { package: packages } = await readToml("Cargo.lock");
  const found = packages.find(({ name }) => name === crate);
  if (found) return found.version;
  throw new Stop(`Cargo.lock has no ${crate}.`);
}

/** @param {string} name */
async function rustupToolchain(name) {
  if (await works("cargo", `+${name}`, "--version")) return name;
  say(`getting Rust ${name} …`);
  const { code } = await capture("rustup", toolchainInstall(name));
  return code === 0 ? name : undefined;
}

/** @param {string} name */
function toolchainInstall(name) {
  return ["toolchain", "install", name, "--profile", "minimal"];
}

/** @param {string} name @returns {never} */
function missing(name) {
  throw new Stop(`Rust ${name} is missing. Run: rustup ${toolchainInstall(name).join(" ")}`);
}

/**
 * @param {string} crate
 * @param {string} version
 * @param {string} command
 * @param {() => Promise<NodeJS.ProcessEnv>} [prepare] what the build needs in its environment
 */
async function cargoTool(crate, version, command, prepare = async () => ({})) {
  const folder = join(target, "tools", `${crate}-${version}`);
  const path = join(folder, "bin", command);
  if (existsSync(path)) return path;
  // Before the lock: it may take that lock itself.
  await rust();
  await alone("tools", async () => {
    if (existsSync(path)) return;
    if (!(await works("cc", "--version"))) {
      throw new Stop(
        "A C compiler is missing (Debian: apt-get install gcc libc6-dev, macOS: xcode-select --install).",
      );
    }
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
    const build = join(target, "tools", "build");
    const env = { ...QUICK_BUILD, ...(await prepare()), CARGO_TARGET_DIR: build };
    await orStop(
      run("cargo", args, { env }),
      `Is Cargo's registry reachable? Run: cargo ${args.join(" ")}`,
    );
    rmSync(build, { recursive: true, force: true });
  });
  return path;
}

// The day of a toolchain is the day after its last commit.
const NIGHTLY = { toolchain: "nightly-2026-05-20", commit: "2026-05-19" };
const WORKER_BUILD = "0.8.7";
const CARGO_FUZZ = "0.13.2";
const CARGO_MUTANTS = "27.1.0";
const CARGO_CYCLONEDX = "0.5.9";
const CARGO_DENY = "0.20.2";

// The tools work on small files for a blink: a build that takes half the time is worth more than a
// fast tool.
const QUICK_BUILD = {
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16",
  CARGO_PROFILE_RELEASE_LTO: "false",
  CARGO_PROFILE_RELEASE_OPT_LEVEL: "0",
};
