// The npm packages of the lock file and the commands that they bring.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../common/checkout.mjs";
import { alone } from "../common/lock.mjs";
import { orStop, run } from "../common/process.mjs";
import { say } from "../common/program.mjs";

/** The workspace of TypeDoc and of the TypeScript that it reads with. */
export const reference = "pkg-scripts/reference";

/** The wasm-opt command (npm package binaryen). */
export async function wasmOpt() {
  return npmTool("wasm-opt");
}

/** The esbuild command. */
export async function esbuild() {
  return npmTool("esbuild");
}

/**
 * Path of a command that an npm package of the lock file brings.
 * @param {string} name
 */
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
  const isCurrent = () =>
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === wanted &&
    existsSync(join(root, reference, "node_modules"));
  if (isCurrent()) return;
  await alone("tools", async () => {
    if (isCurrent()) return;
    say("getting the npm packages (about 20 seconds) …");
    // Exactly what the lock file has, by its hashes; package.json's `allowScripts` says whose
    // scripts may run (nobody's).
    const args = ["ci", "--ignore-scripts", "--loglevel=error"];
    await orStop(run("npm", args), `Is the npm registry reachable? Run: npm ${args.join(" ")}`);
    writeFileSync(stamp, wanted);
  });
}
