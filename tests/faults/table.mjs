// docs/faults.md, made from the sandbox's table and the list below: `node tests/faults/table.mjs`
// writes it.

import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { faults } from "../../sandbox/index.mjs";

const PAGE = new URL("../../docs/faults.md", import.meta.url);

/**
 * The faults that no key of the sandbox can play, and the tests that do: by file and name, per
 * face. A face without one says why.
 */
export const faultsWithoutKey = [
  {
    fault: "connection refused",
    expect: "`unavailable`",
    core: ["tests/faults/core.test.mjs", "a refused connection is unavailable"],
    npm: ["tests/faults/npm.test.mjs", "a refused connection is unavailable"],
    worker: ["tests/faults/worker.test.mjs", "a refused connection is unavailable"],
  },
  {
    fault: "the clock jumps an hour, forth or back, between two look-ups",
    expect: "an answer, one authentication",
    core: ["tests/flow.rs", "a_clock_that_jumps_costs_one_authentication_and_no_answer"],
    npm: [
      "tests/faults/npm.test.mjs",
      "a clock that jumps an hour forth or back costs one authentication and no answer",
    ],
    worker: "its clock cannot be set from outside; the core's is an argument",
  },
  {
    fault: "the clock jumps while the token is on its way",
    expect: "an answer, one authentication",
    core: ["tests/flow.rs", "a_clock_that_jumps_while_the_token_is_on_its_way_costs_no_answer"],
    npm: [
      "tests/faults/npm.test.mjs",
      "a clock that jumps while the token is on its way costs no answer",
    ],
    worker: "its clock cannot be set from outside; the core's is an argument",
  },
  {
    fault: "the token expires between authentication and look-up",
    expect: "an answer, the token replaced once",
    core: ["tests/flow.rs", "a_token_that_expires_before_it_is_used_is_replaced_once"],
    npm: "`FAULT_TOKEN_EXPIRED` above",
    worker: "`FAULT_TOKEN_EXPIRED` above",
  },
  {
    fault: "the shared store (KV) fails",
    expect: "an answer, one authentication",
    core: "the runtime handles a failing store; the core never sees one",
    npm: ["tests/runtimes/suite.mjs", "a store that fails, lies or is foreign means authenticate"],
    worker: [
      "tests/worker/storage.test.mjs",
      "are done without where KV is missing, fails, hangs or lies",
    ],
  },
  {
    fault: "the shared store holds a stale token",
    expect: "an answer, one authentication",
    core: ["tests/flow.rs", "a_store_that_still_offers_the_refused_token_is_not_believed"],
    npm: ["tests/runtimes/suite.mjs", "a store that fails, lies or is foreign means authenticate"],
    worker: ["tests/worker/storage.test.mjs", "that have expired are not even tried"],
  },
  {
    fault: "the shared store holds nonsense",
    expect: "an answer, one authentication",
    core: ["tests/flow.rs", "a_store_with_nonsense_in_it_means_authenticate"],
    npm: ["tests/runtimes/suite.mjs", "a store that fails, lies or is foreign means authenticate"],
    worker: [
      "tests/worker/storage.test.mjs",
      "that are damaged are replaced, after an authentication",
    ],
  },
  {
    fault: "the shared store is slow",
    expect: "an answer, one authentication",
    core: "the time-out is the runtime's",
    npm: [
      "tests/npm/token-store.test.mjs",
      "a store is waited for a second at most, whatever timeoutMs allows",
    ],
    worker: [
      "tests/worker/storage.test.mjs",
      "are done without where KV is missing, fails, hangs or lies",
    ],
  },
];

/** The page. */
export function renderPage() {
  const rows = faults.map(({ key, endpoints, expect, upstreamCalls }) => {
    const details = [
      expect.code && `\`${expect.code}\``,
      expect.findings?.map((kind) => `\`${kind}\``).join(", "),
    ].filter(Boolean);
    const calls = endpoints.map(
      (endpoint) =>
        `${endpoint} ${upstreamCalls[endpoint]?.token}+${upstreamCalls[endpoint]?.lookup}`,
    );
    return [
      `\`${key}\``,
      [expect.kind === "ok" ? "an answer" : `\`${expect.kind}\``, ...details].join("; "),
      calls.join(" · "),
      "✓",
      "✓",
      "✓",
    ];
  });
  const plays = faults.reduce((sum, { endpoints }) => sum + endpoints.length, 0);
  const where = (/** @type {string | string[]} */ tested) =>
    typeof tested === "string" ? tested : `✓ \`${tested[0]}\``;
  return `# Faults

Made by \`node tests/faults/table.mjs\` from the sandbox's table (what each fault is: \`sandbox/README.md\`); a test compares.

Each of the ${faults.length} faults is played at every endpoint that has it, ${plays} plays in all, through three faces by one suite
(\`tests/faults/suite.mjs\`): the core in a native program that asks over HTTP, the npm package in Node, the Worker in workerd.
Checked each time: the right answer or the right kind, code and phase; the review's findings; exactly so many upstream calls
(authentications + look-ups, cold, \`maxRetries: 2\`) and no other request; no redirect followed, nothing sent to a foreign
address; no credential in the error; an end within the time limit. A fault that is in the sandbox and not played fails.

${table(["Fault", "Ends with", "Upstream calls", "core", "npm", "Worker"], rows)}

## Faults without a key

${table(
  ["Fault", "Ends with", "core", "npm", "Worker"],
  faultsWithoutKey.map(({ fault, expect, core, npm, worker }) => [
    fault,
    expect,
    where(core),
    where(npm),
    where(worker),
  ]),
)}
`;
}

function table(/** @type {string[]} */ head, /** @type {string[][]} */ rows) {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** The page as it is in the checkout. */
export function readPage() {
  return readFile(PAGE, "utf8");
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await writeFile(PAGE, renderPage());
