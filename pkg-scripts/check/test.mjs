// `npm test`: fetches what is missing, runs every step of steps.mjs and closes with one line that
// says how many tests ran.
//
// `npm test -- --only worker,page` runs some steps only. A step that is one check counts as one
// test. Each step runs in a process of its own, whose output is shown when it has ended; with a
// single step the output is shown at once.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import { target } from "../common/checkout.mjs";
import { background } from "../common/process.mjs";
import { chosen, commandLine, main, Stop, say } from "../common/program.mjs";
import { addTo } from "./commands.mjs";
import { ROWS, STEP_NAMES, STEPS } from "./steps.mjs";

/**
 * How a step ended.
 * @typedef {Awaited<ReturnType<import("./commands.mjs").Step>> & { name: string, seconds: number }}
 *   Outcome
 */

main(import.meta, async () => {
  const { values } = commandLine({
    options: { only: { type: "string" }, quiet: { type: "boolean", default: false } },
  });
  const names = chosen(values.only, STEP_NAMES, "step");
  // So that 'exit' handlers end what is running.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.once(signal, () => process.exit(130));

  const startedAt = performance.now();
  const [name] = names;
  // Some tests have time limits: compilers beside them run at a lower priority.
  if (values.quiet && name in ROWS.compilers) setPriority(10);
  const outcomes = names.length === 1 ? [await runHere(name)] : await runBeside(names);
  if (outcomes.some(({ failed }) => failed > 0)) process.exitCode = 1;
  // A process for one step (`--quiet`) leaves the report to the one that started it.
  if (!values.quiet) report(outcomes, (performance.now() - startedAt) / 1_000);
});

/**
 * Runs one step in this process, and leaves its outcome for a parent that may wait for it.
 * @param {string} name
 */
async function runHere(name) {
  const startedAt = performance.now();
  let counts;
  try {
    counts = await STEPS[name]();
  } catch (error) {
    console.error(error instanceof Stop ? `✗ ${error.message}` : error);
    counts = { passed: 0, failed: 1, skipped: 0 };
  }
  const outcome = { name, seconds: (performance.now() - startedAt) / 1_000, ...counts };
  mkdirSync(join(target, "test"), { recursive: true });
  writeFileSync(outcomeFile(name), JSON.stringify(outcome));
  return outcome;
}

/**
 * Runs the steps of each row one after the other, and the rows beside each other.
 * @param {string[]} names
 */
async function runBeside(names) {
  const rows = Object.values(ROWS).map((row) => names.filter((name) => name in row));
  /** @type {Outcome[]} */
  const outcomes = [];
  /** @param {string[]} row */
  const runRow = async (row) => {
    for (const name of row) outcomes.push(await runInProcess(name));
  };
  await Promise.all(rows.map(runRow));
  return outcomes.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

/** @param {string} name @returns {Promise<Outcome>} */
async function runInProcess(name) {
  say(`${name} …`);
  rmSync(outcomeFile(name), { force: true });
  const startedAt = performance.now();
  let said = "";
  /** @param {string} text */
  const onOutput = (text) => {
    said += text;
    // What takes its time is told at once.
    for (const [line] of text.matchAll(/^• .*/gm)) console.log(`  ${line} (${name})`);
  };
  const program = [join(import.meta.dirname, "test.mjs"), "--only", name, "--quiet"];
  const step = background(process.execPath, program, { onOutput });
  const stop = () => void step.stop();
  process.once("exit", stop);
  const code = await step.ended;
  process.off("exit", stop);
  console.log(`\n── ${name} ${"─".repeat(Math.max(0, 76 - name.length))}\n${said.trim()}\n`);
  const seconds = (performance.now() - startedAt) / 1_000;
  try {
    return { ...JSON.parse(readFileSync(outcomeFile(name), "utf8")), seconds };
  } catch {
    console.error(`✗ ${name} ended with ${code}, without an outcome`);
    return { name, seconds, passed: 0, failed: 1, skipped: 0 };
  }
}

/** @param {Outcome[]} outcomes @param {number} seconds */
function report(outcomes, seconds) {
  const slowest = outcomes
    .flatMap((outcome) => outcome.slowest ?? [])
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 10);
  if (slowest.length > 0) console.log("\nThe slowest tests:");
  for (const { file, name, ms } of slowest)
    console.log(`${(ms / 1_000).toFixed(1).padStart(7)} s  ${file}: ${name}`);
  console.log("");
  for (const { name, seconds, ...counts } of outcomes) {
    const mark = counts.failed ? "✗" : "✓";
    const time = seconds.toFixed(1).padStart(7);
    console.log(`${mark} ${name.padEnd(16)} ${inWords(counts).padEnd(34)} ${time} s`);
  }
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const outcome of outcomes) addTo(total, outcome);
  if (outcomes.length > 1)
    console.log(`${"all".padStart(5).padEnd(53)} ${seconds.toFixed(1).padStart(7)} s`);
  console.log(`\n${inWords(total)}`);
}

/** @param {import("./commands.mjs").Counts} counts */
function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`;
}

/** @param {string} name */
function outcomeFile(name) {
  return join(target, "test", `${name}.outcome.json`);
}
