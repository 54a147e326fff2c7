// `npm run ecosystem`: the package in the frameworks, bundlers and test runners that people use;
// writes docs/ecosystem.md.
//
// `npm run ecosystem -- --only express,hono` runs some, and writes nothing.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildNpm } from "../../pkg-scripts/build/build.mjs";
import { root } from "../../pkg-scripts/common/checkout.mjs";
import { messageOf } from "../../pkg-scripts/common/errors.mjs";
import { capture } from "../../pkg-scripts/common/process.mjs";
import { chosen, commandLine, main, Stop, say } from "../../pkg-scripts/common/program.mjs";
import { node22 } from "../../pkg-scripts/tools/runtimes.mjs";
import { caseNames, packed, runCase } from "./matrix.mjs";

/** @typedef {Awaited<ReturnType<typeof runCase>>} Result */

const DOCUMENT = join(root, "docs/ecosystem.md");
const MARK = "<!-- ecosystem: written by `npm run ecosystem` -->";
const END = "<!-- end of ecosystem -->";

main(import.meta, async () => {
  const { only } = commandLine({ options: { only: { type: "string" } } }).values;
  const names = chosen(only, caseNames(), "case");
  await buildNpm();
  const tarball = await packed();
  /** @type {Result[]} */
  const results = [];
  /** @type {string[]} */
  const failures = [];
  for (const name of names) {
    say(`${name} …`);
    try {
      const result = await runCase(name, tarball);
      results.push(result);
      console.log(`  ✓ ${secondsOf(result)}`);
    } catch (error) {
      failures.push(name);
      console.error(`  ✗ ${messageOf(error)}`);
    }
  }
  const table = tableOf(results);
  console.log(`\n${table}`);
  if (failures.length > 0) throw new Stop(`${failures.length} failed: ${failures.join(", ")}`);
  const { output } = await capture(await node22(), ["--version"]);
  if (only === undefined)
    write(`All in one run, with Node ${output.trim().replace("v", "")}.\n\n${table}`);
});

function tableOf(/** @type {Result[]} */ results) {
  const rows = results.map(({ title, versions, builtBy, checked, seconds }) => {
    const done = (/** @type {string} */ step) => (step in seconds ? "✓" : "–");
    const steps = [done("install"), done("types"), builtBy ?? done("build"), `✓ ${checked}`];
    return `| ${[title, versions.join(", "), ...steps].join(" | ")} |`;
  });
  const head = "| where | versions | installed | types | built | asked |";
  return [head, "|---|---|---|---|---|---|", ...rows].join("\n");
}

function secondsOf(/** @type {Result} */ { seconds }) {
  return Object.entries(seconds)
    .map(([step, took]) => `${step} ${took.toFixed(1)} s`)
    .join(", ");
}

function write(/** @type {string} */ table) {
  const document = readFileSync(DOCUMENT, "utf8");
  const [before, rest] = document.split(MARK);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Stop(`docs/ecosystem.md has no place for the table: ${MARK}`);
  writeFileSync(DOCUMENT, `${before}${MARK}\n${table}\n${END}${after}`);
}
