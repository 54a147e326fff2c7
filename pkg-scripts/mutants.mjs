// `npm run mutants`: changes the core in every way that cargo-mutants knows, and tells which changes no test notices.
//
// It works in a copy of the checkout, outside of it, and takes about half an hour. `--files src/won.rs,src/kst.rs` tries
// some files only. What may survive, and why, is in docs/mutants.md; below 95 % caught it fails.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { capture, main, root, say, Stop, target } from "./run.mjs";
import { cargoMutants } from "./tools.mjs";

main(import.meta, async () => {
  const { files } = parseArgs({ options: { files: { type: "string", default: CORE.join(",") } } }).values;
  const copy = mkdtempSync(join(tmpdir(), "payple-edge-mutants-"));
  const out = join(target, "mutants");
  try {
    for (const name of COPIED) cpSync(join(root, name), join(copy, name), { recursive: true, filter: (path) => !path.includes("/fuzz/target") });
    const chosen = [...files.split(",").flatMap((file) => ["--file", file]), ...FACES.flatMap((file) => ["--exclude", file])];
    const args = ["mutants", "--in-place", "--no-shuffle", "--timeout", "60", "--output", out, ...chosen, "--", "--lib", ...TESTS];
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    say("changing the core, one change at a time …");
    const env = { PATH: `${await cargoMutants()}${delimiter}${process.env.PATH}`, CARGO_TARGET_DIR: join(target, "mutants-build") };
    const { code } = await capture("cargo", args, { cwd: copy, env, output: "both" });
    if (!RAN_TO_ITS_END.includes(code)) throw new Stop(`cargo mutants did not run to its end (${code}).`);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }

  const lines = (name) => readFileSync(join(out, "mutants.out", name), "utf8").split("\n").filter(Boolean);
  const [caught, missed, timeout, unviable] = ["caught.txt", "missed.txt", "timeout.txt", "unviable.txt"].map(lines);
  const noticed = caught.length + timeout.length;
  const share = (100 * noticed) / (noticed + missed.length);
  console.log(`\n${noticed} of ${noticed + missed.length} changes noticed (${share.toFixed(1)} %), ${unviable.length} did not compile. Not noticed:`);
  for (const line of missed) console.log(`  ${line}`);
  if (share < 95) process.exitCode = 1;
});

/** The core: all that decides. The faces are tested from outside. */
const CORE = ["src/*.rs", "src/hub/*.rs", "src/cpay/*.rs"];
// All noticed, some not, some only by a time-out.
const RAN_TO_ITS_END = [0, 2, 3];
const FACES = ["src/npm.rs", "src/worker.rs", "src/browser.rs"];
const COPIED = ["Cargo.toml", "Cargo.lock", "clippy.toml", "src", "tests", "fuzz"];
const TESTS = ["flow", "corners", "corpus"].flatMap((name) => ["--test", name]);
