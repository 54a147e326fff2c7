// What an auditor takes out of the page: the record as a file that is verified again, and the
// monthly review sheet.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { parseRecordFile, verify } from "../../www/src/records/verify.ts";
import { act, bearer, NAMED_TOKENS, signInAs } from "./auditor.mjs";
import { endPrint, giveReason, LOOKS, print, printByMenu, setStage, shows } from "./stage.mjs";

/**
 * @import { Download, Page } from "playwright-core"
 * @import { AccessRecord, ExportReason } from "../../src/npm/js/models.d.ts"
 * @import { Language, Stage, VisitorOptions } from "./stage.mjs"
 */

describe("what an auditor takes out", () => {
  /** @type {Stage} */
  let stage;
  before(async () => {
    const settings = (/** @type {ExportReason} */ EXPORT_REASON) => ({
      settings: { NAMED_TOKENS, EXPORT_REASON },
    });
    stage = await setStage({ test: settings("required"), forbidden: settings("forbidden") });
    await act(stage.workers.test);
  });
  after(() => stage?.close());

  const visit = async (/** @type {VisitorOptions} */ options = {}) => {
    const visitor = await stage.visit({ signsIn: false, ...options });
    await signInAs(visitor.page, "auditor");
    await visitor.page.locator("#view-records [role=search]").waitFor();
    return visitor;
  };
  /** @type {(task: string, worker?: string) => Promise<AccessRecord[]>} */
  const recorded = async (task, worker = "test") => {
    const headers = bearer("auditor");
    const address = `/api/access-records?task=${task}`;
    return (await (await stage.workers[worker].fetch(address, { headers })).json()).records;
  };
  const search = (/** @type {Page} */ page) =>
    page.locator("#view-records [role=search] button[type=submit]").click();

  test("is nothing where another search took the place of the one that was being read", async () => {
    const { page, assertCalm, leave } = await visit();
    let pages = 0;
    const link = { sequence: 0, hash: "0".repeat(64) };
    const chains = [{ chain: "people", anchor: link, head: link }];
    await page.route("**/api/access-records?*", async (route) => {
      pages += 1;
      // The first ends a search's first part; all others take their time.
      if (pages > 1) await new Promise((resolve) => setTimeout(resolve, 300));
      await route.fulfill({ json: { records: made(5_000), next: "more", chains } }).catch(() => {});
    });
    await search(page);
    await page.getByRole("button", { name: "끝까지 읽어 CSV 저장" }).click();
    await page.getByRole("button", { name: "중지" }).waitFor();
    await search(page);
    await shows(page.locator("#records-found"), /최근 5,000건/);
    assert.equal(await page.locator("dialog[data-part=reason]").count(), 0);
    assertCalm();
    await leave();
  });

  test("is a file that names its maker, is on the record with its reason, and verifies", async () => {
    /** @type {[language: Language, button: string, head: RegExp][]} */
    const files = [
      ["ko", "CSV 저장", /^\ufeff접속일시 \(KST\) \(at\),.*,내보낸 사람\r\n/],
      ["en", "Save CSV", /^\ufeffTime \(KST\) \(at\),.*,Exported by\r\n/],
    ];
    for (const [language, button, head] of files) {
      const { page, assertCalm, leave } = await visit({ language });
      await search(page);
      const before = await recorded("export");
      await page.getByRole("button", { name: button }).click();
      await shows(page.locator("dialog[data-part=reason]"), /접속기록|access record/);
      assert.equal((await recorded("export")).length, before.length);
      const saving = page.waitForEvent("download");
      await giveReason(page);
      const file = await saving;
      assert.match(
        file.suggestedFilename(),
        /^access-records_test_\d{8}-\d{4}_auditor@shop\.example\.csv$/,
      );
      const text = await readFile(await file.path(), "utf8");
      assert.match(text, head);
      for (const line of text.trimEnd().split("\r\n").slice(1))
        assert.match(line, /,auditor@shop\.example$/);
      const { entries } = parseRecordFile(text);
      const { faults, chains } = await verify({ entries });
      assert.deepEqual(faults, []);
      assert.ok(chains.some(({ chain }) => chain === "refused"));
      const [{ who, subjectText, reasonText, rows }] = await recorded("export");
      assert.deepEqual(
        [who, subjectText, reasonText, rows],
        ["person auditor@shop.example", "access record", "11월 정산 확인", entries.length],
      );
      assertCalm();
      await leave();
    }
  });

  test("is not made when it cannot be recorded, and is an auditor's also where exports are forbidden", async () => {
    const { page, leave } = await visit({ worker: "forbidden" });
    await search(page);
    /** @type {Download[]} */
    const files = [];
    page.on("download", (download) => files.push(download));
    await page.route("**/api/actions", (route) =>
      route.fulfill({ status: 503, json: { kind: "record_unavailable", detail: "down" } }),
    );
    await page.getByRole("button", { name: "CSV 저장" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.locator("textarea").fill("점검");
    await dialog.getByRole("button", { name: "기록하고 저장" }).click();
    await shows(dialog.getByRole("alert"), /접속기록을 남기지 못해/);
    assert.equal(files.length, 0);
    await page.unroute("**/api/actions");
    const saving = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "기록하고 저장" }).click();
    await saving;
    assert.equal((await recorded("export", "forbidden")).length, 1);
    await leave();
  });

  const makeSheet = async (/** @type {Page} */ page) => {
    const panel = page.locator("section", { has: page.locator("#monthly") });
    await panel.locator("select").selectOption({ index: 0 });
    await panel.locator("form button[type=submit]").click();
    await panel.locator("article").waitFor();
    const stale = panel.locator("[data-part=stale]");
    assert.equal(await stale.count(), 0);
    await panel.locator("select").selectOption({ index: 1 });
    await stale.waitFor();
    await panel.locator("select").selectOption({ index: 0 });
    await stale.waitFor({ state: "detached" });
    return panel.locator("article");
  };

  test("a review is not made of hours that end before they begin, and nothing else is said", async () => {
    const { page, assertAccessible, assertCalm, leave } = await visit();
    const panel = page.locator("section", { has: page.locator("#monthly") });
    await panel.getByLabel("업무 시작").fill("18:00");
    await panel.getByLabel("업무 종료").fill("09:00");
    await panel.locator("form button[type=submit]").click();
    await shows(panel.getByRole("alert"), "업무 종료 시각은 업무 시작 시각보다 늦어야 합니다.");
    await assertAccessible();
    await panel.getByLabel("업무 종료").fill("18:30");
    assert.equal(await panel.getByRole("alert").count(), 0);
    await panel.locator("form button[type=submit]").click();
    await shows(panel.locator("article"), /평일 18:00–18:30/);
    assertCalm();
    await leave();
  });

  test("is a review of the month with boxes to sign, in Korean and in English", async () => {
    /** @type {[language: Language, expected: RegExp[]][]} */
    const sheets = [
      [
        "ko",
        [
          /개인정보 접속기록 월간 점검표/,
          /담당\s+검토\s+승인/,
          /작성자\s+auditor@shop\.example/,
          /평일 09:00–18:00/,
          /clerk@shop\.example/,
          /settlement-batch \(프로그램\)/,
          /파일 내보내기[\s\S]*11월 정산 확인/,
          /3\. 로그인 실패 \(\d+건\)/,
          /이 달 전체를 이 화면에서 검증하지 않았습니다/,
          /□ 적정/,
        ],
      ],
      [
        "en",
        [
          /Monthly review of the access record/,
          /Prepared\s+Checked\s+Approved/,
          /Made by\s+auditor@shop\.example/,
          /Monday to Friday 09:00–18:00/,
          /settlement-batch \(program\)/,
          /File export[\s\S]*11월 정산 확인/,
          /3\. Failed sign-ins \(\d+\)/,
          /□ in order/,
        ],
      ],
    ];
    for (const [language, expected] of sheets) {
      const { page, assertCalm, leave } = await visit({ language });
      const sheet = await makeSheet(page);
      for (const each of expected) await shows(sheet, each);
      assertCalm();
      await leave();
    }
  });

  test("says what the check of the month found, is recorded when it is printed, and fits on paper", async () => {
    const { page, assertCalm, leave } = await visit();
    // The whole month, as far as it has come.
    await page.getByLabel("종료일").fill("");
    await page
      .locator("section", { has: page.locator("#record-check") })
      .locator("button[type=submit]")
      .click();
    await shows(
      page.locator("section", { has: page.locator("#record-check") }).locator("h3"),
      /^이상 없음/,
    );
    const sheet = await makeSheet(page);
    await shows(sheet, /검증 결과: 이상 없음/);
    // Not by the browser's own menu, which records nothing.
    await printByMenu(page);
    await shows(
      () => page.locator("#paper").textContent(),
      /^인쇄되지 않았습니다\s*인쇄는 접속기록에 남으므로/,
    );
    await shows(() => page.locator("#paper").textContent(), /^[^□]*$/);
    await endPrint(page);
    assert.deepEqual(await recorded("print"), []);
    await print(page, "점검표 인쇄·PDF 저장");
    const [{ who, subjectText, reasonText }] = await recorded("print");
    assert.deepEqual(
      [who, subjectText, reasonText],
      ["person auditor@shop.example", "access record", "11월 정산 확인"],
    );
    await page.emulateMedia({ media: "print" });
    await shows(page.locator("#paper"), /개인정보 접속기록 월간 점검표[\s\S]*담당/);
    await shows(() => page.locator("#app").isVisible(), false);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    assert.equal(Number(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length) <= 3, true);
    // The sheet is gone with the print.
    await shows(() => page.locator("#paper").innerText(), "");
    assertCalm();
    await leave();
  });

  for (const { name, look } of LOOKS)
    test(`is accessible: ${name}`, async () => {
      const { page, assertAccessible, assertFits, assertCalm, leave } = await visit(look);
      await makeSheet(page);
      await assertAccessible();
      await assertFits();
      assertCalm();
      await leave();
    });
});

/** Made-up entries, the newest first. */
function made(/** @type {number} */ count) {
  return Array.from({ length: count }, (_, n) => ({
    chain: "people",
    sequence: count - n,
    at: "2026-11-28T16:20:11.123+09:00",
    who: "person clerk@shop.example",
    method: "session",
    address: "203.0.113.7",
    task: "billing_key",
    outcome: "ok",
    rows: 1,
    requestId: `${count - n}`,
    previous: "0".repeat(64),
    hash: "0".repeat(64),
  }));
}
