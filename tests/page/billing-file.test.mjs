// Billing keys by file: from the clerk's own file to the exported results, and what never leaves
// the browser.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { giveReason, onStage, PHONE, SCHEMES, shows } from "./stage.mjs";

/**
 * @import { Page, Request } from "playwright-core"
 * @import { Stage, Visitor } from "./stage.mjs"
 */

const SHEETS = join(import.meta.dirname, "sheets");

describe("billing keys by file in the page", () => {
  /** @type {Stage} */
  let stage;
  /** @type {Visitor} */
  let visitor;
  /** @type {Page} */
  let page;
  onStage((now) => ({ stage, visitor, page } = now));

  /** @type {(name: string, text?: string) => Promise<void>} */
  const choose = async (name, text) => {
    await page.locator("#tab-billing").click();
    await page
      .locator("[data-part=key-file] input[type=file]")
      .setInputFiles(
        text === undefined
          ? join(SHEETS, name)
          : { name, mimeType: "text/csv", buffer: Buffer.from(text) },
      );
  };
  const go = () => page.locator("[data-part=key-source-go] button").click();
  /** @type {Request[]} */
  const sent = [];
  const watch = () => {
    sent.length = 0;
    // That names are shown is none of what is looked up or saved.
    const isOther = (/** @type {Request} */ request) =>
      (request.postData() ?? "").includes('"action":"show"');
    page.on("request", (request) => {
      if (request.method() === "POST" && !isOther(request)) sent.push(request);
    });
  };
  /** Answers like the Worker, at once: `status` of a key by its end. */
  const answerAtOnce = (who = page) =>
    who.route("**/api/billing-keys", (route) => {
      /** @type {{ payerIds: string[] }} */
      const { payerIds } = route.request().postDataJSON();
      const results = payerIds.map((payerId, index) => {
        if (payerId.endsWith("-missing"))
          return { index, payerId, status: "not_registered", code: "SPCD0001", message: "none" };
        if (payerId.endsWith("-failed"))
          return {
            index,
            payerId,
            status: "failed",
            error: { kind: "unavailable", message: "no answer", retryable: true, phase: "lookup" },
          };
        const bank = { code: "004", name: "국민은행", number: "123-****-**" };
        const billingKey = {
          ...{ type: "transfer", payerId, bank, payerName: "홍*동", ownerType: "개인" },
          ...{ code: "0000", message: "ok" },
        };
        return { index, payerId, status: "registered", billingKey };
      });
      return route.fulfill({ json: { results } });
    });

  test("keys in rows and sheets that are hidden are told, and left out where that is wanted", async () => {
    const files = unzipSync(await readFile(join(SHEETS, "keys.xlsx")));
    const edit = (
      /** @type {string} */ name,
      /** @type {RegExp} */ from,
      /** @type {string} */ to,
    ) => {
      files[name] = strToU8(strFromU8(files[name]).replace(from, to));
    };
    edit("xl/worksheets/sheet2.xml", /(<row r="[56]"[^>]*?hidden=)"false"/g, '$1"true"');
    await page.locator("#tab-billing").click();
    const input = page.locator("[data-part=key-file] input[type=file]");
    const take = () =>
      input.setInputFiles({ name: "명단.xlsx", mimeType: "", buffer: Buffer.from(zipSync(files)) });
    await take();
    const hidden = page.locator("[data-part=hidden-keys]");
    const start = page.locator("[data-part=key-source-go] button");
    await shows(hidden, /가린 행에도 빌링키 2개가 있습니다[\s\S]*5행, 6행\./);
    await shows(start, "7개 조회");
    await visitor.assertAccessible();
    await hidden.getByRole("checkbox").check();
    await shows(start, "5개 조회");
    await hidden.getByRole("checkbox").uncheck();
    await shows(start, "7개 조회");
    await hidden.getByRole("checkbox").check();
    watch();
    await answerAtOnce();
    await go();
    await shows(page.locator("#cards-title"), "등록 5개");
    assert.deepEqual(
      sent.flatMap((request) => request.postDataJSON().payerIds).includes("BK_CARD_002"),
      false,
    );
    // A hidden sheet is one only where no other has keys.
    files["xl/worksheets/sheet1.xml"] = files["xl/worksheets/sheet2.xml"];
    edit("xl/workbook.xml", /(<sheet name="표지"[^>]*?) state="\w+"/, '$1 state="hidden"');
    await take();
    await shows(() => page.locator("#key-sheet").inputValue(), "1");
    visitor.assertCalm();
  });

  test("answers of a file never stand below other keys as if they were theirs", async () => {
    await answerAtOnce();
    const typed = page.locator("#billing-keys");
    await visitor.lookUpKeys("BK_CARD_001");
    await shows(page.locator("[data-part=card-key]"), /BK…/);
    await choose("keys.csv", "빌링키\nBK_ACCOUNT_0000002\n");
    await go();
    await shows(page.locator("[data-part=card-key]"), /BK_A…0002/);
    await shows(() => typed.inputValue(), "");
    assert.equal(await page.locator("#view-billing [data-part=stale]").count(), 0);
    // What is typed and was not looked up yet stays, and the answers say so.
    await choose("keys.csv", "빌링키\nBK_ACCOUNT_0000003\n");
    await typed.fill("BK_CARD_004");
    await go();
    await shows(page.locator("[data-part=card-key]"), /BK_A…0003/);
    await shows(() => typed.inputValue(), "BK_CARD_004");
    await shows(page.locator("#view-billing [data-part=stale]"), /아직 조회하지 않았습니다/);
    visitor.assertCalm();
  });

  const files = {
    "a workbook of LibreOffice with a cover": "keys.xlsx",
    "CSV in UTF-8": "keys-utf8.csv",
    "CSV in CP949": "keys-cp949.csv",
  };
  for (const [what, name] of Object.entries(files)) {
    test(`${what} is read, its column found, and nothing but keys is sent`, async () => {
      watch();
      await choose(name);
      await shows(page.locator("#key-column option:checked"), "빌링키");
      await page.locator("[data-part=preview] [data-taken]").first().waitFor();
      await visitor.assertAccessible();
      assert.equal(sent.length, 0);
      await go();
      await shows(page.locator("#cards-title"), "등록 6개 · 미등록 1개");
      assert.ok(sent.length >= 2);
      for (const request of sent) {
        assert.deepEqual(Object.keys(request.postDataJSON()), ["payerIds"]);
        assert.ok(!/홍길동|국민|010-/.test(request.postData() ?? ""));
      }
      visitor.assertCalm();
    });
  }

  test("a name and a bank beside a pasted key lead to the choice of a column, and are never sent", async () => {
    watch();
    await visitor.lookUpKeys("홍길동 국민은행 BK_CARD_001", "김철수 신한은행 BK_CARD_002");
    await shows(page.locator("#key-source-title"), /붙여 넣은 표/);
    await shows(page.locator("#key-column option:checked"), "C");
    assert.equal(sent.length, 0);
    await visitor.assertAccessible();
    await go();
    await shows(page.locator("#cards-title"), "등록 2개");
    assert.deepEqual(sent.flatMap((request) => request.postDataJSON().payerIds).sort(), [
      "BK_CARD_001",
      "BK_CARD_002",
    ]);
    visitor.assertCalm();
  });

  test("a column of telephone numbers is not sent, and of what may be no key it is asked", async () => {
    watch();
    const text =
      "이름,key,번호,휴대폰\n가,BK_CARD_001,1012345678,010-1234-5678\n나,BK_CARD_002,HongGildong,010-8765-4321\n";
    await choose("people.csv", text);
    await shows(page.locator("#key-column option:checked"), "key");
    const start = page.locator("[data-part=key-source-go] button");
    const alert = page.locator("[data-part=key-source-go] [role=alert]");
    await page.locator("#key-column").selectOption("휴대폰");
    await shows(alert, /빌링키로 볼 수 있는 값이 없습니다/);
    assert.equal(await start.isDisabled(), true);

    await page.locator("#key-column").selectOption("번호");
    const doubt = page.locator("[data-part=doubt]");
    await shows(doubt, /2개는 빌링키가 아닐 수 있습니다[\s\S]*2행, 3행/);
    await shows(alert, /어떻게 할지 선택하세요/);
    assert.equal(await start.isDisabled(), true);
    await visitor.assertAccessible();
    await doubt.getByLabel("개를 빼고 조회").check();
    await shows(alert, /빌링키로 볼 수 있는 값이 없습니다/);
    await doubt.getByLabel("도 페이플로 보내 조회").check();
    await shows(start, "2개 조회");
    assert.equal(await start.isDisabled(), false);
    // Another column is another question.
    await page.locator("#key-column").selectOption("key");
    await doubt.waitFor({ state: "detached" });
    await page.locator("#key-column").selectOption("번호");
    assert.equal(await start.isDisabled(), true);
    assert.equal(sent.length, 0);
    visitor.assertCalm();
  });

  test("of a pasted list with something doubtful it is asked, too, and what is left out is told", async () => {
    watch();
    await visitor.lookUpKeys("BK_CARD_001", "1012345678");
    const doubt = page.locator("[data-part=doubt]");
    await shows(doubt, /1개는 빌링키가 아닐 수 있습니다[\s\S]*2행/);
    assert.equal(sent.length, 0);
    await doubt.getByLabel("개를 빼고 조회").check();
    await page.locator("[data-part=left-out] summary").click();
    await shows(page.locator("[data-part=left-out]"), /1012345678/);
    await go();
    await shows(page.locator("#cards-title"), "등록 1개");
    assert.deepEqual(sent[0].postDataJSON().payerIds, ["BK_CARD_001"]);
    visitor.assertCalm();
  });

  test("without a column that holds keys it is asked for, and rows without one are told", async () => {
    await choose("who.csv", "이름,메모\n홍길동,국민은행\n김철수,신한은행\n");
    await shows(page.locator("[data-part=key-source] [role=alert]"), /어느 열에 있는지/);
    assert.equal(await page.locator("[data-part=key-source-go] button").isDisabled(), true);
    await page.locator("#key-column").selectOption("메모");
    await shows(
      page.locator("[data-part=key-source] [role=alert]"),
      /빌링키로 볼 수 있는 값이 없습니다/,
    );
    await visitor.assertAccessible();
    await choose(
      "gaps.csv",
      "이름,빌링키\n홍길동,BK_CARD_001\n김철수,\n이영희,국민은행\n박,BK_CARD_001\n",
    );
    await page.locator("[data-part=left-out] summary").click();
    await shows(
      async () =>
        (await page.locator("[data-part=left-out] li").allInnerTexts()).map((text) =>
          text.replace(/\s+/g, " "),
        ),
      [
        "3행 빌링키가 비어 있습니다 김철수",
        "4행 빌링키가 아닙니다 (한글·공백·@ 포함, 전화번호·계좌번호·날짜 형식 등) 이영희 · 국민은행",
      ],
    );
    await shows(page.locator("[data-part=key-source-go]"), /중복된 1개는 한 번만/);
  });

  test("results are filtered, retried, shown as cards or a table, and exported", async () => {
    await answerAtOnce();
    const keys = Array.from(
      { length: 12 },
      (_, at) => `BILLKEY${at}${at % 4 === 1 ? "-missing" : at % 4 === 2 ? "-failed" : ""}`,
    );
    await choose("keys.csv", ["빌링키", ...keys].join("\n"));
    await go();
    await shows(page.locator("#cards-title"), "등록 6개 · 미등록 3개 · 실패 3개");
    await shows(() => page.locator("[data-part=key-card]").count(), 12);
    await page.locator("[aria-pressed]", { hasText: "실패" }).click();
    await shows(() => page.locator("[data-part=key-card]").count(), 3);
    await page.getByRole("button", { name: "표", exact: true }).click();
    await shows(
      () =>
        page.locator("[data-part=key-table-body] [data-part=key-row][data-state=failed]").count(),
      3,
    );
    await visitor.assertAccessible();
    await page.locator("[aria-pressed]", { hasText: "전체" }).click();
    await shows(
      page.locator("[data-part=key-table-body] [data-part=key-row]").first(),
      /등록[\s\S]*계좌 · 국민은행[\s\S]*홍\*동/,
    );
    await visitor.assertAccessible();

    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "CSV 저장" }).last().click();
    await giveReason(page);
    const file = await saving;
    assert.match(file.suggestedFilename(), /^billing-keys_test_\d{8}-\d{4}_관리자-토큰\.csv$/);
    const lines = (await readFile(await file.path(), "utf8")).trimEnd().split("\r\n");
    assert.equal(lines.length, 13);
    assert.match(
      lines[1],
      /^1,2,BILLKEY0,등록,계좌,"=""004""",국민은행,123-\*\*\*\*-\*\*,홍\*동,개인,,,,관리자 토큰$/,
    );
    assert.match(
      lines[2],
      /^2,3,BILLKEY1-missing,미등록,.*,SPCD0001,none \(SPCD0001\),관리자 토큰$/,
    );

    watch();
    await page.getByRole("button", { name: "실패한 3개 다시 조회" }).click();
    await shows(() => sent.length, 1);
    assert.deepEqual(sent[0].postDataJSON().payerIds, [
      "BILLKEY2-failed",
      "BILLKEY6-failed",
      "BILLKEY10-failed",
    ]);
    await shows(page.locator("#cards-title"), "등록 6개 · 미등록 3개 · 실패 3개");
    visitor.assertCalm();
  });

  test("a partner that Payple refuses ends the run, and says so once", async () => {
    await page.route("**/api/billing-keys", (route) =>
      route.fulfill({
        status: 502,
        contentType: "application/problem+json",
        json: {
          ...{ type: "urn:x", title: "t", status: 502, detail: "Payple refused the partner" },
          ...{ kind: "authentication", phase: "token", retryable: false, requestId: "r" },
        },
      }),
    );
    await choose("keys.csv", Array.from({ length: 40 }, (_, at) => `BK_CARD_${at}`).join("\n"));
    await page.locator("#key-column").selectOption("A");
    await go();
    await page.locator("[data-part=error-panel]").waitFor();
    await shows(page.locator("[data-part=batch]"), /남은 3\d개 조회/);
    visitor.assertCalm();
  });

  test("two thousand keys come through, only rows in sight exist, and memory stays flat", async () => {
    await answerAtOnce();
    // The Worker's pace is tested with the Worker; here the page's clock runs fast.
    await page.evaluate(() => {
      const { setTimeout } = globalThis;
      /** @type {(run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => unknown} */
      const faster = (run, ms, ...args) => setTimeout(run, ms === 1_000 ? 1 : ms, ...args);
      Object.assign(globalThis, { setTimeout: faster });
    });
    const heap = async () => {
      const session = await visitor.context.newCDPSession(page);
      await session.send("HeapProfiler.collectGarbage");
      const { usedSize } = await session.send("Runtime.getHeapUsage");
      await session.detach();
      return usedSize / 2 ** 20;
    };
    const keys = Array.from({ length: 2_000 }, (_, at) => `KEY-${String(at).padStart(4, "0")}`);
    await choose("keys.csv", ["빌링키", ...keys].join("\n"));
    await shows(page.locator("[data-part=key-source-go]"), /약 7분/);
    const before = await heap();
    await go();
    await shows(page.locator("#cards-title"), "등록 2,000개");
    const after = await heap();
    assert.ok(after - before < 12, `${before.toFixed(1)} MB before, ${after.toFixed(1)} MB after`);
    assert.ok((await page.locator("[data-part=key-row]").count()) < 60);
    await page
      .locator("[data-part=key-table]")
      .evaluate((table) => (table.scrollTop = table.scrollHeight));
    await page.locator('[data-part=key-row][aria-rowindex="2001"]').waitFor();
    // What is saved is on the record first, a thousand keys at a time.
    watch();
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "CSV 저장" }).last().click();
    await giveReason(page);
    await saving;
    assert.deepEqual(
      sent.map((request) => request.postDataJSON().payerIds.length),
      [1_000, 1_000],
    );
    await page.getByRole("button", { name: "카드", exact: true }).click();
    await shows(() => page.locator("[data-part=key-card]").count(), 100);
    visitor.assertCalm();
  });

  /** @type {Record<string, [name: string, bytes: () => Promise<Buffer>, words: RegExp]>} */
  const faults = {
    "a workbook cut short": [
      "keys.xlsx",
      async () => (await readFile(join(SHEETS, "keys.xlsx"))).subarray(0, 3_000),
      /\(\.xlsx\)로 읽을 수 없는/,
    ],
    "a picture": [
      "a.png",
      async () => Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]),
      /표로 읽을 수 없는/,
    ],
    nothing: ["no.csv", async () => Buffer.from("\n"), /내용이 없습니다/],
    "20 MB": ["big.csv", async () => Buffer.alloc(20_000_000, "x\n"), /10 MB까지/],
  };
  for (const [what, [name, bytes, words]] of Object.entries(faults)) {
    test(`${what} gets a clear word`, async () => {
      await page.locator("#tab-billing").click();
      await page
        .locator("[data-part=key-file] input[type=file]")
        .setInputFiles({ name, mimeType: "application/octet-stream", buffer: await bytes() });
      await shows(page.locator("[data-part=ask] [role=alert]"), words);
      await visitor.assertAccessible();
    });
  }

  for (const scheme of SCHEMES) {
    test(`on a phone nothing is cut off and axe finds nothing (${scheme})`, async () => {
      const phone = await stage.visit({ screen: PHONE, scheme });
      ({ page } = phone);
      await answerAtOnce();
      await choose(
        "keys.csv",
        "이름,빌링키,은행\n홍길동,BILLKEY-1,국민은행\n김철수,BILLKEY-2-missing,신한\n",
      );
      await page.locator("[data-part=key-source]").waitFor();
      await phone.assertFits();
      await phone.assertAccessible();
      await go();
      await shows(page.locator("#cards-title"), "등록 1개 · 미등록 1개");
      await page.getByRole("button", { name: "표", exact: true }).click();
      await page.locator("[data-part=key-row]").first().waitFor();
      await phone.assertFits();
      await phone.assertAccessible();
      phone.assertCalm();
      await phone.leave();
      ({ page } = visitor);
    });
  }
});
