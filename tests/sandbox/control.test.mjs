// The sandbox's controls: counts, the control endpoints, its options, its trap, its command, its
// README.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { faults, startSandbox } from "../../sandbox/index.mjs";
import { madeUp } from "../../sandbox/made-up.mjs";
import { withTables } from "../../sandbox/table.mjs";
import {
  askAuth,
  askBilling,
  askPayout,
  askToken,
  controlGet,
  controlPost,
  newSession,
  newToken,
  PAIR,
  post,
} from "./partner.mjs";

/** @import { Sandbox } from "../../sandbox/index.d.ts" */

const CLI = fileURLToPath(new URL("../../sandbox/cli.mjs", import.meta.url));
/** @type {Required<Sandbox>} */
let sandbox;

before(async () => {
  sandbox = /** @type {Required<Sandbox>} */ (await startSandbox({ trap: true }));
});
beforeEach(() => sandbox.reset());
after(() => sandbox.close());

test("the counts tell what was received and what was granted, in process and over HTTP alike", async () => {
  await askToken(sandbox, { custKey: "wrong" });
  const token = await newToken(sandbox);
  await askPayout(sandbox, "EMPTY", token);
  await askPayout(sandbox, "NO_SUCH_GROUP", token);
  await askPayout(sandbox, "FAULT_EMPTY_BODY", token);
  await askPayout(sandbox, "FAULT_500_HTML", token);
  await askBilling(await newSession(sandbox), "BK_CARD_001");
  const stats = (await controlGet(sandbox, "stats")).json();
  assert.deepEqual(stats, {
    requests: 8,
    calls: { token: 2, auth: 1, payout: 4, billing: 1 },
    tokens: 1,
    partnerAuthentications: 1,
    payoutLookups: 2,
    billingKeyLookups: 1,
    unknownPaths: 0,
    redirectsFollowed: 0,
    trapRequests: 0,
    faults: {
      FAULT_EMPTY_BODY: { attempts: 1, successes: 0 },
      FAULT_500_HTML: { attempts: 1, successes: 0 },
    },
  });
  assert.deepEqual(stats, sandbox.stats());
});

test("a reset forgets the counts and the faults, and keeps the tokens", async () => {
  const token = await newToken(sandbox);
  await controlPost(sandbox, "faults", { endpoint: "payout", fault: "500_HTML" });
  assert.equal((await askPayout(sandbox, "EMPTY", token)).status, 500);
  assert.equal((await controlPost(sandbox, "reset")).status, 200);
  assert.equal(sandbox.stats().requests, 0);
  assert.deepEqual(sandbox.stats().faults, {});
  assert.equal((await askPayout(sandbox, "EMPTY", token)).status, 200);
});

test("tokens are revoked over HTTP, each service's by itself", async () => {
  const token = await newToken(sandbox);
  const session = await newSession(sandbox);
  await controlPost(sandbox, "revoke", { service: "hub" });
  assert.equal((await askPayout(sandbox, "EMPTY", token)).status, 401);
  assert.equal((await askBilling(session, "BK_CARD_001")).json().PCD_PAY_RST, "success");
  await controlPost(sandbox, "revoke", { service: "cpay", forGood: true });
  assert.equal(
    (await askBilling(await newSession(sandbox), "BK_CARD_001")).json().PCD_PAY_RST,
    "error",
  );
  assert.equal((await askPayout(sandbox, "EMPTY", await newToken(sandbox))).status, 200);
});

test("lifetimes are set over HTTP", async () => {
  await controlPost(sandbox, "lifetimes", { tokenMs: 0 });
  assert.equal((await askPayout(sandbox, "EMPTY", await newToken(sandbox))).status, 401);
  assert.equal(
    (await askBilling(await newSession(sandbox), "BK_CARD_001")).json().PCD_PAY_RST,
    "success",
  );
  await controlPost(sandbox, "lifetimes", { authMs: 0 });
  assert.equal(
    (await askBilling(await newSession(sandbox), "BK_CARD_001")).json().PCD_PAY_RST,
    "error",
  );
});

test("faults are queued over HTTP, and the whole table can be read there", async () => {
  await controlPost(sandbox, "faults", { endpoint: "auth", fault: "FAULT_AUTH0005", times: 1 });
  assert.match((await askAuth(sandbox)).json().result_msg, /AUTH0005/);
  assert.equal((await askAuth(sandbox)).json().result, "success");
  assert.deepEqual((await controlGet(sandbox, "faults")).json().faults, faults);
});

