// Kills workerd with SIGKILL at random while many callers look up, with the access record on disk,
// and then compares what the callers have received with what is on the record.

import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { target } from "../../pkg-scripts/common/checkout.mjs";
import { withFolder } from "../../pkg-scripts/common/folder.mjs";
import { startSandbox } from "../../sandbox/index.mjs";
import { wholeRecord } from "./whole-record.mjs";
import { workerdPid } from "./workerd-process.mjs";
import { ADMIN_TOKEN, startWorkers } from "./workers.mjs";

/**
 * Has so many look-ups answered, whatever it takes, and kills workerd after `between` answers or so
 * on average.
 *
 * @param {Options} options
 */
export function killAtRandom(options) {
  return withFolder(join(target, "kill-"), (folder) => kill(folder, options));
}

/**
 * @typedef {{ lookUps: number, between: number, tell?: (text: string) => void }} Options
 * @param {string} folder where workerd keeps its data
 * @param {Options} options
 */
async function kill(folder, { lookUps, between, tell = () => {} }) {
  const sandbox = await startSandbox();
  const programs = Array.from({ length: 8 }, (_, n) => program(`batch-${n}`));
  const NAMED_TOKENS = programs.map(({ entry }) => entry);
  const plan = { origin: sandbox.origin, settings: { NAMED_TOKENS }, limit: 1_000_000_000 };
  const start = () => startWorkers({ killed: plan }, { resourcePersistencePath: folder });
  const tokens = [ADMIN_TOKEN, ...programs.map(({ token }) => token)];

  let workers = await start();
  let isDown = false;
  let asked = 0;
  let unanswered = 0;
  /** Of each answer that a caller has received: the keys in it. @type {string[][]} */
  const received = [];
  /** @type {string[]} */
  const failures = [];
  const startedAt = performance.now();

  const one = async () => {
    const n = asked++;
    const { path, question, keys } = questionOf(n);
    const headers = {
      Authorization: `Bearer ${n % 10 === 9 ? ADMIN_TOKEN : tokens[n % tokens.length]}`,
    };
    try {
      const response = await workers.killed.post(path, question, headers);
      // What breaks off was not received.
      await response.text();
      if (response.ok) received.push(keys);
      // Where the object ends before its isolate does, nothing is answered, and that is said.
      else if (response.status !== 503) failures.push(`${path}: ${response.status}`);
    } catch {
      // While workerd is gone nobody can be answered; what Node says of it has many names.
      unanswered += 1;
      await sleep(20);
    }
    while (isDown) await sleep(20);
  };
  const caller = async () => {
    while (received.length < lookUps) await one();
  };
  const callers = Promise.all(Array.from({ length: CALLERS }, caller));

  let kills = 0;
  let isOver = false;
  callers.finally(() => {
    isOver = true;
  });
  for (;;) {
    const killAt = received.length + between * 2 * Math.random();
    while (!isOver && received.length < killAt) await sleep(Math.random() * 10);
    if (isOver) break;
    isDown = true;
    process.kill(workerdPid(), "SIGKILL");
    await workers.close().catch(() => {});
    workers = await start();
    isDown = false;
    kills += 1;
    if (kills % 10 === 0) tell(`${received.length} answers, workerd killed ${kills} times`);
  }
  await callers;
  const seconds = Math.round((performance.now() - startedAt) / 1_000);

  const { entries, faults } = await wholeRecord(workers.killed);
  await workers.close();
  await sandbox.close();

  const acts = entries.filter(({ outcome, subjectText }) => outcome === "ok" && subjectText);
  const recorded = new Set(acts.map(({ subjectText }) => subjectText));
  const lost = received.filter((keys) => !keys.every((key) => recorded.has(key)));
  if (lost.length > 0) failures.push(`${lost.length} answers are not on the record`);
  for (const { kind, chain, sequence } of faults.slice(0, 5))
    failures.push(`the record: ${kind} at ${chain} ${sequence}`);
  // What is written in one piece is there as a whole or not at all.
  const pieces = Map.groupBy(
    acts.filter(({ task }) => task === "show"),
    ({ requestId }) => requestId,
  );
  const torn = [...pieces.values()].filter((piece) => piece.length !== KEYS_AT_ONCE);
  if (torn.length > 0) failures.push(`${torn.length} pieces of ${KEYS_AT_ONCE} entries are torn`);
  const chains = Object.fromEntries(
    [...Map.groupBy(entries, ({ chain }) => chain)].map(([chain, { length }]) => [chain, length]),
  );
  return {
    answers: received.length,
    kills,
    unanswered,
    seconds,
    entries: entries.length,
    chains,
    /** On the record, and not received: the answer was on its way when workerd was killed. */
    unreceived: new Set(acts.map(({ requestId }) => requestId)).size - received.length,
    lost: lost.length,
    recordFaults: faults.length,
    failures: failures.slice(0, 20),
  };
}

/**
 * Each with keys of its own, by which its entries are found.
 * @param {number} n
 */
function questionOf(n) {
  // The sandbox answers it like any other; the number keeps the keys apart.
  const key = `FAULT_EXTRA_FIELDS-${n}`;
  if (n % 10 === 9) {
    const keys = Array.from({ length: KEYS_AT_ONCE }, (_, part) => `BK-${n}-${part}`);
    const question = { action: "show", payerIds: keys, rows: keys.length };
    return { path: "/api/actions", question, keys };
  }
  const isGroup = n % 2 === 0;
  const path = isGroup ? "/api/payout-requests" : "/api/billing-key";
  return { path, question: isGroup ? { groupKey: key } : { payerId: key }, keys: [key] };
}

/** @param {string} name */
function program(name) {
  const token = randomBytes(32).toString("base64url");
  const sha256 = createHash("sha256").update(token).digest("hex");
  const entry = { name, kind: "program", sha256, roles: ["lookup"], expires: "2099-12-31" };
  return { token, entry };
}

const CALLERS = 24;
const KEYS_AT_ONCE = 5;
