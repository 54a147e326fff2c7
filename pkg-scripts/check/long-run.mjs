// What the long runs with a Worker have in common: the Node they need, and their result.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPage, buildWorker } from "../build/build.mjs";
import { target } from "../common/checkout.mjs";
import { capture } from "../common/process.mjs";
import { Stop } from "../common/program.mjs";
import { node22 } from "../tools/runtimes.mjs";

/** Stops where the process of workerd cannot be found. */
export function onLinuxAlone() {
  if (process.platform !== "linux")
    throw new Stop("workerd is found by way of /proc: on Linux alone.");
}

/**
 * Runs this program again with `--here`, under Node 22: the Worker's runtime asks for it.
 * @param {string} program its path
 * @param {{ nodeOptions?: string[], env?: NodeJS.ProcessEnv }} [more]
 */
export async function underNode22(program, { nodeOptions = [], env } = {}) {
  await buildWorker();
  await buildPage();
  // First: what follows a `--` is no option.
  const args = [...nodeOptions, program, "--here", ...process.argv.slice(2)];
  const { code } = await capture(await node22(), args, { output: "both", env });
  process.exitCode = code === 0 ? 0 : 1;
}

/**
 * Writes a result into target/<name>.json and prints it; a failure in it is one of the program.
 * @param {string} name
 * @param {Record<string, unknown> & { failures?: unknown[] }} result
 */
export function tellResult(name, result) {
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  const width = Math.max(...Object.keys(result).map((what) => what.length));
  for (const [what, value] of Object.entries(result))
    console.log(`  ${what.padEnd(width)} ${JSON.stringify(value)}`);
  if (result.failures?.length) process.exitCode = 1;
}