for (const [name, body, message] of /** @type {[string, object, RegExp][]} */ ([
  ["faults", { endpoint: "nowhere", fault: "500_HTML" }, /endpoint must be one of/],
  ["faults", { endpoint: "token", fault: "NO_SUCH_FAULT" }, /no fault of that name/],
  ["faults", { endpoint: "token", fault: "WRONG_PAYER_ID" }, /no fault of that name/],
  ["faults", { endpoint: "token", fault: "500_HTML", times: 0 }, /times/],
  // It would last for ever.
  ["faults", { endpoint: "token", fault: "500_HTML", time: 1 }, /"time"; known are .*times/],
  ["revoke", { service: "hub", forgod: true }, /"forgod"; known are service, forGood/],
  ["lifetimes", { token: 60 }, /"token"; known are tokenMs, authMs/],
  ["revoke", { service: "both" }, /service must be/],
  ["lifetimes", { tokenMs: "60" }, /milliseconds/],
])) {
  test(`a control request is refused with its reason: ${name} ${JSON.stringify(body)}`, async () => {
    const seen = await controlPost(sandbox, name, body);
    assert.equal(seen.status, 400);
    assert.match(seen.json().error, message);
  });
}

test("a control request whose body is no JSON object is refused, one without a body is none", async () => {
  for (const body of ["{", "null", "[]", '"hub"']) {
    const seen = await post(`${sandbox.origin}/__sandbox/revoke`, body);
    assert.deepEqual([seen.status, seen.json().error], [400, "the body must be a JSON object"]);
  }
  const empty = await fetch(`${sandbox.origin}/__sandbox/reset`, { method: "POST" });
  assert.equal(empty.status, 200);
});

test("a control request that is no JSON, or goes to no control, is refused", async () => {
  const form = await post(`${sandbox.origin}/__sandbox/revoke`, "service=hub", {
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  });
  assert.equal(form.status, 415);
  // Even where no Content-Length gives it away: a web page must not play with the sandbox.
  const session = await newSession(sandbox);
  await fetch(`${sandbox.origin}/__sandbox/revoke`, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new Blob(["service=cpay"]).stream(),
    ...{ duplex: "half" },
  });
  assert.equal((await askBilling(session, "BK_CARD_001")).json().PCD_PAY_RST, "success");
  assert.equal((await controlGet(sandbox, "reset")).status, 404);
  assert.equal((await controlGet(sandbox, "constructor")).status, 404);
});

test("a redirect that is followed is counted, and so is what reaches the trap", async () => {
  sandbox.queueFault({ endpoint: "token", fault: "REDIRECT_307", times: 1 });
  const options = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...PAIR, code: "as12345678" }),
  };
  await fetch(`${sandbox.origin}/oauth/token`, options);
  assert.equal(sandbox.stats().redirectsFollowed, 1);

  sandbox.queueFault({ endpoint: "token", fault: "REDIRECT_307_ELSEWHERE", times: 1 });
  await fetch(`${sandbox.origin}/oauth/token`, options);
  assert.deepEqual(sandbox.trap.requests(), [{ method: "POST", url: "/redirected" }]);
  assert.equal((await controlGet(sandbox, "stats")).json().trapRequests, 1);
});

for (const name of ["OTHER", "OTHER_PORT", "USERINFO", "DECIMAL", "UNICODE", "BACKSLASH"]) {
  test(`the hostile host ${name} truly leads a careless client to the trap`, async () => {
    sandbox.queueFault({ endpoint: "auth", fault: `HOST_${name}`, times: 1 });
    const { return_url: url } = (await askAuth(sandbox)).json();
    await post(`${new URL(url).origin}/stolen`, {});
    assert.deepEqual(sandbox.trap.requests(), [{ method: "POST", url: "/stolen" }]);
  });
}

test("a path that starts with another host is no path of the sandbox", async () => {
  sandbox.queueFault({ endpoint: "auth", fault: "PATH_DOUBLE_SLASH", times: 1 });
  const session = (await askAuth(sandbox)).json();
  assert.equal((await askBilling(session, "BK_CARD_001", { url: session.return_url })).status, 404);
  assert.equal(sandbox.stats().calls.billing, 0);
});

test("only loopback hosts and known environments are taken", async () => {
  await assert.rejects(startSandbox({ host: "0.0.0.0" }), RangeError);
  await assert.rejects(startSandbox({ host: "example.org" }), RangeError);
  await assert.rejects(startSandbox({ environment: /** @type {any} */ ("real") }), RangeError);
});

