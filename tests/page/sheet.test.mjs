// The review sheet on paper: a first page that says it all with boxes to sign, every request where
// wanted, the notes of the clerk. Also what else leaves the page: differences with their notes, and
// totals.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { bearer, NAMED_TOKENS } from "./auditor.mjs";
import { endPrint, giveReason, onStage, print, printByMenu, shows } from "./stage.mjs";

/**
 * @import { Locator, Page } from "playwright-core"
 * @import { AccessRecord, PayoutRequest } from "../../src/npm/js/models.d.ts"
 * @import { Stage, Visitor } from "./stage.mjs"
 */

describe("the review sheet", () => {
  /** @type {Stage} */
  let stage;
  /** @type {Visitor} */
  let visitor;
  /** @type {Page} */
  let page;
  onStage((now) => ({ stage, visitor, page } = now), { test: { settings: { NAMED_TOKENS } } });

  const look = async (/** @type {string} */ key) => {
    await visitor.lookUpGroup(key);
    await page.locator("[data-part=verdict]", { hasText: key }).waitFor();
  };
  const LIST = Buffer.from(
    "적요,금액\n10월 정산 김민준,10000\n10월 정산 이민준,11500\n없는 사람,700\n",
  );
  const compare = async () => {
    await page
      .locator("[data-part=expect] input[type=file]")
      .setInputFiles({ name: "11월 지급.csv", mimeType: "text/csv", buffer: LIST });
    await page.locator("[data-part=list-go] button").click();
    await page.locator("[data-part=outcome]").waitFor();
  };
  /** The sheet while it is being printed. */
  const onPaper = async (/** @type {(sheet: Locator) => Promise<void>} */ check) => {
    await print(page);
    await page.emulateMedia({ media: "print" });
    await check(page.locator("[data-part=sheet]"));
    await shows(() => page.locator("#app").isVisible(), false);
    await page.emulateMedia({ media: "screen" });
    await endPrint(page);
    await shows(() => page.locator("[data-part=sheet]").count(), 0);
  };
  /** @type {(sheet: Locator, ...words: RegExp[]) => Promise<void>} */
  const says = async (sheet, ...words) => {
    for (const each of words) await shows(sheet, each);
  };
  /** What the access record has of prints, the newest first. */
  const recorded = async () => {
    const reply = await stage.workers.test.fetch("/api/access-records?task=print", {
      headers: bearer("auditor"),
    });
    return /** @type {AccessRecord[]} */ ((await reply.json()).records);
  };
  /** A PDF's number of pages, without reading more of it. */
  const pagesOf = (/** @type {Buffer} */ pdf) =>
    Number(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length);
  const save = async (/** @type {Locator} */ button) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      button.click().then(() => giveReason(page)),
    ]);
    return {
      name: download.suggestedFilename(),
      lines: (await readFile(await download.path(), "utf8")).trim().split("\r\n"),
    };
  };

  test("says who, when, which group and what was not compared, with boxes to sign and every request", async () => {
    await look("CLEAN_128");
    await onPaper(async (sheet) => {
      await says(
        sheet,
        /지급이체 검토 확인서/,
        /테스트 TEST/,
        /담당\s+검토\s+승인/,
        /CLEAN_128/,
        /v1:[0-9a-f]{64}/,
        /자체 점검 이상 없음/,
        /예정 목록과 대조하지 않음/,
        /₩9,408,000/,
        /KST/,
        /관리자 토큰/,
      );
      await shows(() => page.locator("[data-part=sheet-requests] tbody tr").count(), 128);
    });
    await page.getByLabel("요청 내역 128건 포함").uncheck();
    await onPaper(async (sheet) => {
      await says(sheet, /요청 내역 128건은 출력하지 않았습니다/);
      assert.equal(await page.locator("[data-part=sheet-requests]").count(), 0);
    });
    visitor.assertCalm();
  });

  test("prints every request, whatever the table shows", async () => {
    await look("CLEAN_128");
    await page.getByRole("searchbox").fill("137000");
    await onPaper(() =>
      shows(() => page.locator("[data-part=sheet-requests] tbody tr").count(), 128),
    );
  });

  test("prints a group without requests as such", async () => {
    await look("EMPTY");
    await onPaper((sheet) => says(sheet, /EMPTY/, /대기 중인 요청이 없습니다/, /담당\s+검토/));
    visitor.assertCalm();
  });

  test("holds the list, its hash, what was matched by, each difference and the clerk's note", async () => {
    await look("CLEAN_128");
    await compare();
    await page
      .locator("[data-part=entry][data-kind=missing] [data-part=seen-mark] button")
      .first()
      .click();
    const dialog = page.getByRole("dialog", { name: "확인 처리" });
    await dialog.waitFor();
    await visitor.assertAccessible();
    await dialog.getByLabel("메모 (선택)").fill("다음 달로 이월");
    await dialog.getByRole("button", { name: "저장" }).click();
    await dialog.waitFor({ state: "hidden" });
    await shows(
      page.locator("[data-part=entry][data-kind=missing]").first(),
      /확인함[\s\S]*다음 달로 이월/,
    );
    await visitor.assertAccessible();
    // What is marked stays red.
    await page.locator("[data-part=verdict][data-tone=bad]").waitFor();
    await onPaper((sheet) =>
      says(
        sheet,
        /지급을 보류하세요/,
        /11월 지급\.csv/,
        new RegExp(createHash("sha256").update(LIST).digest("hex")),
        /대조 기준\s+받는 분 통장 표시/,
        /없는 사람[\s\S]*₩700[\s\S]*다음 달로 이월/,
        /이민준[\s\S]*−₩500|이민준[\s\S]*₩11,500/,
      ),
    );
    // The file holds all differences, whichever are shown.
    const all = await page.locator("[data-part=entries]").getAttribute("aria-rowcount");
    await page.locator("[aria-pressed]", { hasText: "일치" }).last().click();
    const { name, lines } = await save(page.getByRole("button", { name: "차이 CSV 저장" }));
    assert.match(name, /^payout-differences_CLEAN_128_test_/);
    assert.equal(lines.length, Number(all));
    assert.match(lines[0], /확인 메모,확인 시각,내보낸 사람$/);
    assert.ok(lines.some((line) => /없는 사람.*다음 달로 이월,\d{4}-/.test(line)));
    // The mark is still there after asking again, and can be taken back.
    await page.locator("[data-part=freshness] button").click();
    await page.locator("[data-part=outcome]").waitFor();
    await page.locator("[aria-pressed]", { hasText: "차이 전체" }).click();
    await page.locator("[data-part=entry][data-kind=missing] [data-seen]").first().click();
    await dialog.getByRole("button", { name: "확인 취소" }).click();
    await dialog.waitFor({ state: "hidden" });
    assert.equal(await page.locator("[data-seen]").count(), 0);
    visitor.assertCalm();
  });

  test("a request that matches but for a text is named, on the page, on paper and in the file", async () => {
    await look("CLEAN_128");
    const { requests } = await (await stage.workers.test.payoutRequests("CLEAN_128")).json();
    const [first] = requests;
    const rows = requests.map((/** @type {PayoutRequest} */ request) =>
      [request.billingTranId, request.printContent, request.amount].join(","),
    );
    rows[0] = [first.billingTranId, "다른 사람", first.amount].join(",");
    const buffer = Buffer.from(`빌링키,적요,금액\n${rows.join("\n")}\n`);
    await page
      .locator("[data-part=expect] input[type=file]")
      .setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer });
    await page.locator("[data-part=list-go] button").click();
    await shows(page.locator("[data-part=outcome]"), /1건은 적요 등 다른 항목이 목록과 다릅니다/);
    await page.locator("[aria-pressed]", { hasText: "적요 등 불일치" }).click();
    await shows(() => page.locator("[data-part=entry]").count(), 1);
    const entry = page.locator("[data-part=entry]");
    await shows(entry, /일치[\s\S]*적요 등 불일치[\s\S]*다른 사람[\s\S]*10월 정산 김민준[\s\S]*#1/);
    await visitor.assertAccessible();
    await entry.locator("[data-part=seen-mark] button").click();
    const dialog = page.getByRole("dialog", { name: "확인 처리" });
    await dialog.getByLabel("메모 (선택)").fill("표기만 다름");
    await dialog.getByRole("button", { name: "저장" }).click();
    const { lines } = await save(page.getByRole("button", { name: "차이 CSV 저장" }));
    assert.equal(lines.length, 2);
    assert.match(lines[1], /^일치,적요 등 불일치,2,.*다른 사람.*10월 정산 김민준.*표기만 다름/);
    await page.getByLabel("요청 내역 128건 포함").uncheck();
    await onPaper((sheet) =>
      says(
        sheet,
        /확인 필요 1건/,
        /목록 대조 확인 대상 · 1건/,
        /일치 \(적요 등 불일치\)[\s\S]*10월 정산 김민준[\s\S]*적요\): 다른 사람[\s\S]*표기만 다름/,
      ),
    );
    visitor.assertCalm();
  });

  test("findings come with their numbers, and can be marked too", async () => {
    await look("MANY_FINDINGS");
    const findings = page.locator("ul[data-part=findings]");
    await says(
      findings,
      /한도 ₩\d[\d,]* 부족/,
      /그룹 키 T1RIRVJfR1JPVVA=: 1건/,
      /파트너 ID stranger: 1건/,
      /잔여 한도: 계산 ₩[\d,]+, 페이플 응답 [−₩\d,]+/,
    );
    await findings.locator("[data-part=seen-mark] button").first().click();
    const dialog = page.getByRole("dialog", { name: "확인 처리" });
    await dialog.getByLabel("메모 (선택)").fill("페이플에 문의함");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    assert.equal(await page.locator("[data-seen]").count(), 0);
    await findings.locator("[data-part=seen-mark] button").first().click();
    await dialog.getByLabel("메모 (선택)").fill("페이플에 문의함");
    await dialog.getByRole("button", { name: "저장" }).click();
    await onPaper((sheet) =>
      says(sheet, /페이플에 문의함/, /한도 ₩\d[\d,]* 부족/, /✕ 오류, △ 확인 필요/),
    );
    // A note about requests is in their file as well.
    await findings
      .locator("li", { hasText: "한도 초과" })
      .locator("[data-part=seen-mark] button")
      .click();
    await dialog.getByLabel("메모 (선택)").fill("한도 증액 요청함");
    await dialog.getByRole("button", { name: "저장" }).click();
    const { lines } = await save(page.getByRole("button", { name: "CSV 저장", exact: true }));
    assert.match(lines[0], /점검,확인 메모,확인 시각,내보낸 사람$/);
    const noted = lines.filter((line) => /한도 증액 요청함,\d{4}-\d\d-\d\d \d\d:/.test(line));
    assert.ok(noted.length > 0);
    assert.ok(noted.every((line) => line.includes("한도 초과")));
    visitor.assertCalm();
  });

  test("totals by recipient and by sub-customer are whole tables, and files", async () => {
    await look("ROWS_10000");
    await page.locator("[data-part=subtotals] summary").click();
    const rows = page.getByRole("table", { name: "수취 계좌별" });
    await shows(() => rows.getAttribute("aria-rowcount"), "301");
    await visitor.assertAccessible();
    const byRecipient = await save(page.getByRole("button", { name: "집계 CSV 저장" }));
    assert.match(byRecipient.name, /^payout-totals-billingTranId_ROWS_10000_test_/);
    assert.equal(byRecipient.lines.length, 302);
    assert.match(byRecipient.lines.at(-1) ?? "", /^합계,,10000,\d+,관리자 토큰$/);
    await page.getByRole("button", { name: "하위고객 ID별" }).click();
    const byCustomer = await save(page.getByRole("button", { name: "집계 CSV 저장" }));
    // Whose names they are is not told: a sub-customer is paid by many.
    assert.match(byCustomer.lines[0], /^하위고객 ID,건수,금액,/);
    assert.equal(byCustomer.lines.at(-1), byRecipient.lines.at(-1)?.replace(",,", ","));
    const row = page.locator("[data-part=subtotal]").first();
    const id = await row.locator("code").innerText();
    await row.getByRole("button", { name: `${id}의 요청` }).click();
    await shows(page.locator("[data-part=only]"), new RegExp(`^${id}만 보는 중`));
    visitor.assertCalm();
  });

  test("is on paper only after it is on the record: the browser's own print finds a note", async () => {
    await look("CLEAN_128");
    const before = (await recorded()).length;
    const note = /접속기록에 남으므로 화면의 인쇄 버튼으로만/;
    const byMenu = async () => {
      await printByMenu(page);
      await page.emulateMedia({ media: "print" });
      await shows(page.locator("#paper"), note);
      await shows(() => page.locator("#app").isVisible(), false);
      assert.equal(await page.locator("[data-part=sheet]").count(), 0);
      assert.equal(pagesOf(await page.pdf({ preferCSSPageSize: true })), 1);
      await page.emulateMedia({ media: "screen" });
      await shows(() => page.locator("#paper > *").count(), 0);
    };
    await byMenu();
    // Where it cannot be recorded, or is called off, nothing is on paper either.
    await page.route("**/api/actions", (route) =>
      route.fulfill({ status: 503, json: { kind: "record_unavailable", detail: "down" } }),
    );
    await page.getByRole("button", { name: /^검토 확인서 인쇄/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.locator("textarea").fill("점검");
    await dialog.getByRole("button", { name: "기록하고 인쇄" }).click();
    await dialog.getByRole("alert").waitFor();
    await byMenu();
    await dialog.getByRole("button", { name: "취소" }).click();
    await page.unroute("**/api/actions");
    assert.equal((await recorded()).length, before);
    await onPaper(async (sheet) => {
      await says(sheet, /CLEAN_128/);
      const [{ subjectText, reasonText, rows }] = await recorded();
      assert.deepEqual([subjectText, reasonText, rows], ["CLEAN_128", "11월 정산 확인", 128]);
    });
    await byMenu();
    // Without its requests, what stands on it are the differences.
    await compare();
    await page.getByLabel("요청 내역 128건 포함").uncheck();
    await onPaper(async (sheet) => {
      const rows = await sheet.locator("[data-part=sheet-differences] tbody tr").count();
      assert.ok(rows > 100);
      assert.equal(await page.locator("[data-part=sheet-requests]").count(), 0);
      assert.equal((await recorded())[0].rows, rows);
    });
    // Billing keys have no sheet: what is on the page stays there.
    await visitor.lookUpKeys("BK_CARD_001");
    await page.locator("[data-part=key-card][data-state=registered]").waitFor();
    await byMenu();
    assert.equal((await recorded()).length, before + 2);
    visitor.assertCalm();
  });

  test("as a PDF has a first page of its own, and numbers on every page", async () => {
    await look("CLEAN_128");
    await print(page);
    const whole = pagesOf(await page.pdf({ preferCSSPageSize: true }));
    await page.getByLabel("요청 내역 128건 포함").uncheck();
    await print(page);
    const first = pagesOf(await page.pdf({ preferCSSPageSize: true }));
    assert.equal(first, 1);
    assert.ok(whole > 2 && whole < 8, `${whole} pages`);
    // The text of a PDF is compressed, so that its numbers are looked for where they come from.
    const margins = await page.evaluate(() =>
      [...document.styleSheets]
        .flatMap(({ cssRules }) => [...cssRules])
        .flatMap((rule) => (rule instanceof CSSMediaRule ? [...rule.cssRules] : [rule]))
        .flatMap((rule) => (rule instanceof CSSPageRule ? [rule.cssText] : [])),
    );
    assert.match(margins.join(), /@bottom-right \{[^}]*counter\(page\) " \/ " counter\(pages\)/);
    visitor.assertCalm();
  });
});
