// Finds the workerd that this process has started, to kill it or to see what it costs. By way of /proc: on Linux alone.

import { readdirSync, readFileSync } from "node:fs";

/** Its process id. */
export function workerdPid() {
  for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const [, command, parent] = stat.match(/^\d+ \((.*)\) \S (\d+) /) ?? [];
      if (command?.startsWith("workerd") && Number(parent) === process.pid) return Number(name);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error("workerd is not there");
}
