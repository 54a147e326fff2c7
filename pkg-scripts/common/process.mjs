// Runs other programs: in the foreground, for their output, or in the background as a group that
// ends as one.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./checkout.mjs";
import { Stop } from "./program.mjs";

/**
 * Runs a program in the foreground and fails if it fails. `options`: cwd, env (added to ours),
 * timeoutMs.
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
 */
export function capture(command, args, options = {}) {
  return execute(command, args, { output: "keep", ...options });
}

/**
 * Starts a program in the background, in a process group of its own. Returns { pid, ended, stop }:
 * `ended` resolves to its exit code, or why there is none; `stop()` ends all it started.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, onOutput?: (text: string) =>
 *   void }} [options]
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
  const ended = new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) => resolve(code ?? signal));
  });
  return { pid: child.pid, ended, stop: () => stopGroup(child.pid) };
}

/** Whether a command can be run and succeeds. */
export async function works(command, ...args) {
  return (await capture(command, args)).code === 0;
}

/** Waits for work that fetches something; where it fails, says what the user can do. */
export async function orStop(work, advice) {
  try {
    await work;
  } catch (error) {
    throw new Stop(`${error.message}\n  ${advice}`);
  }
}

/** The path of a command, as the shell would find it. */
export function onPath(name) {
  if (name.includes("/")) return existsSync(name) ? name : undefined;
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(existsSync);
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
    const tooLate = () => {
      tooLong = true;
      endGroup();
    };
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
