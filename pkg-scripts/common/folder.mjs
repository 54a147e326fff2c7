// A folder for as long as something needs it.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SIGNALS } from "./process.mjs";

/** Those that are there now. @type {Set<string>} */
const folders = new Set();

/**
 * Gives `body` a new folder whose path begins with `prefix`, and removes it afterwards: also where
 * the body fails, and where a signal (Ctrl-C) ends the script meanwhile.
 * @template T
 * @param {string} prefix
 * @param {(folder: string) => Promise<T>} body
 */
export async function withFolder(prefix, body) {
  mkdirSync(dirname(prefix), { recursive: true });
  const folder = mkdtempSync(prefix);
  if (folders.size === 0) watchForTheEnd("on");
  folders.add(folder);
  try {
    return await body(folder);
  } finally {
    remove(folder);
    if (folders.size === 0) watchForTheEnd("off");
  }
}

/** @param {"on" | "off"} how */
function watchForTheEnd(how) {
  process[how]("exit", removeAll);
  for (const signal of SIGNALS) process[how](signal, end);
}

/** @param {NodeJS.Signals} signal */
async function end(signal) {
  // A program that still writes into a folder ends first: who runs one listens until it has ended.
  while (process.listenerCount(signal) > 1) await sleep(20);
  removeAll();
  watchForTheEnd("off");
  process.kill(process.pid, signal);
}

function removeAll() {
  for (const folder of folders) remove(folder);
}

/** @param {string} folder */
function remove(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  folders.delete(folder);
}
