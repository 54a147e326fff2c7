// A file of the access record: one that is not of it is refused, one that was changed never
// verifies with another content, and the command `payple-edge verify-record` says by its exit code
// which it is.

import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import vectors from "../../../docs/access-record-vectors.json";
import { terminal } from "../../../src/npm/cli/terminal";
import { verifyRecord } from "../../../src/npm/cli/verify-record";
import { canonical, FormError, parseRecordFile, verify } from "../../../www/src/records/verify";
import { must } from "../oracle/finding";
import { mustReadAs } from "../oracle/record";

export async function fuzz(data: Uint8Array) {
  const text = new TextDecoder().decode(data);
  const whole = await mustBeHonest(text);
  // The command is slow beside its parts: of one file in sixteen.
  if (data.length % 16 !== 0) return;
  const { code, output } = await command(data);
  must(
    code === { whole: 0, faulty: 1, refused: 2 }[whole],
    "the command ends otherwise",
    code,
    whole,
  );
  must(!/[^\P{Cc}\n]/u.test(output), "what is printed moves the cursor", output);
}

async function mustBeHonest(text: string): Promise<"whole" | "faulty" | "refused"> {
  try {
    const { entries, ...ends } = parseRecordFile(text);
    const { faults, chains } = await verify({ entries, ...ends });
    const counted = chains.reduce((sum, { count }) => sum + count, 0);
    must(counted === entries.length, "an entry is of no chain", chains);
    if (faults.length > 0) return "faulty";
    for (const entry of entries) {
      // Anybody can hash a record of their own; what has a hash of ours says what was recorded.
      const recorded = RECORDED.get(entry.hash);
      must(
        recorded === undefined || canonical(entry) === recorded,
        "a changed entry verifies",
        entry,
      );
    }
    mustReadAs(text, entries);
    return "whole";
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    return "refused";
  }
}

/** Runs the command on a file of these bytes. */
async function command(data: Uint8Array) {
  const path = join(tmpdir(), `payple-edge-fuzz-${process.pid}`);
  writeFileSync(path, data);
  let output = "";
  for (const stream of ["print", "tell"] as const)
    terminal[stream] = (text) => {
      output += `${text}\n`;
    };
  try {
    return { code: await verifyRecord.run([path]), output };
  } finally {
    rmSync(path);
  }
}

/** What was really recorded, by the hash. */
const RECORDED = new Map(vectors.entries.map(({ entry, canonical: text }) => [entry.hash, text]));
