// The README's tables of sample and fault keys, made from the code: `node sandbox/table.mjs` writes
// them into it.

import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { billingKeySamples, faults, payoutGroupSamples } from "./index.mjs";
import { madeUp } from "./made-up.mjs";

const README = new URL("./README.md", import.meta.url);

/** The tables as Markdown. */
export function renderTables() {
  return [
    "### Group keys\n",
    table(
      ["Group key", "What it answers", "Findings of the review"],
      payoutGroupSamples.map(({ key, describes, findings }) => [
        code(key),
        describes,
        findings.map(code).join(", ") || "none",
      ]),
    ),
    "\n### Billing keys\n",
    table(
      ["Billing key", "What it answers"],
      billingKeySamples.map(({ key, describes }) => [
        key.split(" … ").map(code).join(" … "),
        describes,
      ]),
    ),
    "\n### Fault keys\n",
    table(
      ["Fault key", "Played at", "What happens", "A good client ends with", "Calls"],
      faults.map(faultCells),
    ),
  ].join("\n");
}

/** What of the sandbox's replies is made up, as Markdown. */
export function renderMadeUp() {
  return table(
    ["Made-up code", "Where", "Why"],
    madeUp.map(({ code: name, says, because }) => [code(name), says, because]),
  );
}

/**
 * A README whose tables, between their markers, are those of the code.
 * @param {string} readme
 */
export function withTables(readme) {
  const between = (
    /** @type {string} */ text,
    /** @type {string} */ name,
    /** @type {string} */ content,
  ) =>
    text.replace(
      new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*(\\n<!-- /${name} -->)`),
      (_, start, end) => start + content + end,
    );
  return between(between(readme, "made-up", renderMadeUp()), "tables", renderTables());
}

/** @param {import("./index.d.ts").Fault} fault */
function faultCells({ key, endpoints, describes, parameter, expect, upstreamCalls }) {
  const details = [
    expect.code && code(expect.code),
    expect.findings?.map(code).join(", "),
    expect.note,
  ].filter(Boolean);
  const calls = new Set(
    endpoints.map((endpoint) => {
      const { token, lookup } = upstreamCalls[endpoint] ?? {};
      return `${token}+${lookup}`;
    }),
  );
  return [
    code(key),
    endpoints.length === 4 ? "all" : endpoints.join(", "),
    describes + (parameter ? ` (\`-<n>\`: ${parameter})` : ""),
    [expect.kind === "ok" ? "an answer" : code(expect.kind), ...details].join("; "),
    [...calls].join(" · "),
  ];
}

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
function table(head, rows) {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** @param {string} text */
function code(text) {
  return `\`${text}\``;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(README, withTables(await readFile(README, "utf8")));
}
