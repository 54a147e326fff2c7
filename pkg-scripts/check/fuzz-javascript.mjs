// The fuzz targets of fuzz/javascript, by Jazzer.js, one after the other, with executions and
// coverage.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, CORPUS, TARGETS } from "../../fuzz/javascript/bundle.mjs";
import { root, target } from "../common/checkout.mjs";
import { capture, run } from "../common/process.mjs";
import { chosen, say, wholeNumber } from "../common/program.mjs";
import { jazzer } from "../tools/jazzer.mjs";
import { npmPackages } from "../tools/npm.mjs";
import { fuzzFor, keepCorpus } from "./libfuzzer.mjs";

/** @import { Fuzzed } from "./libfuzzer.mjs" */

/** How Jazzer.js is started. @typedef {Awaited<ReturnType<typeof jazzer>>} Program */

/**
 * Fuzzes the targets, each for its part of the time.
 * @param {{ seconds: string, targets?: string, keep: boolean }} options
 */
export async function fuzzJavascript({ seconds, targets, keep }) {
  const names = chosen(targets, TARGETS, "target");
  const each = Math.ceil(wholeNumber("seconds", seconds) / names.length);
  await npmPackages();
  const modules = await bundle(names);
  const program = await jazzer();
  await run(process.execPath, [join(root, "fuzz/javascript/seeds.mjs"), corpora]);
  const results = [];
  const all = [...modules].map(([name, module]) => fuzzed(name, module, program));
  for (const one of all) {
    say(`${one.name}, ${each} s …`);
    results.push(await fuzzFor(one, each));
  }
  if (keep) for (const one of all) await keepCorpus(one, KEPT_FILES);
  return results;
}

/**
 * @param {string} name
 * @param {string} module
 * @param {Program} program
 * @returns {Fuzzed}
 */
function fuzzed(name, module, { args, env }) {
  const dictionary = join(root, "fuzz/javascript", `${name}.dict`);
  // All of the bundle is instrumented, and nothing else. Jazzer.js's own bug detectors look for
  // faults of servers (command injection and the like), which do not apply here.
  const own = ["--includes", "fuzz-javascript", "--disableBugDetectors", ".*"];
  if (isSync(module)) own.push("--sync");
  return {
    name: `javascript/${name}`,
    corpus: join(corpora, name),
    kept: join(CORPUS, name),
    longest: LONGEST[name] ?? 3_000,
    dictionary: existsSync(dictionary) ? dictionary : undefined,
    run: (more) => {
      const isOption = (/** @type {string} */ arg) => arg.startsWith("-");
      const folders = more.filter((arg) => !isOption(arg));
      const line = [...args, module, ...folders, ...own, "--", ...more.filter(isOption)];
      return capture(process.execPath, line, { cwd: target, env });
    },
  };
}

/**
 * A target without `await` runs in the fuzzer's own thread, several times as fast.
 * @param {string} module
 */
function isSync(module) {
  return !/^async function fuzz\(/m.test(readFileSync(module, "utf8"));
}

const corpora = join(target, "fuzz-corpus-javascript");
const KEPT_FILES = 24;
/** In bytes, where it is not 3,000. @type {Record<string, number>} */
const LONGEST = { amount: 64, growth: 110, "record-file": 5_000, workbook: 12_000 };
