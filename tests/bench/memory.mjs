// How much memory one reading of 100,000 rows takes at its height, in a process that does nothing
// else. Run by bench.mjs.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { target } from "../../pkg-scripts/common/checkout.mjs";
import { payoutGroup } from "../../sandbox/payout-groups.mjs";

const KEY = "ROWS_100000";
const [, , bundle, reader] = process.argv;
const file = join(target, "bench", `${KEY}.json`);

if (reader === "write") {
  writeFileSync(`${file}.new`, JSON.stringify(payoutGroup(KEY, KEY, "test")));
  renameSync(`${file}.new`, file);
} else {
  // Made by another process: making it takes more memory than reading it.
  if (!existsSync(file))
    spawnSync(process.execPath, [fileURLToPath(import.meta.url), bundle, "write"], {
      stdio: "inherit",
    });
  const read =
    reader === "ours"
      ? (await import(pathToFileURL(bundle).href)).decode
      : (await import("./peers/zod.mjs")).readGroup;
  const group = read(new Uint8Array(readFileSync(file)), KEY, "test");
  if (group.requests.length !== 100_000) throw new Error("not all rows were read");
  process.stdout.write(JSON.stringify({ peakMb: process.resourceUsage().maxRSS / 1_000 }));
}
