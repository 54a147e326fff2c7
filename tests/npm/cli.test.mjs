// The command `payple-edge`, as npx runs it: each exit code, what it prints where, the lists that
// it reads, what it refuses.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { root, target } from "../../pkg-scripts/common/checkout.mjs";
import { startSandbox } from "../../sandbox/index.mjs";
import { closedPort } from "../closed-port.mjs";
import { pageModule } from "../page/module.mjs";
import { CUST_KEY, clientOf, dist } from "./client.mjs";
import { workbook, workbookOf } from "./workbook.mjs";

/** @import { Sandbox } from "../../sandbox/index.d.ts" */
/** @import { BillingKeyResult, PayoutRequestGroup } from "../../src/npm/js/index.d.ts" */

// The command says what the page says.
const { en } = await pageModule("text/en.ts");
const { ko } = await pageModule("text/ko.ts");
const { won } = await pageModule("format.ts");

const run = promisify(execFile);
const work = join(target, "test", "cli");
const SHEETS = join(root, "tests/page/sheets");
const GROUP = "CLEAN_128";

/** @type {Sandbox} */
let sandbox;
/** @type {PayoutRequestGroup} */
let group;

before(async () => {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  sandbox = await startSandbox();
  group = await clientOf(sandbox).lookupPayoutRequests(GROUP);
  const lines = group.requests.map(({ billingTranId, amount }) => `${billingTranId},${amount}`);
  file("payouts.csv", ["빌링키,금액", ...lines].join("\r\n"));
  file("one-missing.csv", ["빌링키,금액", ...lines, "BK_NOT_THERE,1000"].join("\r\n"));
  file("unreadable.csv", ["빌링키,금액", ...lines, "BK_NOT_THERE,1.5e7"].join("\r\n"));
});
after(() => sandbox.close());

describe("payple-edge in a shell script", () => {
  /** @type {string} */
  let script;

  before(async () => {
    await run("npm", ["pack", dist, "--pack-destination", work, "--silent"]);
    const tarball = readdirSync(work).find((name) => name.endsWith(".tgz"));
    file("package.json", JSON.stringify({ name: "gate", private: true }));
    await run("npm", ["install", "--offline", "--no-audit", "--no-fund", `./${tarball}`], {
      cwd: work,
    });
    // The example of the document, with another name for the list.
    const document = readFileSync(join(root, "docs/npm.md"), "utf8");
    const example = /```sh\n(# gate\.sh[\s\S]*?)```/.exec(document)?.[1];
    assert.ok(example);
    script = example.replace("npx payple-edge", "npx --no payple-edge");
  });

  const gate = async (/** @type {string} */ list, env = {}) => {
    file("gate.sh", script.replace("payouts.xlsx", list));
    const { stdout } = await run("sh", ["gate.sh"], {
      cwd: work,
      env: { ...environment(), GROUP_KEY: GROUP, ...env },
    });
    return stdout.trim().split("\n").at(-1);
  };

  test("a group that is what the list says lets it go on", async () => {
    assert.equal(await gate("payouts.csv"), "execute");
  });

  test("a group that differs from the list stops it", async () => {
    assert.equal(await gate("one-missing.csv"), "hold: the check found something");
  });

  test("a check that cannot be made stops it, whatever the reason", async () => {
    const hold = "hold: the check could not be made";
    assert.equal(await gate("no-such-file.csv"), hold);
    assert.equal(await gate("payouts.csv", { PAYPLE_CUST_KEY: "wrong" }), hold);
    assert.equal(await gate("payouts.csv", { GROUP_KEY: "NO_SUCH_GROUP" }), hold);
    const nobody = `http://127.0.0.1:${await closedPort()}`;
    assert.equal(await gate("payouts.csv", { PAYPLE_HUB_ORIGIN: nobody }), hold);
  });
});

