// Every JavaScript example of the package's documents, in both languages, runs as it stands,
// against the sandbox.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { root, target } from "../../pkg-scripts/common/checkout.mjs";
import { startSandbox } from "../../sandbox/index.mjs";
import { close, listen } from "../../sandbox/listener.mjs";
import { dist } from "./client.mjs";

/** @import { Sandbox } from "../../sandbox/index.d.ts" */

const run = promisify(execFile);
const work = join(target, "test", "recipes");
const PAIR = `environment: "test", cstId: "test", custKey: "abcd1234567890"`;

const DOCUMENTS = [
  "README.md",
  "README.ko.md",
  "docs/npm.md",
  "docs/npm.ko.md",
  "sandbox/README.md",
  "docs/sandbox.ko.md",
];

/** What an example may take for granted. */
const GIVEN = {
  payple: (/** @type {string} */ origins) =>
    `const payple = new PaypleClient({ ${origins}, ${PAIR} });`,
  groupKey: () => `const groupKey = "Q0RSSkYzWUI3";`,
  payerIds: () => `const payerIds = ["BK_CARD_001", "BK_ACCOUNT_001", "BK_UNKNOWN"];`,
  redis: () =>
    `const kept = new Map();
    const redis = {
      get: async (key) => kept.get(key) ?? null,
      set: async (key, value, { EX }) => EX > 0 && kept.set(key, value),
      del: async (key) => kept.delete(key),
    };`,
};

describe("the examples of the documents", () => {
  /** @type {Sandbox} */
  let sandbox;
  /** @type {Awaited<ReturnType<typeof startProxy>>} */
  let proxy;

  before(async () => {
    rmSync(work, { recursive: true, force: true });
    mkdirSync(join(work, "node_modules"), { recursive: true });
    symlinkSync(dist, join(work, "node_modules", "payple-edge"));
    sandbox = await startSandbox();
    proxy = await startProxy();
  });
  after(async () => {
    await sandbox.close();
    await proxy.close();
  });

  const english = examplesOf("docs/npm.md");

  for (const path of DOCUMENTS) {
    for (const [at, example] of examplesOf(path).entries()) {
      // What runs in a page is tried in tests/page.
      if (example.includes("payple-edge/browser")) continue;
      test(`${path}, ${at + 1}: ${example.trim().split("\n").at(-1)}`, async () => {
        const program = join(work, `${path.replaceAll("/", "-")}-${at}.mjs`);
        writeFileSync(program, complete(example, sandbox.origin));
        const env = { ...process.env, PROXY: proxy.origin };
        const { stderr } = await run(process.execPath, [program], { cwd: work, env });
        const expected = example.includes("console.error(result") ? /^$/ : /^(?!.*Error)/s;
        assert.match(stderr, expected);
      });
    }
  }

  test("the proxy of the example was used", () => assert.ok(proxy.count() > 0));

  test("the Korean document has the English one's examples", () => {
    const korean = examplesOf("docs/npm.ko.md");
    const bare = (/** @type {string} */ code) =>
      code.replaceAll(/\/\/.*$/gm, "").replaceAll(/[ \t]+$/gm, "");
    assert.deepEqual(korean.map(bare), english.map(bare));
  });
});

function examplesOf(/** @type {string} */ path) {
  const document = readFileSync(join(root, path), "utf8");
  return [...document.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);
}

/**
 * An example with what it takes for granted, asking the sandbox in Payple's place.
 * @param {string} example
 * @param {string} sandbox its address
 */
function complete(example, sandbox) {
  const origins = `origins: { hub: "${sandbox}", cpay: "${sandbox}" }`;
  const isElsewhere = example.includes("mockPayple") || example.includes("origins:");
  const aimed = isElsewhere
    ? example
    : example.replaceAll('environment: "test",', `${origins}, environment: "test",`);
  const isGiven = (/** @type {string} */ name) =>
    new RegExp(`\\b${name}\\b`).test(example) && !new RegExp(`const ${name} =`).test(example);
  const given = Object.entries(GIVEN)
    .filter(([name]) => isGiven(name))
    .map(([, code]) => code(origins));
  const names = ["PaypleClient", "PaypleError"].filter(
    (name) => !new RegExp(`import .*\\b${name}\\b`).test(example),
  );
  const imports = names.length > 0 ? [`import { ${names.join(", ")} } from "payple-edge";`] : [];
  return [...imports, ...given, aimed].join("\n");
}

/** A proxy as companies have them. It counts what came by. */
async function startProxy() {
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    count += 1;
    const { method, headers, url } = incoming;
    incoming.pipe(
      request(url ?? "", { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }),
    );
  });
  server.on("connect", ({ url }, socket) => {
    count += 1;
    const { hostname, port } = new URL(`http://${url}`);
    const onward = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [socket, onward]) end.on("error", () => end.destroy());
  });
  const port = await listen(server, 0, "127.0.0.1");
  return {
    origin: `http://127.0.0.1:${port}`,
    count: () => count,
    close: () => close(server),
  };
}
