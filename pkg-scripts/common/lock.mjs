// A lock file for each kind of work, since several commands may run in one checkout.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { target } from "./checkout.mjs";
import { codeOf } from "./errors.mjs";
import { say } from "./program.mjs";

/**
 * Lets one process at a time do `body` (not to be nested).
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} body
 */
export async function alone(name, body) {
  const lock = join(target, `${name}.lock`);
  for (let told = false; !takeLock(lock); await sleep(300)) {
    if (!told) say(`waiting for another command that is at work on ${name} …`);
    told = true;
  }
  try {
    return await body();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** @param {string} lock */
function takeLock(lock) {
  mkdirSync(dirname(lock), { recursive: true });
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
  if (!isHeld(lock)) rmSync(lock, { force: true });
  return false;
}

/** @param {string} lock */
function isHeld(lock) {
  try {
    return process.kill(Number(readFileSync(lock, "utf8")), 0);
  } catch (error) {
    // The process that held it has ended without removing it (it was killed), or the file is gone.
    const code = codeOf(error);
    return code !== "ESRCH" && code !== "ENOENT";
  }
}
