// What both kinds of fuzz targets have in common, since libFuzzer runs both: its options, its
// closing statistics, and the part of a corpus that git keeps.

import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, target } from "../common/checkout.mjs";
import { Stop } from "../common/program.mjs";
import { keepInputs } from "./fuzz-corpus.mjs";

/** @import { Code } from "../common/process.mjs" */

/**
 * The result of a run over one target.
 * @typedef {{ target: string, executions: number, edges: number, features: number, corpus: number,
 *   findings: number }} Result
 */

/**
 * A target as libFuzzer runs it.
 * @typedef {object} Fuzzed
 * @property {string} name
 * @property {string} corpus the folder in which its corpus grows
 * @property {string} kept the folder with what git keeps of it
 * @property {number} longest how many bytes an input may have
 * @property {string} [dictionary]
 * @property {(args: string[]) => Promise<{ code: Code, output: string }>} run with folders and
 *   options of libFuzzer's
 */

/**
 * Fuzzes a target for so long. A finding is an input in fuzz/artifacts.
 * @param {Fuzzed} fuzzed
 * @param {number} seconds
 * @returns {Promise<Result>}
 */
export async function fuzzFor({ name, corpus, kept, longest, dictionary, run }, seconds) {
  const artifacts = join(root, "fuzz/artifacts", name);
  rmSync(artifacts, { recursive: true, force: true });
  for (const folder of [corpus, kept, artifacts]) mkdirSync(folder, { recursive: true });
  const { code, output } = await run([
    corpus,
    kept,
    `-max_total_time=${seconds}`,
    `-max_len=${longest}`,
    // An input that takes longer is a finding: it could freeze a page.
    "-timeout=10",
    "-rss_limit_mb=2048",
    "-print_final_stats=1",
    `-artifact_prefix=${artifacts}/`,
    ...(dictionary ? [`-dict=${dictionary}`] : []),
  ]);
  const last = [...output.matchAll(/cov: (\d+) ft: (\d+)/g)].at(-1) ?? [];
  const findings = readdirSync(artifacts).length;
  if (code !== 0) console.error(output.slice(-3_000));
  if (code !== 0 && findings === 0) throw new Stop(`${name} was interrupted.`);
  return {
    target: name,
    executions: Number(output.match(/number_of_executed_units:\s*(\d+)/)?.[1] ?? 0),
    edges: Number(last[1] ?? 0),
    features: Number(last[2] ?? 0),
    corpus: readdirSync(corpus).length,
    findings,
  };
}

/**
 * The smallest inputs that together reach what the whole corpus reaches, as many as are worth
 * replaying.
 * @param {Fuzzed} fuzzed
 * @param {number} count
 */
export async function keepCorpus({ name, corpus, kept, longest, run }, count) {
  const minimised = join(target, "fuzz-kept", name.replaceAll("/", "-"));
  rmSync(minimised, { recursive: true, force: true });
  mkdirSync(minimised, { recursive: true });
  const { code } = await run([minimised, corpus, kept, "-merge=1", `-max_len=${longest}`]);
  if (code !== 0) throw new Stop(`The corpus of ${name} could not be minimised.`);
  keepInputs(minimised, kept, count);
}
