// `npm run fuzz -- --seconds 600`: a long run over all fuzz targets, one after the other, with
// executions and coverage.
//
// It needs a nightly Rust, of the day that pkg-scripts/tools/cargo.mjs names, and cargo-fuzz (both
// got if missing). The corpus grows in target/fuzz-corpus, begins with fuzz/corpus and the
// sandbox's replies, and outlives the run; `--keep` puts a minimised part of it into fuzz/corpus,
// which `cargo test` replays. `--targets a,b` runs some targets only; `--sanitizer address` looks
// for memory faults, too. `--javascript` runs the targets of fuzz/javascript instead, by Jazzer.js.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root, target } from "../common/checkout.mjs";
import { capture, run } from "../common/process.mjs";
import { chosen, commandLine, main, Stop, say, wholeNumber } from "../common/program.mjs";
import { cargoFuzz, nightly } from "../tools/cargo.mjs";
import { keepInputs } from "./fuzz-corpus.mjs";
import { fuzzJavascript } from "./fuzz-javascript.mjs";

/** @import { Result } from "./fuzz-javascript.mjs" */

main(import.meta, async () => {
  const { values } = commandLine({
    options: {
      seconds: { type: "string", default: "160" },
      targets: { type: "string" },
      sanitizer: { type: "string", default: "none" },
      keep: { type: "boolean", default: false },
      javascript: { type: "boolean", default: false },
    },
  });
  if (values.javascript) return report(await fuzzJavascript(values));
  const all = readdirSync(join(fuzz, "fuzz_targets")).map((name) => name.replace(/\.rs$/, ""));
  const targets = chosen(values.targets, all, "target");
  const seconds = Math.ceil(wholeNumber("seconds", values.seconds) / targets.length);
  const [sanitizer] = chosen(values.sanitizer, SANITIZERS, "sanitizer");

  const program = await build(sanitizer);
  await run(process.execPath, [join(fuzz, "seeds.mjs"), corpora]);
  const results = [];
  for (const name of targets) {
    say(`${name}, ${seconds} s …`);
    const result = await fuzzOne(name, program(name), seconds);
    results.push(result);
    console.log(line(result));
  }
  if (values.keep) for (const name of targets) await keep(name, program(name));
  report(results);
});

/** @param {string} sanitizer */
async function build(sanitizer) {
  const PATH = `${await cargoFuzz()}${delimiter}${process.env.PATH}`;
  const options = ["--fuzz-dir", fuzz, "--sanitizer", sanitizer];
  await run("cargo", [`+${await nightly()}`, "fuzz", "build", ...options], { env: { PATH } });
  const host = (await capture("rustc", ["-vV"])).output.match(/^host: (.+)$/m)?.[1];
  if (!host) throw new Stop("rustc does not say what machine it is for.");
  return (/** @type {string} */ name) => join(fuzz, "target", host, "release", name);
}

/**
 * @param {string} name
 * @param {string} program
 * @param {number} seconds
 * @returns {Promise<Result>}
 */
async function fuzzOne(name, program, seconds) {
  const own = join(corpora, name);
  const kept = join(fuzz, "corpus", name);
  const artifacts = join(fuzz, "artifacts", name);
  rmSync(artifacts, { recursive: true, force: true });
  for (const folder of [own, kept, artifacts]) mkdirSync(folder, { recursive: true });
  const options = [
    `-max_total_time=${seconds}`,
    "-max_len=3000",
    "-timeout=10",
    "-rss_limit_mb=2048",
    "-print_final_stats=1",
    `-artifact_prefix=${artifacts}/`,
  ];
  const { code, output } = await capture(
    program,
    [own, kept, `-dict=${join(fuzz, "json.dict")}`, ...options],
    { cwd: fuzz },
  );
  const last = [...output.matchAll(/cov: (\d+) ft: (\d+)/g)].at(-1) ?? [];
  const findings = readdirSync(artifacts).length;
  if (code !== 0) console.error(output.slice(-3_000));
  if (code !== 0 && findings === 0) throw new Stop(`${name} was interrupted.`);
  return {
    target: name,
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
 * @param {string} program
 */
async function keep(name, program) {
  const minimised = join(target, "fuzz-kept", name);
  rmSync(minimised, { recursive: true, force: true });
  mkdirSync(minimised, { recursive: true });
  const merged = await capture(
    program,
    ["-merge=1", "-max_len=3000", minimised, join(corpora, name)],
    { cwd: fuzz },
  );
  if (merged.code !== 0) throw new Stop(`The corpus of ${name} could not be minimised.`);
  keepInputs(minimised, join(fuzz, "corpus", name), KEPT_FILES);
}

/**
 * Adds the run to target/fuzz.json and prints all runs together.
 * @param {Result[]} results
 */
function report(results) {
  const path = join(target, "fuzz.json");
  /** @type {{ at: string, results: Result[] }[]} */
  const runs = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : [];
  runs.push({ at: new Date().toISOString(), results });
  writeFileSync(path, `${JSON.stringify(runs, null, 2)}\n`);
  console.log("");
  for (const result of results) console.log(line(result));
  /** @param {Result[]} list @param {"executions" | "findings"} what */
  const sum = (list, what) => list.reduce((total, each) => total + each[what], 0);
  const everything = runs.flatMap((each) => each.results);
  console.log(
    `\n${sum(results, "executions").toLocaleString("en")} executions, ${sum(results, "findings")} findings`,
  );
  console.log(
    `all runs in target/fuzz.json: ${sum(everything, "executions").toLocaleString("en")} executions, ${sum(everything, "findings")} findings`,
  );
  if (sum(results, "findings") > 0) process.exitCode = 1;
}

/** @param {Result} result */
function line({ target: name, executions, edges, features, corpus, findings }) {
  const numbers = `${executions.toLocaleString("en").padStart(14)} executions  ${String(edges).padStart(5)} edges  ${String(features).padStart(5)} features`;
  return `${findings ? "✗" : "✓"} ${name.padEnd(20)} ${numbers}  ${String(corpus).padStart(5)} inputs`;
}

const fuzz = join(root, "fuzz");
const corpora = join(target, "fuzz-corpus");
const KEPT_FILES = 40;
/** Those of cargo-fuzz. */
const SANITIZERS = ["none", "address", "leak", "memory", "thread"];
