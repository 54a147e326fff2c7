// Steps of `npm test` that are commands, and how their outcomes are counted: { passed, failed,
// skipped, slowest? }.

import { capture } from "../common/process.mjs";
import { rust } from "../tools/cargo.mjs";

/** A step that is right when its commands succeed; each counts as one test. */
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

/** All tests of Cargo's with these features. */
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
 */
export function complete(code, counts) {
  const isSilentFailure = code !== 0 && counts.failed === 0;
  const ranNothing = counts.passed + counts.failed === 0;
  if (!isSilentFailure && !ranNothing) return counts;
  console.error(isSilentFailure ? `✗ ended with ${code}` : "✗ no test ran");
  return { ...counts, failed: counts.failed + 1 };
}

/**
 * Runs a command within a step's time: one that hangs must not take the whole of CI's time with it.
 */
export function execute(line, env = {}, output = "both") {
  const [command, ...args] = line;
  return capture(command, args, { env, output, timeoutMs: 20 * 60_000 });
}
