// `npm run fuzz -- --seconds 600`: a long run over all fuzz targets, one after the other, with
// executions and coverage.
//
// It needs a nightly Rust, of the day that pkg-scripts/tools/cargo.mjs names, and cargo-fuzz (both
// got if missing). The corpus grows in target/fuzz-corpus, begins with fuzz/corpus and the
// sandbox's replies, and outlives the run; `--keep` puts a minimised part of it into fuzz/corpus,
// which `cargo test` replays. `--targets a,b` runs some targets only; `--sanitizer address` looks
// for memory faults, too. `--javascript` runs the targets of fuzz/javascript instead, by Jazzer.js.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root, target } from "../common/checkout.mjs";
import { capture, run } from "../common/process.mjs";
import { chosen, commandLine, main, Stop, say, wholeNumber } from "../common/program.mjs";
import { cargoFuzz, nightly } from "../tools/cargo.mjs";
import { fuzzJavascript } from "./fuzz-javascript.mjs";
import { fuzzFor, keepCorpus } from "./libfuzzer.mjs";

/** @import { Fuzzed, Result } from "./libfuzzer.mjs" */

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
  const fuzzers = targets.map((name) => fuzzed(name, program(name)));
  for (const one of fuzzers) {
    say(`${one.name}, ${seconds} s …`);
    const result = await fuzzFor(one, seconds);
    results.push(result);
    console.log(line(result));
  }
  if (values.keep) for (const one of fuzzers) await keepCorpus(one, KEPT_FILES);
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
 * @returns {Fuzzed}
 */
function fuzzed(name, program) {
  return {
    name,
    corpus: join(corpora, name),
    kept: join(fuzz, "corpus", name),
    longest: 3_000,
    dictionary: join(fuzz, "json.dict"),
    run: (args) => capture(program, args, { cwd: fuzz }),
  };
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