test("an option that is not known is an error that names it and those that are", async () => {
  const wrong = (/** @type {object} */ options) => /** @type {any} */ (options);
  for (const [options, message] of /** @type {[object, RegExp][]} */ ([
    [{ prot: 5 }, /must not have "prot"; known are port, host, trap, environment, .*latencyMs/],
    [{ trap: true, latency: 5 }, /must not have "latency"/],
    [{ credentials: [{ cstId: "test", custkey: "x" }] }, /"custkey"; known are cstId, custKey/],
    // A value that went astray is not repeated.
    [{ "abcd1234567890 ": 1 }, /must not have "…"/],
  ])) {
    await assert.rejects(startSandbox(wrong(options)), { name: "RangeError", message });
  }
  const { queueFault, revokeTokens, revokeAuthKeys, setLifetimes } = sandbox;
  for (const [act, known] of /** @type {[() => void, RegExp][]} */ ([
    [() => queueFault(wrong({ endpoint: "token", fault: "500_HTML", tims: 1 })), /times/],
    [() => revokeTokens(wrong({ forgood: true })), /forGood/],
    [() => revokeAuthKeys(wrong({ forgood: true })), /forGood/],
    [() => setLifetimes(wrong({ tokenMS: 1 })), /tokenMs, authMs/],
  ])) {
    assert.throws(act, (/** @type {Error} */ { name, message }) => {
      assert.equal(name, "RangeError");
      assert.match(message, new RegExp(`must not have "\\w+"; known are .*${known.source}`));
      return true;
    });
  }
  assert.equal((await askToken(sandbox)).status, 200);
});

test("an option that is not as it must be is an error that names it", async () => {
  /** @type {[any, string][]} */
  const wrong = [
    [{ latencyMs: "100" }, "latencyMs must be a number of milliseconds"],
    [{ latencyMs: Number.NaN }, "latencyMs must be"],
    [{ latencyMs: Number.POSITIVE_INFINITY }, "latencyMs must be"],
    [{ tokenLifetimeMs: -1 }, "tokenLifetimeMs must be"],
    [{ authLifetimeMs: null }, "authLifetimeMs must be"],
    [{ now: 5 }, "now must be a function"],
    [{ quiet: "false" }, "quiet must be true or false"],
    [{ trap: "yes" }, "trap must be true or false"],
    [{ referers: "shop.example" }, "referers must be a list of domains"],
    [{ referers: ["shop example"] }, "referers must be a list of domains"],
    [{ port: "8788" }, "port must be a whole number from 0 to 65535"],
    [{ port: 65_536 }, "port must be"],
    [{ credentials: { cstId: "a", custKey: "b" } }, "credentials must be a list"],
    [{ credentials: [{ cstId: "a", custKey: 5 }] }, "custKey must be a text"],
    [{ credentials: ["a"] }, "a pair of credentials must be an object"],
    [[], "the options of startSandbox must be an object"],
  ];
  for (const [options, message] of wrong)
    await assert.rejects(
      startSandbox(options),
      (error) => error instanceof RangeError && error.message.startsWith(message),
      message,
    );
  const forGood = /** @type {any} */ ("false");
  for (const revoke of [sandbox.revokeTokens, sandbox.revokeAuthKeys])
    assert.throws(() => revoke({ forGood }), { message: "forGood must be true or false" });
  assert.throws(() => sandbox.queueFault(/** @type {any} */ (undefined)), {
    message: "the options of queueFault must be an object",
  });
});

test("a taken port is an error, and leaves no trap behind", async () => {
  await assert.rejects(startSandbox({ port: sandbox.port, trap: true }), { code: "EADDRINUSE" });
});

test("latencyMs delays the services, not the controls", async () => {
  const slow = await startSandbox({ latencyMs: 60_000 });
  assert.equal((await controlGet(slow, "stats")).status, 200);
  assert.equal((await askToken(slow, {}, { timeoutMs: 100 })).failed, "TIMEOUT");
  await slow.close();

  const quicker = await startSandbox({ latencyMs: 200 });
  const start = performance.now();
  assert.equal((await askToken(quicker)).status, 200);
  assert.ok(performance.now() - start >= 195);
  await quicker.close();
});

