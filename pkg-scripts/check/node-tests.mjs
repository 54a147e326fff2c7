// Steps of `npm test` that run files of Node's test runner.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { root, target } from "../common/checkout.mjs";
import { Stop } from "../common/program.mjs";
import { addTo, complete, execute } from "./commands.mjs";

/** @import { Step, TimedTest } from "./commands.mjs" */

/**
 * The `*.test.mjs` files below a folder. `prepare` may return environment variables; `node` is the
 * Node to use. Several files may run `atOnce`, those that take `longest` first.
 * @param {string} folder
 * @param {() => Promise<NodeJS.ProcessEnv | void>} prepare
 * @param {{ node?: () => Promise<string>, atOnce?: number, longest?: string[] }} [options]
 * @returns {Step}
 */
export function nodeTests(
  folder,
  prepare,
  { node = async () => process.execPath, atOnce = 1, longest = [] } = {},
) {
  return async () => {
    const files = testFiles(folder);
    /** @param {string} file */
    const isLong = (file) => Number(longest.includes(basename(file)));
    files.sort((a, b) => isLong(b) - isLong(a));
    if (files.length === 0) throw new Stop(`There is no *.test.mjs in ${folder}.`);
    const env = { ...(await prepare()) };
    const program = await node();
    const total = { passed: 0, failed: 0, skipped: 0 };
    /** @type {TimedTest[]} */
    const tests = [];
    const work = async () => {
      for (let file = files.shift(); file; file = files.shift()) {
        const { counts, ended } = await testFile(program, file, env, atOnce === 1);
        addTo(total, counts);
        tests.push(...ended);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    tests.sort((a, b) => b.ms - a.ms);
    return {
      ...total,
      slowest: tests.slice(0, 5).map(({ file, name, ms }) => ({ file, name, ms })),
    };
  };
}

/**
 * One file, in a process that writes its own report. `node --test` would read a child's report from
 * its stdout, and loses all that follows when anything else is written there in between.
 * @param {string} node
 * @param {string} file
 * @param {NodeJS.ProcessEnv} env
 * @param {boolean} isAlone whether no other file runs beside it
 */
async function testFile(node, file, env, isAlone) {
  const report = join(target, "test", `${file.replaceAll("/", "-")}.jsonl`);
  mkdirSync(join(target, "test"), { recursive: true });
  rmSync(report, { force: true });
  const reporters = [
    ["spec", "stdout"],
    [join(import.meta.dirname, "reporter.mjs"), report],
  ].flatMap(([reporter, to]) => [
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${to}`,
  ]);
  if (isAlone) console.log(`\n${file}`);
  const command = [node, ...reporters, file];
  const { code, output } = await execute(command, env, isAlone ? "both" : "keep");
  if (!isAlone) console.log(`\n${file}\n${output}`);
  const lines = existsSync(report) ? readFileSync(report, "utf8").split("\n").filter(Boolean) : [];
  /** @type {(TimedTest & { outcome: string })[]} */
  const ended = lines.map((line) => ({ file, ...JSON.parse(line) }));
  /** @param {string} outcome */
  const count = (outcome) => ended.filter((test) => test.outcome === outcome).length;
  const counts = { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
  return { counts: complete(code, counts), ended };
}

/** @param {string} folder */
function testFiles(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { encoding: "utf8", recursive: true })
    .filter((name) => name.endsWith(".test.mjs") && !name.includes("node_modules"))
    .map((name) => join(folder, name))
    .sort();
}
