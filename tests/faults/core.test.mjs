// Every fault through the core itself, native: a small program asks for it over HTTP (core.rs
// beside this file).

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { target } from "../../pkg-scripts/common/checkout.mjs";
import { closedPort } from "../closed-port.mjs";
import { playEveryFault } from "./suite.mjs";

/** @import { Outcome, Question } from "./suite.mjs" */

playEveryFault({
  name: "the core",
  async open(sandboxes) {
    const core = startCore();
    return {
      lanes: sandboxes.map(({ origin }) => ({
        lookUp: (question) => core.ask({ ...question, origin }),
      })),
      close: core.close,
    };
  },
});

test("a refused connection is unavailable", async () => {
  const port = await closedPort();
  const core = startCore();

  const { error } = await core.ask({
    service: "cpay",
    key: "K",
    origin: `http://127.0.0.1:${port}`,
    timeoutMs: 5_000,
  });
  await core.close();
  assert.deepEqual([error?.kind, error?.phase, error?.retryable], ["unavailable", "token", true]);
});

function startCore() {
  const child = spawn(join(target, "debug/examples/fault-core"), {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  /** @type {Map<number, (outcome: Outcome) => void>} */
  const waiting = new Map();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { id, answer, error } = JSON.parse(line);
    const settle = waiting.get(id);
    assert.ok(settle, line);
    settle({ answer: answer ?? undefined, error: error ?? undefined });
    waiting.delete(id);
  });
  let last = 0;
  return {
    /**
     * @param {Question & { origin: string }} question
     * @returns {Promise<Outcome>}
     */
    ask(question) {
      last += 1;
      const id = last;
      child.stdin.write(`${JSON.stringify({ id, ...question })}\n`);
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    async close() {
      child.stdin.end();
      assert.equal(await ended, 0, "it ended without a panic");
    },
  };
}