describe("payple-edge group", () => {
  test("says what is well, and what was not compared: 0", async () => {
    const { code, stdout, stderr } = await edge(["group", GROUP]);
    assert.equal(code, 0);
    assert.match(stdout, /₩9,408,000/);
    assert.match(stdout, new RegExp(group.fingerprint));
    assert.ok(stdout.includes(en.verdict.notCompared));
    // Progress is no part of the result.
    assert.match(stderr, /asking Payple/);
  });

  test("finds what Payple contradicts itself in: 1", async () => {
    const { code, stdout } = await edge(["group", "REVIEW_TOTAL_MISMATCH"]);
    assert.equal(code, 1);
    assert.ok(stdout.includes(`✗ ${en.findings.kinds.total_mismatch} [total_mismatch]`));
    assert.ok(stdout.includes(en.verdict.bad(1)));
  });

  test("says what is only worth a look, and stops nothing: 0", async () => {
    const { code, stdout } = await edge(["group", "Q0RSSkYzWUI3"]);
    assert.equal(code, 0);
    assert.match(stdout, /! .*\[possible_duplicate\]/);
  });

  test("says in Korean where the locale is Korean", async () => {
    const { stdout } = await edge(["group", "REVIEW_TOTAL_MISMATCH"], { LC_ALL: "ko_KR.UTF-8" });
    assert.ok(stdout.includes(`✗ ${ko.findings.kinds.total_mismatch} [total_mismatch]`));
    assert.ok(stdout.includes(ko.verdict.bad(1)));
    const failed = await edge(["group", "NO_SUCH_GROUP"], { LC_ALL: "ko_KR.UTF-8" });
    assert.match(failed.stderr, /조회를 거부했습니다/);
  });

  test("says in Korean where Windows is Korean, which sets no variable", async () => {
    // What Node tells of Windows' setting.
    const locale = "Intl.DateTimeFormat.prototype.resolvedOptions = () => ({ locale: 'ko-KR' });";
    const NODE_OPTIONS = `--import "data:text/javascript,${encodeURIComponent(locale)}"`;
    assert.match((await edge(["--help"], { NODE_OPTIONS, LANG: undefined })).stdout, /명령/);
    assert.match((await edge(["--help"], { NODE_OPTIONS })).stdout, /command/);
  });

  test("prints the group as JSON, and nothing else on stdout", async () => {
    const { code, stdout } = await edge(["group", GROUP, "--json"]);
    assert.equal(code, 0);
    const { fingerprint, review, requests } = JSON.parse(stdout);
    assert.deepEqual(
      [fingerprint, review.consistent, requests.length],
      [group.fingerprint, true, 128],
    );
  });

  test("has no result on stdout where the check was not made: 2", async () => {
    const { code, stdout, stderr } = await edge(["group", "NO_SUCH_GROUP", "--json"]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /rejected \[A0404\]/);
  });

  test("compares with CSV in Korean encodings, with cells of a clipboard, with stdin", async () => {
    const answers = [];
    for (const name of ["payments-cp949.csv", "payments-utf8.csv", "payments-clipboard.tsv"]) {
      const { code, stdout } = await edge(["group", GROUP, "--json", "--expect", sheet(name)]);
      assert.equal(code, 1, name);
      answers.push(JSON.parse(stdout).review.expectation);
    }
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    const { matched, missing, unexpected, different } = answers[0];
    assert.deepEqual([matched, missing, unexpected, different], [125, 2, 2, 1]);

    const piped = await edge(["group", GROUP, "--expect", "-"], {}, read("payouts.csv"));
    assert.equal(piped.code, 0);
  });

  test("compares with a workbook that holds all that is to be paid: 0", async () => {
    const rows = group.requests.map(({ billingTranId, amount }) => [billingTranId, amount]);
    writeFileSync(
      join(work, "payouts.xlsx"),
      workbook("지급", [["빌링키", "지급액(원)"], ...rows]),
    );
    const list = ["--expect", join(work, "payouts.xlsx")];
    const { code, stdout } = await edge(["group", GROUP, "--json", ...list]);
    const { matched, missing, unexpected, different } = JSON.parse(stdout).review.expectation;
    assert.deepEqual([code, matched, missing, unexpected, different], [0, 128, 0, 0, 0]);

    const summary = await edge(["group", GROUP, ...list]);
    assert.equal(summary.code, 0);
    assert.ok(!summary.stdout.includes(en.verdict.notCompared));
    assert.equal((await edge(["group", GROUP, ...list, "--sheet", "지급"])).code, 0);
  });

  test("tells what is in rows and sheets that a spreadsheet program hides", async () => {
    const rows = group.requests.map(({ billingTranId, amount }) => [billingTranId, amount]);
    const sheets = { 지급: [["빌링키", "금액"], ...rows] };
    writeFileSync(join(work, "hidden.xlsx"), hiding(workbookOf(sheets), [3, 4]));
    const sum = won(Number(rows[1][1]) + Number(rows[2][1]));
    const list = ["--expect", join(work, "hidden.xlsx")];
    const { code, stderr } = await edge(["group", GROUP, ...list]);
    assert.equal(code, 0);
    assert.ok(stderr.includes(en.expect.hiddenRows.title(2, sum)), stderr);
    assert.match(stderr, /row 3, row 4\./);

    const keys = { 옛것: [["빌링키"], ["BK_CARD_009"]], 지금: [["빌링키"], ["BK_CARD_001"]] };
    writeFileSync(join(work, "hidden-keys.xlsx"), hiding(workbookOf(keys), [2], "옛것"));
    const file = ["--file", join(work, "hidden-keys.xlsx"), "--json"];
    const looked = await edge(["billing-keys", ...file]);
    assert.deepEqual(
      JSON.parse(looked.stdout).results.map(
        (/** @type {BillingKeyResult} */ { payerId }) => payerId,
      ),
      ["BK_CARD_001"],
    );
    assert.ok(looked.stderr.includes(en.billing.file.hidden.title(1)), looked.stderr);
    assert.match(looked.stderr, /row 2\./);
  });

  test("stops at a workbook whose own total differs from its rows: one may be missing", async () => {
    const { code, stderr } = await edge([
      "group",
      GROUP,
      "--json",
      "--expect",
      sheet("payments.xlsx"),
    ]);
    assert.equal(code, 2);
    // Every third amount in it is a text, which a spreadsheet's SUM passes over.
    assert.match(stderr, /row 133: a total that differs from the rows above/);
  });

  test("names the lines of the list", async () => {
    const { stdout } = await edge(["group", GROUP, "--expect", join(work, "one-missing.csv")]);
    assert.match(stdout, /\[missing_request\].*\n +rows of the list 130/);
  });

  test("is a gate for a total, a count and a fingerprint alone", async () => {
    const asExpected = ["--total", "9408000", "--count", "128", "--fingerprint", group.fingerprint];
    assert.equal((await edge(["group", GROUP, ...asExpected])).code, 0);
    const other = `v1:${"0".repeat(64)}`;
    for (const [option, value, kind] of [
      ["--total", "1", "expected_total_mismatch"],
      ["--count", "1", "expected_count_mismatch"],
      ["--fingerprint", other, "changed_since_review"],
    ]) {
      const { code, stdout } = await edge(["group", GROUP, option, value]);
      assert.equal(code, 1);
      assert.match(stdout, new RegExp(kind));
    }
  });

  test("finds it where nothing is there to be paid, unless that is expected: 1, or 0", async () => {
    for (const key of ["EMPTY", "FAULT_LIST_NULL"]) {
      const { code, stdout } = await edge(["group", key]);
      assert.equal(code, 1, key);
      assert.ok(stdout.includes(en.verdict.empty));
      const json = await edge(["group", key, "--json"]);
      assert.deepEqual([json.code, JSON.parse(json.stdout).count], [1, 0]);
      assert.ok(json.stderr.includes(en.verdict.empty));
    }
    const { fingerprint } = JSON.parse((await edge(["group", "EMPTY", "--json"])).stdout);
    for (const expected of [
      ["--count", "0"],
      ["--total", "0", "--json"],
      ["--fingerprint", fingerprint],
    ]) {
      const { code, stderr } = await edge(["group", "EMPTY", ...expected]);
      assert.equal(code, 0, expected.join(" "));
      assert.ok(!stderr.includes(en.verdict.empty));
    }
    for (const expected of [
      ["--count", "1"],
      ["--count", "0", "--total", "1"],
      ["--expect", join(work, "payouts.csv")],
    ])
      assert.equal((await edge(["group", "EMPTY", ...expected])).code, 1, expected.join(" "));
  });

  test("compares nothing with a list that it cannot read wholly: 2, before Payple is asked", async () => {
    const { requests } = sandbox.stats();
    file("no-amount.csv", "이름,메모\r\n가,나\r\n");
    file("lacks-key.csv", "빌링키,금액\r\nBK_1,1000\r\n,2000\r\n");
    file("empty.csv", "");
    for (const [name, reason] of [
      ["unreadable.csv", "unreadable.csv: 1 row cannot be read, so that nothing was compared"],
      ["unreadable.csv", `${en.expect.line(130)}: ${en.expect.reasons.scientific}`],
      ["no-amount.csv", "no column is named as the amount"],
      ["lacks-key.csv", en.expect.lacksKey(en.expect.roles.billingTranId, [3])],
      ["empty.csv", en.expect.faults.empty],
      ["not-there.csv", "ENOENT"],
    ]) {
      const { code, stdout, stderr } = await edge(["group", GROUP, "--expect", join(work, name)]);
      assert.deepEqual([code, stdout], [2, ""], name);
      assert.ok(stderr.includes(reason), stderr);
    }
    assert.equal(sandbox.stats().requests, requests);
  });

  test("takes no weaker key where several columns are named for one: 2, and which", async () => {
    const lines = group.requests.map(({ billingTranId, amount }, at) => [
      billingTranId,
      `OTHER_${at}`,
      amount,
    ]);
    const table = (/** @type {string} */ headings) =>
      [headings, ...lines.map((line) => line.join(","))].join("\r\n");
    file("two-keys.csv", table("빌링키,빌링키,금액"));
    file("two-amounts.csv", table("빌링키,금액,금액"));
    for (const [name, role] of [
      ["two-keys.csv", en.expect.roles.billingTranId],
      ["two-amounts.csv", en.expect.roles.amount],
    ]) {
      const { code, stdout, stderr } = await edge(["group", GROUP, "--expect", join(work, name)]);
      assert.deepEqual([code, stdout], [2, ""], name);
      assert.ok(stderr.includes(`several columns have the same name for: ${role}`), stderr);
    }
    const byAmount = ["--expect", join(work, "two-keys.csv"), "--match-by", "amount"];
    assert.equal((await edge(["group", GROUP, ...byAmount])).code, 0);
  });

  test("matches by another key where it is asked to, and by one sheet of several", async () => {
    const byAmount = ["--match-by", "amount"];
    const list = ["--expect", join(work, "payouts.csv")];
    const { stdout } = await edge(["group", GROUP, ...list, ...byAmount]);
    assert.ok(stdout.includes(en.verdict.doubts.amountOnly));
    const other = ["--expect", sheet("payments.xlsx"), "--sheet", "no such sheet"];
    const { code, stderr } = await edge(["group", GROUP, ...other]);
    assert.equal(code, 2);
    assert.match(stderr, /there is no sheet no such sheet; there are: .*지급 내역/);
  });

  test("shows hostile texts without their power over the terminal", async () => {
    const { stdout } = await edge(["group", "HOSTILE_TEXT"]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that must not be there
    assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  test("shows names of files, sheets and commands without such a power either", async () => {
    const power = "\u009b31m\u202e";
    writeFileSync(join(work, "sheet.xlsx"), workbook(`지급${power}`, [["빌링키", "금액"]]));
    for (const args of [
      ["group", GROUP, "--expect", join(work, "sheet.xlsx"), "--sheet", "x"],
      ["group", GROUP, "--expect", `${power}.csv`],
      [`\u001b${power}`],
    ]) {
      const { code, stderr } = await edge(args);
      assert.equal(code, 2);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
      assert.doesNotMatch(stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
  });
});

describe("what is wrong with a file", () => {
  test("is said in Korean where the locale is Korean, and in words, not by a code alone", async () => {
    file("no-key.csv", "payer_id\r\n");
    file("unnamed.csv", "a,b\r\nBK_CARD_001,BK_CARD_002");
    writeFileSync(join(work, "sheet.xlsx"), workbook("지급", [["빌링키"], ["BK_CARD_001"]]));
    const at = (/** @type {string} */ name) => join(work, name);
    /** @type {[string[], string, string][]} */
    const faults = [
      [["group", GROUP, "--expect", at("no.csv")], "there is no such file", "파일이 없습니다"],
      [["group", GROUP, "--expect", work], "this is a folder", "폴더입니다"],
      [
        ["group", GROUP, "--expect", at("sheet.xlsx"), "--sheet", "x"],
        "there is no sheet x; there are: 지급",
        "‘x’ 시트가 없습니다. 파일에 있는 시트: 지급",
      ],
      [
        ["billing-keys", "--file", at("unnamed.csv"), "--sheet", "x"],
        "is for workbooks",
        "엑셀 파일",
      ],
      [
        ["billing-keys", "--file", at("no-key.csv")],
        "there is no billing key",
        "빌링키가 없습니다",
      ],
      [["billing-keys", "--file", at("unnamed.csv")], "none is named", "알 수 없습니다"],
      [
        ["billing-keys", "--file", at("unnamed.csv"), "--column", "c"],
        "there is no column c",
        "‘c’ 열이 없습니다",
      ],
    ];
    for (const [args, english, korean] of faults) {
      for (const [LANG, reason] of [
        ["en_US.UTF-8", english],
        ["ko_KR.UTF-8", korean],
      ]) {
        const { code, stdout, stderr } = await edge(args, { LANG });
        assert.deepEqual([code, stdout], [2, ""]);
        assert.ok(stderr.includes(/** @type {string} */ (reason)), stderr);
      }
    }
  });
});

describe("a result that cannot be written", () => {
  const into = async (/** @type {string} */ redirection, args = ["group", GROUP]) => {
    const command = [process.execPath, join(dist, "cli.mjs"), ...args].map((part) => `"${part}"`);
    const script = `${command.join(" ")} ${redirection}`;
    const options = { cwd: work, env: environment() };
    return run("bash", ["-o", "pipefail", "-c", script], options).then(
      ({ stderr }) => ({ code: 0, stderr }),
      ({ code, stderr }) => ({ code, stderr }),
    );
  };

  test("is no finding: 2, and why", async (t) => {
    if (process.platform !== "linux") return t.skip("only Linux has a disk that is always full");
    const { code, stderr } = await into("> /dev/full");
    assert.equal(code, 2);
    assert.match(stderr, /payple-edge: ENOSPC/);
    assert.equal((await into("> /dev/full 2> /dev/full")).code, 2);
  });

  test("is no failure where nobody wants the rest of it: 0, or 1 as found", async () => {
    assert.equal((await into("| head -c 10", ["group", "ROWS_10000", "--json"])).code, 0);
    assert.equal((await into("| head -c 10", ["group", "REVIEW_TOTAL_MISMATCH"])).code, 1);
    for (const nobody of ["2> >(true)", "2>&1 | true"]) {
      assert.equal((await into(nobody)).code, 0, nobody);
      assert.equal((await into(nobody, ["group", "REVIEW_TOTAL_MISMATCH"])).code, 1);
    }
  });
});

describe("payple-edge billing-keys", () => {
  test("finds all registered: 0", async () => {
    const { code, stdout } = await edge(["billing-keys", "BK_CARD_001", "BK_ACCOUNT_001"]);
    assert.equal(code, 0);
    assert.match(stdout, /2 billing keys: 2 registered, 0 not registered, 0 failed/);
  });

  test("finds one that is not registered: 1", async () => {
    const { code, stdout } = await edge(["billing-keys", "BK_CARD_001", "BK_UNKNOWN"]);
    assert.equal(code, 1);
    assert.match(stdout, /✗ .* not registered \[SPCD0001\]/);
  });

  /** @type {[NodeJS.Signals, string][]} */
  const signals = [
    ["SIGINT", "Ctrl-C"],
    ["SIGTERM", "SIGTERM"],
    ["SIGHUP", "SIGHUP"],
  ];
  for (const [signal, name] of signals) {
    test(`is stopped by ${name} with what is known by then: 2`, async () => {
      const keys = Array.from({ length: 50 }, (_, at) => `BK_CARD_0${String(at + 10)}`);
      const args = [join(dist, "cli.mjs"), "billing-keys", ...keys, "--json"];
      const stopped = spawn(process.execPath, args, { env: environment() });
      let [stdout, stderr] = ["", ""];
      stopped.stdout.on("data", (piece) => {
        stdout += piece;
      });
      stopped.stderr.on("data", (piece) => {
        if (stderr === "") stopped.kill(signal);
        stderr += piece;
      });
      assert.equal(await new Promise((resolve) => stopped.once("close", resolve)), 2);
      const { results, error } = JSON.parse(stdout);
      assert.deepEqual([results.length > 0, error.kind], [true, "aborted"]);
      assert.match(stderr, new RegExp(`payple-edge billing-keys: stopped by ${name}\n$`));
    });
  }

  test("says that a key was not looked up, whatever else it found: 2", async () => {
    const keys = ["BK_CARD_001", "BK_UNKNOWN", "FAULT_500_HTML"];
    const { code, stdout } = await edge(["billing-keys", ...keys, "--json"]);
    assert.equal(code, 2);
    const { results } = JSON.parse(stdout);
    assert.deepEqual(
      results.map((/** @type {BillingKeyResult} */ { index, payerId, status }) => [
        index,
        payerId,
        status,
      ]),
      [
        [0, "BK_CARD_001", "registered"],
        [1, "BK_UNKNOWN", "not_registered"],
        [2, "FAULT_500_HTML", "failed"],
      ],
    );
  });

  test("stops where going on is useless, with what is known: 2", async () => {
    const { code, stdout, stderr } = await edge(["billing-keys", "BK_CARD_001", "--json"], {
      PAYPLE_CUST_KEY: "wrong",
    });
    assert.equal(code, 2);
    const { results, error } = JSON.parse(stdout);
    assert.deepEqual([results, error.kind], [[], "authentication"]);
    assert.match(stderr, /authentication/);
  });

  test("reads keys of a text file, a table and a workbook's column; each once", async () => {
    file("keys.txt", "BK_CARD_001\n\n  BK_CARD_002  \nBK_CARD_001\n");
    file("keys.csv", "고객,빌링키\r\n가,BK_CARD_001\r\n나,BK_CARD_002\r\n");
    file("other.csv", "id,code\r\n1,BK_CARD_001\r\n2,BK_CARD_002\r\n");
    for (const args of [["keys.txt"], ["keys.csv"], ["other.csv", "--column", "code"]]) {
      const [name, ...more] = args;
      const options = ["--file", join(work, name), ...more, "--per-second", "100", "--json"];
      const { code, stdout } = await edge(["billing-keys", ...options]);
      assert.equal(code, 0, name);
      assert.deepEqual(
        JSON.parse(stdout).results.map((/** @type {BillingKeyResult} */ { payerId }) => payerId),
        ["BK_CARD_001", "BK_CARD_002"],
      );
    }
    const twice = await edge(["billing-keys", "--file", join(work, "keys.txt"), "--csv"]);
    assert.match(twice.stderr, /1 billing key is left out as repeated/);
    const unsure = await edge(["billing-keys", "--file", join(work, "other.csv")]);
    assert.equal(unsure.code, 2);
    assert.match(unsure.stderr, /none is named for billing keys/);
  });

  test("knows a column of keys by every heading that the page knows, the surest first", async () => {
    const { KEY_HEADINGS } = await pageModule("billing/keys.ts");
    assert.ok(KEY_HEADINGS.length > 10);
    const lookUp = async (/** @type {string} */ name) => {
      const options = ["--file", join(work, name), "--per-second", "100", "--json"];
      const { code, stdout } = await edge(["billing-keys", ...options]);
      assert.equal(code, 0, name);
      return JSON.parse(stdout).results.map(
        (/** @type {BillingKeyResult} */ { payerId }) => payerId,
      );
    };
    for (const heading of ["자동결제 키", "KEY", "Billing-Keys"]) {
      file("headed.csv", `no,${heading}\r\n1,BK_CARD_001\r\n`);
      assert.deepEqual(await lookUp("headed.csv"), ["BK_CARD_001"], heading);
    }
    file("two.csv", "key,빌링키\r\n1,BK_CARD_002\r\n");
    assert.deepEqual(await lookUp("two.csv"), ["BK_CARD_002"]);
  });

  test("stops at a line whose cell can be no key, names it, and sends nothing: 2", async () => {
    const { requests } = sandbox.stats();
    const { reasons } = en.billing.file;
    /** @type {[string, [number, string][]][]} */
    const lists = [
      [
        "고객,빌링키\r\n가,BK_CARD_001\r\n나,1.23457E+15\r\n다,=A1\r\n라,홍길동\r\n마,user@x.kr\r\n",
        [
          [3, reasons.spoilt],
          [4, reasons.spoilt],
          [5, reasons.notAKey],
          [6, reasons.notAKey],
        ],
      ],
      [
        "고객,빌링키\r\n가,\r\n나,BK_CARD_001\r\n다,\r\n",
        [
          [2, reasons.noKey],
          [4, reasons.noKey],
        ],
      ],
      [`BK_CARD_001\n${"k".repeat(256)}\n`, [[2, reasons.tooLong]]],
      ["BK_CARD_001\n홍길동\n", [[2, reasons.notAKey]]],
    ];
    for (const [list, faults] of lists) {
      file("no-keys.csv", list);
      const args = ["billing-keys", "--file", join(work, "no-keys.csv"), "--json"];
      const { code, stdout, stderr } = await edge(args);
      assert.deepEqual([code, stdout], [2, ""], list);
      assert.deepEqual(
        stderr.split("\n").filter((line) => line.startsWith("  ")),
        faults.map(([line, reason]) => `  ${en.rows.line(line)}: ${reason}`),
      );
      // What such a cell holds is no key, and may be anybody's name.
      assert.doesNotMatch(stderr, /홍길동|user@x\.kr|BK_CARD/);
    }
    assert.equal(sandbox.stats().requests, requests);
  });

  test("takes of a workbook the sheet in which a column is named for keys, not the one of amounts", async () => {
    const sheets = {
      안내: [["월간 지급"]],
      지급: [
        ["이름", "금액"],
        ["가", 1000],
      ],
      고객: [
        ["고객", "빌링키"],
        ["가", "BK_CARD_001"],
      ],
      옛것: [["빌링키"], ["BK_CARD_002"]],
    };
    writeFileSync(join(work, "sheets.xlsx"), workbookOf(sheets));
    const lookUp = async (/** @type {string[]} */ ...options) => {
      const args = ["billing-keys", "--file", join(work, "sheets.xlsx"), "--json", ...options];
      const { stdout, stderr } = await edge(args);
      assert.notEqual(stdout, "", stderr);
      return JSON.parse(stdout).results.map(
        (/** @type {BillingKeyResult} */ { payerId }) => payerId,
      );
    };
    assert.deepEqual(await lookUp(), ["BK_CARD_001"]);
    assert.deepEqual(await lookUp("--sheet", "옛것"), ["BK_CARD_002"]);
  });

  test("takes none of several columns of one name: 2, and nothing is sent", async () => {
    const { requests } = sandbox.stats();
    file("twins.csv", "빌링키,고객,빌링키\r\nBK_CARD_001,가,BK_CARD_002\r\n");
    for (const more of [[], ["--column", "빌링키"]]) {
      const args = ["billing-keys", "--file", join(work, "twins.csv"), ...more];
      const { code, stdout, stderr } = await edge(args);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, /several columns have the same name for billing keys/);
    }
    assert.equal(sandbox.stats().requests, requests);
  });

  test("passes over lines that are blank as a whole", async () => {
    file("blanks.csv", "고객,빌링키\r\n\r\n가,BK_CARD_001\r\n , \r\n,\r\n");
    const { code, stdout } = await edge(["billing-keys", "--file", join(work, "blanks.csv")]);
    assert.equal(code, 0);
    assert.match(stdout, /1 billing key: 1 registered/);
  });

  test("reads again what it wrote", async () => {
    // Digits alone stand as a formula, and what looks like a formula behind an apostrophe.
    const keys = ["BK_CARD_001", "0123456789", "-BK_001"];
    const written = await edge(["billing-keys", "--csv", "--", ...keys]);
    file("written.csv", written.stdout);
    const read = await edge(["billing-keys", "--file", join(work, "written.csv"), "--json"]);
    assert.deepEqual(
      JSON.parse(read.stdout).results.map((/** @type {BillingKeyResult} */ { payerId }) => payerId),
      keys,
    );
  });

  test("writes a table that runs nothing in a spreadsheet", async () => {
    const { stdout } = await edge(["billing-keys", "BK_CARD_001", "=1+1", "--csv"]);
    const [head, first, second] = stdout.split("\r\n");
    assert.match(head, /^\ufeffno,payer_id,status,/);
    assert.match(first, /^1,BK_CARD_001,registered,card,/);
    assert.match(second, /^2,'=1\+1,not_registered,/);
  });

  test("shows no key whole in the summary", async () => {
    const key = "d0toSS9sT084bVJSNThScnFX";
    const { stdout, stderr } = await edge(["billing-keys", key]);
    assert.ok(!(stdout + stderr).includes(key));
    assert.match(stdout, /d0to…cnFX/);
  });
});

describe("what payple-edge refuses", () => {
  test("an option that is not known, and whatever else was called wrongly: 2, with the usage", async () => {
    for (const args of [
      [],
      ["groups", GROUP],
      ["constructor"],
      ["group"],
      ["group", GROUP, "ANOTHER"],
      ["group", GROUP, "--expects", "list.csv"],
      ["group", GROUP, "--cust-key", "secret"],
      ["group", GROUP, "--match-by", "name", "--expect", "list.csv"],
      ["group", GROUP, "--match-by", "amount"],
      ["group", GROUP, "--total", "NaN"],
      ["group", GROUP, "--count=1e3"],
      ["billing-keys"],
      ["billing-keys", "BK_CARD_001", "--file", "keys.txt"],
      ["billing-keys", "BK_CARD_001", "--json", "--csv"],
      ["billing-keys", "BK_CARD_001", "--jsn"],
      ["billing-keys", "BK_CARD_001", "--column", "x"],
      ["sandbox", "--prot", "1"],
      ["sandbox", "--port", "x"],
    ]) {
      const { code, stdout, stderr } = await edge(args);
      assert.deepEqual([code, stdout], [2, ""], args.join(" "));
      assert.match(stderr, /payple-edge/);
    }
  });

  test("a pace that is none is refused as the option that it is, before anything is done: 2", async () => {
    const { requests } = sandbox.stats();
    for (const [option, value] of [
      ["--concurrency", "0"],
      ["--concurrency", "101"],
      ["--per-second", "0"],
      ["--per-second", "0.5"],
    ]) {
      const { code, stdout, stderr } = await edge(["billing-keys", "BK_CARD_001", option, value]);
      assert.deepEqual([code, stdout], [2, ""], option);
      assert.match(stderr, new RegExp(`^payple-edge billing-keys: ${option} takes a whole number`));
    }
    assert.equal(sandbox.stats().requests, requests);
    assert.equal((await edge(["billing-keys", "BK_CARD_001", "--concurrency", "100"])).code, 0);
  });

  test("an option that is given twice, of which one would be ignored: 2, with the option's name", async () => {
    const { requests } = sandbox.stats();
    for (const [option, ...args] of [
      ["--total", "group", GROUP, "--total", "4000", "--total", "1"],
      ["--fingerprint", "group", GROUP, "--fingerprint=a", "--fingerprint", "b"],
      ["--json", "group", GROUP, "--json", "--json"],
      ["--file", "billing-keys", "--file", "a.txt", "--file", "b.txt"],
      ["--json", "verify-record", "record.json", "--json", "--json"],
      ["--port", "sandbox", "--port", "0", "--port=0"],
    ]) {
      const { code, stdout, stderr } = await edge(args);
      assert.deepEqual([code, stdout], [2, ""], args.join(" "));
      assert.match(stderr, new RegExp(`${option} is there twice`));
    }
    assert.equal(sandbox.stats().requests, requests);
  });

  test("a setting that is missing or wrong is named, and its value is not shown", async () => {
    /** @type {[Record<string, string | undefined>, RegExp][]} */
    const wrong = [
      [{ PAYPLE_ENVIRONMENT: undefined }, /PAYPLE_ENVIRONMENT is not set/],
      [{ PAYPLE_ENVIRONMENT: "canary" }, /PAYPLE_ENVIRONMENT must be test or live/],
      [{ PAYPLE_CST_ID: undefined }, /PAYPLE_CST_ID is not set/],
      [{ PAYPLE_CUST_KEY: undefined }, /PAYPLE_CUST_KEY is not set/],
      [{ PAYPLE_HUB_CST_ID: "canary" }, /PAYPLE_HUB_CUST_KEY is not set/],
      [{ PAYPLE_HUB_ORIGIN: "canary" }, /invalid_config: PAYPLE_HUB_ORIGIN: /],
      [{ PAYPLE_CUST_KEY: "canary with space" }, /invalid_config: PAYPLE_CUST_KEY contains /],
      [
        { PAYPLE_HUB_CST_ID: "canary with space", PAYPLE_HUB_CUST_KEY: "canary" },
        /invalid_config: PAYPLE_HUB_CST_ID contains /,
      ],
      [{ PAYPLE_REFERER: "canary" }, /invalid_config: PAYPLE_REFERER must be /],
      [{ PAYPLE_ENVIRONMENT: "live" }, /invalid_config: .* needs the PAYPLE_REFERER setting/],
    ];
    for (const [env, reason] of wrong) {
      const command = String(reason).includes("needs the PAYPLE_REFERER")
        ? ["billing-keys", "BK_CARD_001"]
        : ["group", GROUP];
      const { code, stderr } = await edge(command, env);
      assert.equal(code, 2);
      assert.match(stderr, reason);
      assert.doesNotMatch(stderr, /canary/);
    }
  });
});

describe("the rest of payple-edge", () => {
  test("help and version: 0", async () => {
    for (const args of [["--help"], ["group", "--help"], ["billing-keys", "-h"]]) {
      const { code, stdout } = await edge(args);
      assert.equal(code, 0);
      assert.match(stdout, /payple-edge/);
    }
    const { version } = JSON.parse(read("node_modules/payple-edge/package.json"));
    assert.equal((await edge(["--version"])).stdout, `${version}\n`);
  });

  test("help in place of a key is no check: 2, and after -- it is a key", async () => {
    for (const args of [
      ["group", "--help", "--expect", "payouts.csv"],
      ["group", GROUP, "-h"],
      ["billing-keys", "--help", "BK_CARD_001"],
    ]) {
      const { code, stdout, stderr } = await edge(args);
      assert.deepEqual([code, stdout], [2, ""], args.join(" "));
      assert.match(stderr, /--help stands alone/);
    }
    assert.equal((await edge(["group", "--", "--help"])).code, 2);
    const { code, stdout } = await edge(["billing-keys", "--json", "--", "-h"]);
    assert.deepEqual([code, JSON.parse(stdout).results[0].payerId], [1, "-h"]);
  });

  test("help says what every option of the sandbox does, in both languages", async () => {
    for (const LANG of ["en_US.UTF-8", "ko_KR.UTF-8"]) {
      const { stdout } = await edge(["sandbox", "--help"], { LANG });
      for (const option of ["port N", "live"])
        assert.match(stdout, new RegExp(`^ +--${option} {2,}\\S`, "m"));
    }
  });

  test("the sandbox starts, answers the other commands, and ends when it is told to", async () => {
    const process_ = spawn(process.execPath, [join(dist, "cli.mjs"), "sandbox", "--port", "0"]);
    const exited = new Promise((resolve) => process_.once("exit", resolve));
    let text = "";
    for await (const piece of process_.stdout) {
      text += piece;
      if (text.includes("__sandbox/stats")) break;
    }
    const origin = /at (http:\S+)/.exec(text)?.[1];
    const env = { PAYPLE_HUB_ORIGIN: origin, PAYPLE_CPAY_ORIGIN: origin };
    assert.equal((await edge(["group", GROUP], env)).code, 0);
    process_.kill("SIGINT");
    assert.equal(await exited, 0);
  });

  test("says the licences of what it is bundled with", () => {
    const text = readFileSync(join(dist, "THIRD-PARTY-LICENSES.txt"), "utf8");
    for (const name of ["fflate", "papaparse", "read-excel-file"])
      assert.match(text, new RegExp(`^${name} [\\d.]+ \\(MIT\\)$`, "m"));
  });
});

describe("payple-edge verify-record", () => {
  const vectors = JSON.parse(readFileSync(join(root, "docs/access-record-vectors.json"), "utf8"));
  const records = vectors.entries.map((/** @type {{ entry: object }} */ { entry }) => entry);
  const check = (
    /** @type {string} */ name,
    /** @type {string} */ content,
    /** @type {string[]} */ args = [],
  ) => {
    file(name, content);
    return edge(["verify-record", join(work, name), ...args], { LANG: "C" });
  };

  test("a file that is whole is said to be", async () => {
    const { code, stdout } = await check("record.json", JSON.stringify({ records }));
    assert.deepEqual([code, stdout.includes("people  1–4  (4)")], [0, true], stdout);
  });

  test("a file without an entry is not said to be whole: 2", async () => {
    const { code, stdout, stderr } = await check("empty.json", JSON.stringify({ records: [] }));
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /empty\.json: there is no entry in it/);
  });

  test("a changed, a removed and a moved entry are found", async () => {
    const changed = records.with(1, { ...records[1], who: "person other" });
    for (const [entries, what] of [
      [changed, "✗ people 2: was changed"],
      [records.toSpliced(1, 1), "✗ people 3: entries before it are missing"],
      [[records[0], records[2], records[1], records[3]], "✗ people 2: is not in its place"],
    ]) {
      const { code, stdout } = await check("record.json", JSON.stringify({ records: entries }));
      assert.deepEqual([code, stdout.includes(what)], [1, true], stdout);
    }
  });

  test("a file of the archive that lacks its last line is said to be cut off", async () => {
    const anchor = { sequence: 0, hash: records[0].previous };
    const lines = [{ anchor }, ...records].map((line) => JSON.stringify(line));
    /** @type {[string[], string][]} */
    const files = [
      [lines, "✗ people 4: the last line of the file, which says where it ends, is missing"],
      [lines.slice(0, 1), "✗ the last line of the file, which says where it ends, is missing"],
    ];
    for (const [kept, sentence] of files) {
      const { code, stdout } = await check("cut.jsonl", kept.join("\n"));
      assert.deepEqual([code, stdout.includes(sentence)], [1, true], stdout);
      assert.doesNotMatch(stdout, /NaN/);
    }
    const { stdout } = await check("cut.jsonl", lines.join("\n"), ["--json"]);
    assert.deepEqual(JSON.parse(stdout).faults, [{ kind: "noHead", chain: "people", sequence: 4 }]);
  });

  test("another file is none of the record", async () => {
    const { code, stdout, stderr } = await check("record.json", "a,b\n1,2");
    assert.deepEqual(
      [code, stdout, stderr.includes("no file of the access record")],
      [2, "", true],
    );
  });
});

/**
 * A workbook in which rows, of every sheet, and a sheet are hidden.
 * @param {Uint8Array} bytes
 * @param {number[]} rows
 * @param {string} [sheet]
 */
function hiding(bytes, rows, sheet) {
  const files = unzipSync(bytes);
  for (const name of Object.keys(files)) {
    let xml = strFromU8(files[name]);
    for (const row of rows) xml = xml.replace(`<row r="${row}"`, `<row r="${row}" hidden="1"`);
    if (sheet) xml = xml.replace(`<sheet name="${sheet}"`, `<sheet name="${sheet}" state="hidden"`);
    files[name] = strToU8(xml);
  }
  return zipSync(files);
}

function file(/** @type {string} */ name, /** @type {string} */ text) {
  writeFileSync(join(work, name), text);
}

function read(/** @type {string} */ name) {
  return readFileSync(join(work, name), "utf8");
}

function sheet(/** @type {string} */ name) {
  return join(SHEETS, name);
}

function environment(more = {}) {
  const { LC_ALL: _, LC_MESSAGES: __, ...inherited } = process.env;
  return {
    ...inherited,
    LANG: "C",
    PAYPLE_ENVIRONMENT: "test",
    PAYPLE_CST_ID: "test",
    PAYPLE_CUST_KEY: CUST_KEY,
    PAYPLE_HUB_ORIGIN: sandbox.origin,
    PAYPLE_CPAY_ORIGIN: sandbox.origin,
    ...more,
  };
}

/**
 * Runs the command; what is said goes to where it says.
 * @param {string[]} args
 * @param {Record<string, string | undefined>} [env]
 * @returns {Promise<{ code: unknown, stdout: string, stderr: string }>}
 */
function edge(args, env, stdin = "") {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(dist, "cli.mjs"), ...args],
      { env: environment(env) },
      (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end(stdin);
  });
}
