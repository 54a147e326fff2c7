// Runs other programs: in the foreground, for their output, or in the background as a group that ends as one.

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Everything that is made, and may be deleted at any time, lives here. */
export const target = join(root, "target");

/** A failure whose message is all that the user needs: it is printed without a stack. */
export class Stop extends Error {}

/** Does `body` when the module of this `import.meta` is the program; a `Stop` becomes one clear sentence and exit code 1. */
export async function main(meta, body) {
  const program = process.argv[1];
  if (!program || fileURLToPath(meta.url) !== realpathSync(program)) return;
  // In our files constants stand last: the module is to be complete before its body runs.
  await undefined;
  try {
    await body();
  } catch (error) {
    console.error(error instanceof Stop ? `\n✗ ${error.message}` : error);
    process.exitCode = 1;
  }
}

/** Shows a line of progress. */
export function say(line) {
  console.log(`• ${line}`);
}

/** Runs a program in the foreground and fails if it fails. `options`: cwd, env (added to ours), timeoutMs. */
export async function run(command, args, options = {}) {
  const { code } = await execute(command, args, { ...options, output: "show" });
  if (code === 0) return;
  throw new Stop(
    `${[command, ...args].join(" ")} failed (${typeof code === "number" ? `exit code ${code}` : code}).`,
  );
}

/** Runs a program and returns { code, output }: its exit code, or why there is none. `output: "both"` shows it as well. */
export function capture(command, args, options = {}) {
  return execute(command, args, { output: "keep", ...options });
}

/**
 * Starts a program in the background, in a process group of its own.
 * Returns { pid, ended, stop }: `ended` resolves to its exit code, or why there is none; `stop()` ends all it started.
 */
export function background(
  command,
  args,
  { cwd = root, env = {}, onOutput = (text) => void process.stdout.write(text) } = {},
) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", onOutput);
  const ended = new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) => resolve(code ?? signal));
  });
  return { pid: child.pid, ended, stop: () => stopGroup(child.pid) };
}

/** Lets one process at a time do `body` (not to be nested): several commands may be at work in one checkout. */
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

function execute(command, args, { cwd = root, env = {}, output = "keep", timeoutMs = 0 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: output === "show" ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
      // With a time limit it gets a group of its own, so that its children end with it.
      detached: timeoutMs > 0,
    });
    const pieces = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (piece) => {
        pieces.push(piece);
        if (output === "both") process.stdout.write(piece);
      });
    }
    let tooLong = false;
    const endGroup = () => stopGroup(child.pid);
    const tooLate = () => ((tooLong = true), endGroup());
    const timer = timeoutMs ? setTimeout(tooLate, timeoutMs) : undefined;
    if (timeoutMs) process.once("exit", endGroup);
    const finish = (code) => {
      clearTimeout(timer);
      process.off("exit", endGroup);
      const limit = `no end after ${Math.round(timeoutMs / 1000)} s`;
      resolve({ code: tooLong ? limit : code, output: Buffer.concat(pieces).toString() });
    };
    child.on("error", (error) => finish(error.message));
    child.on("close", (code, signal) => finish(code ?? signal));
  });
}

async function stopGroup(pid) {
  if (pid === undefined) return;
  signalGroup(pid, "SIGTERM");
  for (let waited = 0; waited < 5_000; waited += 50) {
    if (!signalGroup(pid, 0)) return;
    await sleep(50);
  }
  signalGroup(pid, "SIGKILL");
}

/** False when nobody of the group is left. */
function signalGroup(pid, signal) {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    if (error.code === "ESRCH") return false;
    throw error;
  }
}

function takeLock(lock) {
  mkdirSync(dirname(lock), { recursive: true });
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  if (!isHeld(lock)) rmSync(lock, { force: true });
  return false;
}

function isHeld(lock) {
  try {
    return process.kill(Number(readFileSync(lock, "utf8")), 0);
  } catch (error) {
    // Its holder is gone (a lock is left behind by whoever is killed), or the file is.
    return error.code !== "ESRCH" && error.code !== "ENOENT";
  }
}
