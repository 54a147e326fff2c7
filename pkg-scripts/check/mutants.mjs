// `npm run mutants`: changes the core in every way that cargo-mutants knows, and lists the
// changes that no test notices.
//
// It works in a copy of the checkout, outside of it, and takes about an hour. `--files
// src/money.rs,src/time.rs` tries some files only; the results of the others, from earlier
// runs, stay in target/mutants.json, and the sum is over all files. Which changes may go unnoticed,
// and why, is in docs/mutants.md. It fails where fewer than 95 % are noticed.

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root, target } from "../common/checkout.mjs";
import { withFolder } from "../common/folder.mjs";
import { capture } from "../common/process.mjs";
import { chosen, commandLine, main, Stop, say } from "../common/program.mjs";
import { cargoMutants } from "../tools/cargo.mjs";

/** @import { Code } from "../common/process.mjs" */

/** @typedef {"caught" | "timeout" | "missed" | "unviable"} Outcome */

/** The changes by outcome, a line for each. @typedef {Record<Outcome, string[]>} Changes */

main(import.meta, async () => {
  const all = readdirSync(join(root, "src"), { encoding: "utf8", recursive: true })
    .sort()
    .map((name) => `src/${name}`);
  const core = all.filter((file) => file.endsWith(".rs") && !NOT_CORE.test(file));
  const { values } = commandLine({ options: { files: { type: "string" } } });
  const files = chosen(values.files, core, "file of the core");
  const results = await mutate(files);

  const path = join(target, "mutants.json");
  /** @type {Record<string, Changes>} */
  const known = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  for (const file of files) {
    // They are named `src/file.rs:line:column: what was changed`.
    known[file] = byOutcome((outcome) =>
      results[outcome].filter((line) => line.startsWith(`${file}:`)),
    );
  }
  writeFileSync(path, `${JSON.stringify(known, null, 2)}\n`);
  if (!report(Object.entries(known).filter(([file]) => core.includes(file)))) process.exitCode = 1;
  const untried = core.filter((file) => !known[file]);
  if (untried.length > 0) console.log(`Not tried so far: ${untried.join(", ")}`);
});

/** @param {string[]} files */
function mutate(files) {
  return withFolder(join(tmpdir(), "payple-edge-mutants-"), async (copy) => {
    for (const name of COPIED)
      cpSync(join(root, name), join(copy, name), {
        recursive: true,
        filter: (path) => !path.includes("/fuzz/target"),
      });
    makeSmall(copy);
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    say("changing the core, one change at a time, before the unit tests …");
    const units = await changes(copy, files, ["--lib"], 20);
    if (units.missed.length + units.timeout.length === 0) return units;
    say("what they did not notice, before the other tests …");
    const others = await changes(copy, files, ["--lib", "--test=all"], 40, ["--iterate"]);
    return {
      ...others,
      caught: [...units.caught, ...others.caught],
      unviable: [...units.unviable, ...others.unviable],
    };
  });
}

/**
 * @param {string} copy
 * @param {string[]} files
 * @param {string[]} programs
 * @param {number} seconds
 * @param {string[]} [more]
 */
async function changes(copy, files, programs, seconds, more = []) {
  const these = files.flatMap((file) => ["--file", file]);
  // What would come after `--` is for running alone, and everything would be built.
  const built = [...programs, "--features=testing"].map((arg) => `--cargo-arg=${arg}`);
  const args = [
    "mutants",
    "--in-place",
    "--no-shuffle",
    "--timeout",
    String(seconds),
    "--output",
    out,
    ...these,
    ...built,
    ...more,
  ];
  // Nobody debugs these programs, and they are linked a thousand times.
  const env = {
    CARGO_TARGET_DIR: join(target, "mutants-build"),
    CARGO_PROFILE_DEV_DEBUG: "0",
    RUST_BACKTRACE: "0",
    PATH: `${await cargoMutants()}${delimiter}${process.env.PATH}`,
  };
  const { code } = await capture("cargo", args, { cwd: copy, env, output: "both" });
  if (!RAN_TO_ITS_END.includes(code))
    throw new Stop(`cargo mutants did not run to its end (${code}).`);
  return byOutcome((outcome) =>
    readFileSync(join(out, "mutants.out", `${outcome}.txt`), "utf8")
      .split("\n")
      .filter(Boolean),
  );
}

/** @param {(outcome: Outcome) => string[]} changesOf @returns {Changes} */
function byOutcome(changesOf) {
  return {
    caught: changesOf("caught"),
    timeout: changesOf("timeout"),
    missed: changesOf("missed"),
    unviable: changesOf("unviable"),
  };
}

/**
 * So that each change costs two small programs: one test program instead of three, and no library
 * for WebAssembly.
 * @param {string} copy
 */
function makeSmall(copy) {
  const manifest = join(copy, "Cargo.toml");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace('["cdylib", "rlib"]', '["rlib"]'));
  writeFileSync(
    join(copy, "tests", "all.rs"),
    `#![allow(missing_docs)]\n${TESTS.map((name) => `#[path = "${name}.rs"]\nmod ${name};\n`).join("")}`,
  );
}

/** Prints a line for each file; whether enough was noticed. @param {[string, Changes][]} results */
function report(results) {
  /** @param {Changes} changes @returns {[noticed: number, missed: number, unviable: number]} */
  const counts = ({ caught, timeout, missed, unviable }) => [
    caught.length + timeout.length,
    missed.length,
    unviable.length,
  ];
  /** @param {number} noticed @param {number} missed @param {number} unviable */
  const told = (noticed, missed, unviable) => {
    const share = noticed + missed === 0 ? 100 : (100 * noticed) / (noticed + missed);
    return `${`${noticed} of ${noticed + missed}`.padStart(12)} changes noticed (${share.toFixed(1)} %), ${unviable} did not compile`;
  };
  console.log("");
  for (const [file, outcomes] of results)
    console.log(`${file.padEnd(26)} ${told(...counts(outcomes))}`);
  const sums = results
    .map(([, outcomes]) => counts(outcomes))
    .reduce((sum, each) => [sum[0] + each[0], sum[1] + each[1], sum[2] + each[2]], [0, 0, 0]);
  console.log(`${"all".padEnd(26)} ${told(...sums)}\n\nNot noticed:`);
  for (const [, { missed }] of results) for (const line of missed) console.log(`  ${line}`);
  return sums[0] >= 0.95 * (sums[0] + sums[1]);
}

const out = join(target, "mutants");
// Changed is the code with decisions in it. Not the faces and the types that they share, which are
// tested from outside; not the generator of the schemas, whose output is compared; not tests. Of
// api/ three files have decisions: they read what a caller expects to be paid, or a group to be
// reviewed again.
const NOT_CORE =
  /^src\/(npm|worker|browser|api\/(?!expectation|group_review|payout_question))|^src\/(lib|testing|schema|schema_parts)\.rs$/;
/** All noticed, some not, some only by a time-out. @type {Code[]} */
const RAN_TO_ITS_END = [0, 2, 3];
const COPIED = [
  "Cargo.toml",
  "Cargo.lock",
  "rust-toolchain.toml",
  "clippy.toml",
  "src",
  "tests",
  "docs",
  "examples",
  "fuzz",
];
const TESTS = ["flow", "corpus"];
