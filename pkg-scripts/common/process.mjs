// Runs other programs: in the foreground, for their output, or in the background as a group that
// ends as one.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./checkout.mjs";
import { codeOf, messageOf } from "./errors.mjs";
import { Stop } from "./program.mjs";

/**
 * Where and how long a program runs; `env` is added to ours.
 * @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} Options
 */

/** What is done with what a program prints. @typedef {"show" | "keep" | "both"} Output */

/** How a program ended: its exit code, or why there is none. @typedef {number | string} Code */

/**
 * Runs a program in the foreground and fails if it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {Options} [options]
 */
export async function run(command, args, options = {}) {
  const { code } = await execute(command, args, { ...options, output: "show" });
  if (code === 0) return;
  throw new Stop(
    `${[command, ...args].join(" ")} failed (${typeof code === "number" ? `exit code ${code}` : code}).`,
  );
}

/**
 * Runs a program and returns { code, output }: its exit code, or why there is none. `output:
 * "both"` shows it as well.
 * @param {string} command
 * @param {string[]} args
 * @param {Options & { output?: Output }} [options]
 */
export function capture(command, args, options = {}) {
  return execute(command, args, { output: "keep", ...options });
}

/**
 * Starts a program in the background, in a process group of its own. Returns { pid, ended, stop }:
 * `ended` resolves to its exit code, or why there is none; `stop()` ends all it started.
 * @param {string} command
 * @param {string[]} args
 * @param {Omit<Options, "timeoutMs"> & { onOutput?: (text: string) => void }} [options]
 */
export function background(
  command,
  args,
  { cwd = root, env = {}, onOutput = (text) => process.stdout.write(text) } = {},
) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", onOutput);
  /** @type {Promise<Code>} */
  const ended = new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) => resolve(code ?? String(signal)));
  });
  return { pid: child.pid, ended, stop: () => stopGroup(child.pid) };
}

/**
 * Whether a command can be run and succeeds.
 * @param {string} command
 * @param {string[]} args
 */
export async function works(command, ...args) {
  return (await capture(command, args)).code === 0;
}

/**
 * Waits for work that fetches something; where it fails, says what the user can do.
 * @param {Promise<unknown>} work
 * @param {string} advice
 */
export async function orStop(work, advice) {
  try {
    await work;
  } catch (error) {
    throw new Stop(`${messageOf(error)}\n  ${advice}`);
  }
}

/**
 * The path of a command, as the shell would find it.
 * @param {string} name
 */
export function onPath(name) {
  if (name.includes("/")) return existsSync(name) ? name : undefined;
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(existsSync);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {Options & { output?: Output }} options
 * @returns {Promise<{ code: Code, output: string }>}
 */
function execute(command, args, { cwd = root, env = {}, output = "keep", timeoutMs = 0 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: output === "show" ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
      // With a time limit it gets a group of its own, so that its children end with it.
      detached: timeoutMs > 0,
    });
    /** @type {Buffer[]} */
    const pieces = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (piece) => {
        pieces.push(piece);
        if (output === "both") process.stdout.write(piece);
      });
    }
    let tooLong = false;
    const endGroup = () => stopGroup(child.pid);
    const tooLate = () => {
      tooLong = true;
      endGroup();
    };
    const timer = timeoutMs ? setTimeout(tooLate, timeoutMs) : undefined;
    if (timeoutMs) process.once("exit", endGroup);
    // A signal that asks this script to end goes to the program first, and ends the script when
    // the program has ended.
    /** @type {NodeJS.Signals | undefined} */
    let asked;
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => {
      asked = signal;
      child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, passOn);
    /** @param {Code} code */
    const finish = (code) => {
      clearTimeout(timer);
      process.off("exit", endGroup);
      for (const signal of SIGNALS) process.off(signal, passOn);
      // Where other code of this script handles the signal, ending the script is left to it.
      if (asked && process.listenerCount(asked) === 0) process.kill(process.pid, asked);
      const limit = `no end after ${Math.round(timeoutMs / 1000)} s`;
      resolve({ code: tooLong ? limit : code, output: Buffer.concat(pieces).toString() });
    };
    child.on("error", (error) => finish(error.message));
    child.on("close", (code, signal) => finish(code ?? String(signal)));
  });
}

/** @param {number | undefined} pid */
async function stopGroup(pid) {
  if (pid === undefined) return;
  signalGroup(pid, "SIGTERM");
  for (let waited = 0; waited < 5_000; waited += 50) {
    if (!signalGroup(pid, 0)) return;
    await sleep(50);
  }
  signalGroup(pid, "SIGKILL");
}

/**
 * False when no process of the group is left.
 * @param {number} pid
 * @param {NodeJS.Signals | 0} signal
 */
function signalGroup(pid, signal) {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    if (codeOf(error) === "ESRCH") return false;
    throw error;
  }
}

/** The signals that ask a script to end. @type {NodeJS.Signals[]} */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
