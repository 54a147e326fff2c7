// What the long runs with a Worker share: they run under Node 22, and write their result.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPage, buildWorker } from "../build/build.mjs";
import { target } from "../common/checkout.mjs";
import { capture } from "../common/process.mjs";
import { Stop } from "../common/program.mjs";
import { node22 } from "../tools/runtimes.mjs";

/** Stops the program on a system without /proc, by which workerd's process is found. */
export function onLinuxAlone() {
  if (process.platform !== "linux")
    throw new Stop("This needs Linux: workerd's process is found through /proc.");
}

/**
 * Runs this program again with `--here`, under Node 22, which the Worker's runtime needs.
 * @param {string} program its path
 * @param {{ nodeOptions?: string[], env?: NodeJS.ProcessEnv }} [more]
 */
export async function underNode22(program, { nodeOptions = [], env } = {}) {
  await buildWorker();
  await buildPage();
  // Before the arguments, among which may be a `--`: what follows that is no option.
  const args = [...nodeOptions, program, "--here", ...process.argv.slice(2)];
  const { code } = await capture(await node22(), args, { output: "both", env });
  process.exitCode = code === 0 ? 0 : 1;
}

/**
 * Writes a result into target/<name>.json and prints it. With a failure in it the program's
 * exit code is 1.
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
