// `npm run supply-chain`: checks the dependencies: licences, duplicates, sources, advisories,
// signatures, the oldest Rust that builds them, and that docs/dependencies.md names each of them.
//
// A check whose host cannot be reached is reported as not made; it does not count as passed.

import { join } from "node:path";
import { target } from "../common/checkout.mjs";
import { capture } from "../common/process.mjs";
import { commandLine, main, say } from "../common/program.mjs";
import { cargoDeny, oldRust } from "../tools/cargo.mjs";
import { npmPackages } from "../tools/npm.mjs";
import { readToml } from "../tools/toml.mjs";
import { undocumented } from "./dependencies.mjs";

main(import.meta, async () => {
  commandLine({});
  const deny = await cargoDeny();
  await npmPackages();
  const { "rust-version": msrv } = (await readToml("Cargo.toml")).package;
  const old = await oldRust(`${msrv}.0`);
  const oldEnv = { CARGO_TARGET_DIR: join(target, "msrv") };
  /**
   * @type {[what: string, command: string, args: string[], unreachable?: RegExp, env?:
   * Record<string, string>][]}
   */
  const checks = [
    ["licences, duplicates and sources", deny, ["check", "licenses", "bans", "sources"]],
    ["advisories", deny, ["check", "advisories"], /failed to (fetch|load) advisory database/],
    [
      "npm signatures",
      "npm",
      ["audit", "signatures", NOT_SILENT],
      /ENOTFOUND|ETIMEDOUT|ECONNREFUSED|EAI_AGAIN/,
    ],
    [
      "npm advisories",
      "npm",
      ["audit", "--audit-level=high", NOT_SILENT],
      /ENOTFOUND|ETIMEDOUT|ECONNREFUSED|EAI_AGAIN|audit endpoint returned an error/,
    ],
    [
      `the core builds with Rust ${msrv}`,
      "cargo",
      [`+${old}`, "check", "--lib", "--locked"],
      undefined,
      oldEnv,
    ],
    [
      `the Worker's face builds with Rust ${msrv}`,
      "cargo",
      [`+${old}`, "check", "--lib", "--locked", "--features", "worker"],
      undefined,
      oldEnv,
    ],
  ];
  const lines = [];
  let failures = 0;
  for (const [what, command, args, unreachable, env] of checks) {
    if (env === oldEnv && !old) {
      lines.push(`– ${what}: not checked, rustup cannot get it here`);
      continue;
    }
    say(what);
    const { code, output } = await capture(command, args, { env, timeoutMs: 15 * 60_000 });
    if (code === 0) lines.push(`✓ ${what}`);
    else if (unreachable?.test(output))
      lines.push(`– ${what}: not checked, its host cannot be reached from here`);
    else {
      failures += 1;
      console.error(output);
      lines.push(`✗ ${what}`);
    }
  }
  const unnamed = await undocumented();
  lines.push(
    unnamed.length === 0
      ? "✓ docs/dependencies.md names every dependency"
      : `✗ docs/dependencies.md does not name ${unnamed.join(", ")}`,
  );
  console.log(`\n${lines.join("\n")}`);
  if (failures + unnamed.length > 0) process.exitCode = 1;
});

/** Whatever `npm run --silent` hands down: why something failed is read from what is printed. */
const NOT_SILENT = "--loglevel=error";
