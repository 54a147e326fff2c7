// The workerd that this process has started: to kill it, or to see what it costs. It is found
// through /proc, so on Linux alone.

import { readdirSync, readFileSync } from "node:fs";

/** The process ids of all of them. */
export function workerdPids() {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const stat = statOf(pid);
    return stat?.name.startsWith("workerd") && stat.parent === process.pid;
  });
}

/** The process id, where there is one. */
export function workerdPid() {
  const [pid] = workerdPids();
  if (pid === undefined) throw new Error("workerd is not there");
  return pid;
}

/**
 * Microseconds of CPU that a process has used, in the system's ticks of 10 ms.
 * @param {number} pid
 */
export function cpuUs(pid) {
  return (statOf(pid)?.ticks ?? Number.NaN) * 10_000;
}

/** @param {number} pid */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const name = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { name, parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
