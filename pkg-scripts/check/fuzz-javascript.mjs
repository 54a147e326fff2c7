// The fuzz targets of fuzz/javascript, by Jazzer.js, one after the other, with executions and
// coverage.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundle, CORPUS, TARGETS } from "../../fuzz/javascript/bundle.mjs";
import { root, target } from "../common/checkout.mjs";
import { capture, run } from "../common/process.mjs";
import { chosen, Stop, say, wholeNumber } from "../common/program.mjs";
import { jazzer } from "../tools/jazzer.mjs";
import { npmPackages } from "../tools/npm.mjs";
import { keepInputs } from "./fuzz-corpus.mjs";

/**
 * What a run over one target came to.
 * @typedef {{ target: string, executions: number, edges: number, features: number, corpus: number,
 *   findings: number }} Result
 */

/** How Jazzer.js is started. @typedef {Awaited<ReturnType<typeof jazzer>>} Program */

/**
 * Fuzzes the targets, each for its part of the time.
 * @param {{ seconds: string, targets?: string, keep: boolean }} options
 */
export async function fuzzJavascript({ seconds, targets, keep: isKept }) {
  const names = chosen(targets, TARGETS, "target");
  const each = Math.ceil(wholeNumber("seconds", seconds) / names.length);
  await npmPackages();
  const modules = await bundle(names);
  const program = await jazzer();
  await run(process.execPath, [join(root, "fuzz/javascript/seeds.mjs"), corpora]);
  const results = [];
  for (const [name, module] of modules) {
    say(`${name}, ${each} s …`);
    results.push(await fuzzOne(name, module, program, each));
  }
  if (isKept) for (const [name, module] of modules) await keep(name, module, program);
  return results;
}

/**
 * @param {string} name
 * @param {string} module
 * @param {Program} program
 * @param {number} seconds
 * @returns {Promise<Result>}
 */
async function fuzzOne(name, module, program, seconds) {
  const own = join(corpora, name);
  const kept = join(CORPUS, name);
  const artifacts = join(root, "fuzz/artifacts", name);
  rmSync(artifacts, { recursive: true, force: true });
  for (const folder of [own, kept, artifacts]) mkdirSync(folder, { recursive: true });
  const dictionary = join(root, "fuzz/javascript", `${name}.dict`);
  const { code, output } = await jazzerRun(
    program,
    module,
    [own, kept],
    [
      `-max_total_time=${seconds}`,
      `-max_len=${LONGEST[name] ?? 3_000}`,
      // What is slow may freeze a page: one input is to take no longer than this.
      "-timeout=10",
      "-rss_limit_mb=2048",
      "-print_final_stats=1",
      `-artifact_prefix=${artifacts}/`,
      ...(existsSync(dictionary) ? [`-dict=${dictionary}`] : []),
    ],
  );
  const last = [...output.matchAll(/cov: (\d+) ft: (\d+)/g)].at(-1) ?? [];
  const findings = readdirSync(artifacts).length;
  if (code !== 0) console.error(output.slice(-3_000));
  if (code !== 0 && findings === 0) throw new Stop(`${name} was interrupted.`);
  return {
    target: `javascript/${name}`,
    executions: Number(output.match(/number_of_executed_units:\s*(\d+)/)?.[1] ?? 0),
    edges: Number(last[1] ?? 0),
    features: Number(last[2] ?? 0),
    corpus: readdirSync(own).length,
    findings,
  };
}

/**
 * The smallest inputs that together reach what the whole corpus reaches, as many as are worth
 * replaying.
 * @param {string} name
 * @param {string} module
 * @param {Program} program
 */
async function keep(name, module, program) {
  const minimised = join(target, "fuzz-kept", `javascript-${name}`);
  rmSync(minimised, { recursive: true, force: true });
  mkdirSync(minimised, { recursive: true });
  const options = ["-merge=1", `-max_len=${LONGEST[name] ?? 3_000}`];
  const folders = [minimised, join(corpora, name), join(CORPUS, name)];
  const merged = await jazzerRun(program, module, folders, options);
  if (merged.code !== 0) throw new Stop(`The corpus of ${name} could not be minimised.`);
  keepInputs(minimised, join(CORPUS, name), KEPT_FILES);
}

/**
 * @param {Program} program
 * @param {string} module
 * @param {string[]} folders
 * @param {string[]} options
 */
function jazzerRun({ args, env }, module, folders, options) {
  // Only what is bundled is instrumented, all of it; what Jazzer.js looks for by itself are holes
  // of servers.
  const own = ["--includes", "fuzz-javascript", "--disableBugDetectors", ".*"];
  if (isSync(module)) own.push("--sync");
  return capture(process.execPath, [...args, module, ...folders, ...own, "--", ...options], {
    cwd: target,
    env,
  });
}

/**
 * A target that waits for nothing runs in the fuzzer's own thread, several times as fast.
 * @param {string} module
 */
function isSync(module) {
  return !/^async function fuzz\(/m.test(readFileSync(module, "utf8"));
}

const corpora = join(target, "fuzz-corpus-javascript");
const KEPT_FILES = 24;
/** In bytes, where it is not 3,000. @type {Record<string, number>} */
const LONGEST = { amount: 64, growth: 110, "record-file": 5_000, workbook: 12_000 };
