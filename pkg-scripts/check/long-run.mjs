// What the long runs that look into workerd have in common: the Node they need, and their result.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPage, buildWorker } from "../build/build.mjs";
import { target } from "../common/checkout.mjs";
import { capture } from "../common/process.mjs";
import { Stop } from "../common/program.mjs";
import { node22 } from "../tools/runtimes.mjs";

/**
 * Runs a program again with `--here`, under Node 22: the Worker's runtime asks for it.
 * @param {string} program
 * @param {string[]} args
 */
export async function underNode22(program, args) {
  if (process.platform !== "linux")
    throw new Stop("workerd is found by way of /proc: on Linux alone.");
  await buildWorker();
  await buildPage();
  const { code } = await capture(await node22(), [program, ...args, "--here"], { output: "both" });
  process.exitCode = code === 0 ? 0 : 1;
}

/**
 * Writes a result into target/<name>.json and prints it; a failure in it is one of the program.
 * @param {string} name
 * @param {{ failures: unknown[] }} result
 */
export function tellResult(name, result) {
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  const width = Math.max(...Object.keys(result).map((what) => what.length));
  for (const [what, value] of Object.entries(result))
    console.log(`  ${what.padEnd(width)} ${JSON.stringify(value)}`);
  if (result.failures.length > 0) process.exitCode = 1;
}