test("close ends exchanges that would hang for ever, and is quick about it", async () => {
  const hanging = await startSandbox();
  hanging.queueFault({ endpoint: "token", fault: "NO_ANSWER" });
  const asked = askToken(hanging);
  while (hanging.stats().tokens === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await hanging.close();
  assert.equal((await asked).failed, "ECONNRESET");
});

test("a caller who hangs up in the middle of a request does no harm", async () => {
  const socket = connect(sandbox.port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(
    "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.resetAndDestroy();
  assert.equal((await askToken(sandbox)).status, 200);
});

test("every code that the sandbox can say is published or marked as made up", async () => {
  const folder = new URL("../../sandbox/", import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter((name) => /\.mjs$/.test(name));
  const said = new Set();
  for (const file of files.filter((name) => name !== "made-up.mjs")) {
    const text = await readFile(new URL(file, folder), "utf8");
    for (const [, code] of text.matchAll(/"([A-Z]{1,4}\d{4})"/g)) said.add(code);
  }
  assert.ok(said.size > 20);
  const marked = madeUp.map(({ code }) => code);
  for (const code of said)
    assert.ok(PUBLISHED.test(code) !== marked.includes(code), `${code} is neither, or both`);
  for (const code of marked) assert.ok(said.has(code), `${code} is no more`);
});

test("the Korean document marks the same codes as made up", async () => {
  const document = await readFile(new URL("../../docs/sandbox.ko.md", import.meta.url), "utf8");
  const [, section] = document.split("## 임의로 정한 코드\n");
  const rows = section
    .split("\n## ")[0]
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  const codes = rows.flatMap((row) => row.split("|")[1].match(/[A-Z]{1,4}\d{4}/g));
  assert.deepEqual(
    codes,
    madeUp.map(({ code }) => code),
  );
});

/** Codes of Payple's documents and of clients that meet them, this call's or a neighbour's. */
const PUBLISHED =
  /^(T0000|T02(00|01|10|11)|T03(00|10|20|22)|T099[67]|A0000|A000[19]|AUTH000[1-7]|SPCD(0001|0012|1001))$/;

test("the README's tables are those of the code (node sandbox/table.mjs writes them)", async () => {
  const readme = await readFile(new URL("../../sandbox/README.md", import.meta.url), "utf8");
  assert.equal(readme, withTables(readme));
});

test("the command serves, logs no credential and no key, and ends cleanly on SIGTERM and SIGINT", async () => {
  for (const signal of /** @type {NodeJS.Signals[]} */ (["SIGTERM", "SIGINT"])) {
    const cli = run(["--port", "0"]);
    const origin = originIn(await cli.until(/FAULT_500_ONCE[\s\S]*\n\n/));
    const token = await newToken({ origin });
    await askPayout({ origin }, "ROWS_3", token);
    const session = await newSession({ origin });
    await askBilling(session, "BK_CARD_077");
    const output = await cli.until(/cPayUserAct\.php 200/);
    for (const secret of [
      PAIR.custKey,
      token,
      session.AuthKey,
      session.custKey,
      "ROWS_3",
      "BK_CARD_077",
    ])
      assert.ok(!output.includes(secret));
    cli.process.kill(signal);
    assert.deepEqual(await cli.exited, [0, null]);
  }
});

test("the command goes on where nobody reads what it says", async () => {
  const cli = run(["--port", "0"]);
  const origin = originIn(await cli.until(/\n\n$/));
  cli.process.stdout.destroy();
  for (let n = 0; n < 3; n += 1) await newToken({ origin });
  const stats = await (await fetch(`${origin}/__sandbox/stats`)).json();
  assert.equal(stats.tokens, 3);
  cli.process.kill("SIGTERM");
  assert.deepEqual(await cli.exited, [0, null]);
});

test("the command's --live asks for the Referer", async () => {
  const cli = run(["--port", "0", "--live"]);
  const origin = originIn(await cli.until(/\n\n$/));
  assert.match((await askAuth({ origin })).json().result_msg, /AUTH0004/);
  assert.equal(
    (await askAuth({ origin }, {}, { headers: { Referer: "https://www.shop.example" } })).json()
      .result,
    "success",
  );
  cli.process.kill("SIGTERM");
  await cli.exited;
});

test("the command explains itself, and says what is wrong with its arguments", async () => {
  const outcome = async (/** @type {string[]} */ args) => {
    const cli = run(args);
    const [status] = await cli.exited;
    return { status, output: cli.output() };
  };
  const help = await outcome(["--help"]);
  assert.equal(help.status, 0);
  assert.match(help.output, /--port N/);
  for (const [args, message] of /** @type {[string[], RegExp][]} */ ([
    [["--port", "abc"], /--port takes a number/],
    [["--prot", "1"], /Unknown option/],
    [["--port", String(sandbox.port)], /is taken/],
  ])) {
    const { status, output } = await outcome(args);
    assert.equal(status, 2);
    assert.match(output, message);
  }
});

/** Where the command says that it serves. */
function originIn(/** @type {string} */ output) {
  const [, origin = "nowhere"] = /at (http:\/\/127\.0\.0\.1:\d+)/.exec(output) ?? [];
  return origin;
}

function run(/** @type {string[]} */ args) {
  const process_ = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const exited = once(process_, "close");
  for (const stream of [process_.stdout, process_.stderr])
    stream.setEncoding("utf8").on("data", (chunk) => (output += chunk));
  return {
    process: process_,
    exited,
    output: () => output,
    async until(/** @type {RegExp} */ pattern) {
      while (!pattern.test(output)) await once(process_.stdout, "data");
      return output;
    },
  };
}
