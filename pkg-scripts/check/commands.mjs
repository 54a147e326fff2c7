// Steps of `npm test` that are commands, and how their outcomes are counted.

import { capture } from "../common/process.mjs";
import { rust } from "../tools/cargo.mjs";

/** @import { Code, Output } from "../common/process.mjs" */

/**
 * How many tests did what.
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * One test, and how long it took.
 * @typedef {{ file: string, name: string, ms: number }} TimedTest
 */

/** A step of `npm test`. @typedef {() => Promise<Counts & { slowest?: TimedTest[] }>} Step */

/**
 * A step that is right when its commands succeed; each counts as one test.
 * @param {() => Promise<unknown>} prepare
 * @param {string[]} lines
 * @returns {Step}
 */
export function checks(prepare, ...lines) {
  return async () => {
    await prepare();
    const total = { passed: 0, failed: 0, skipped: 0 };
    for (const line of lines) {
      const { code } = await execute(line.split(" "));
      if (code !== 0) console.error(`✗ ${line}: ended with ${code}`);
      total[code === 0 ? "passed" : "failed"] += 1;
    }
    return total;
  };
}

/**
 * All tests of Cargo's with these features.
 * @param {string} features
 * @returns {Step}
 */
export function cargoTest(features) {
  return async () => {
    await rust();
    const { code, output } = await execute([
      "cargo",
      "test",
      "--no-fail-fast",
      "--features",
      features,
    ]);
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const [, passed, failed, ignored] of output.matchAll(
      /^test result: .* (\d+) passed; (\d+) failed; (\d+) ignored/gm,
    )) {
      counts.passed += Number(passed);
      counts.failed += Number(failed);
      counts.skipped += Number(ignored);
    }
    return complete(code, counts);
  };
}

/**
 * The counts of a test runner, which must have run something and must not fail without a failed
 * test.
 * @param {Code} code
 * @param {Counts} counts
 */
export function complete(code, counts) {
  const isSilentFailure = code !== 0 && counts.failed === 0;
  const ranNothing = counts.passed + counts.failed === 0;
  if (!isSilentFailure && !ranNothing) return counts;
  console.error(isSilentFailure ? `✗ ended with ${code}` : "✗ no test ran");
  return { ...counts, failed: counts.failed + 1 };
}

/** Adds counts to a total. @param {Counts} total @param {Counts} counts */
export function addTo(total, { passed, failed, skipped }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

/**
 * Runs a command within a step's time: one that hangs must not take the whole of CI's time with it.
 * @param {string[]} line the command and its arguments
 * @param {NodeJS.ProcessEnv} [env]
 * @param {Output} [output]
 */
export function execute(line, env = {}, output = "both") {
  const [command, ...args] = line;
  return capture(command, args, { env, output, timeoutMs: 20 * 60_000 });
}
