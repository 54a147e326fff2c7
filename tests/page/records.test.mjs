// The auditor's view of the access record: who finds it, what it lists and how it is searched.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { act, bearer, NAMED_TOKENS, signInAs } from "./auditor.mjs";
import { CARD, GROUP, LOOKS, setStage, shows } from "./stage.mjs";

/**
 * @import { Page } from "playwright-core"
 * @import { Who } from "./auditor.mjs"
 * @import { Language, Stage, VisitorOptions } from "./stage.mjs"
 */

describe("the auditor's view", () => {
  /** @type {Stage} */
  let stage;
  before(async () => {
    stage = await setStage({ test: { settings: { NAMED_TOKENS } } });
    await act(stage.workers.test);
  });
  after(() => stage?.close());

  const visitAs = async (/** @type {Who} */ who, /** @type {VisitorOptions} */ options = {}) => {
    const visitor = await stage.visit({ signsIn: false, ...options });
    await signInAs(visitor.page, who);
    return visitor;
  };
  const tabs = (/** @type {Page} */ page) => page.getByRole("tab").allInnerTexts();
  const openRecords = async (/** @type {Page} */ page) => {
    await page.locator("#tab-records").click();
    await page.locator("#view-records [role=search]").waitFor();
  };
  const search = async (/** @type {Page} */ page) => {
    await page.locator("#view-records [role=search] button[type=submit]").click();
    await page.locator("#records-found").waitFor();
  };
  const rows = (/** @type {Page} */ page) => page.locator("#view-records [role=table] [role=row]");
  /** The entries in sight, each as the texts of its cells. */
  const cells = (/** @type {Page} */ page) =>
    page
      .locator("#view-records [role=table] [role=row]")
      .evaluateAll((rows) =>
        rows
          .slice(1)
          .map((row) => [...row.children].map((cell) => cell.textContent.trim()).slice(1)),
      );

  test("is shown with the role for it, and nobody sees more than their roles allow", async () => {
    /** @type {[who: Who, expected: string[]][]} */
    const seen = [
      ["clerk", ["지급이체 요청", "빌링키"]],
      ["auditor", ["접속기록"]],
      ["lead", ["지급이체 요청", "빌링키", "접속기록"]],
      ["exporter", []],
    ];
    for (const [who, expected] of seen) {
      const { page, assertAccessible, assertCalm, leave } = await visitAs(who);
      assert.deepEqual(await tabs(page), expected, who);
      if (expected.length === 0) await shows(page.locator("main > p"), /권한이 없습니다/);
      await assertAccessible();
      assertCalm();
      await leave();
    }
  });

  test("is loaded only when it is opened", async () => {
    const { page, assertCalm, leave } = await visitAs("lead");
    const scripts = () =>
      page.evaluate(() =>
        performance
          .getEntriesByType("resource")
          .filter(({ name }) => /\/view-.*\.js$/.test(name))
          .map(({ name }) => name),
      );
    assert.deepEqual(await scripts(), []);
    await openRecords(page);
    assert.equal((await scripts()).length, 1);
    assertCalm();
    await leave();
  });

  test("a list of entries says that it is of another search as soon as the form says something else", async () => {
    const { page, assertAccessible, assertCalm, leave } = await visitAs("auditor");
    await openRecords(page);
    await search(page);
    const stale = page.locator("#view-records [data-part=stale]");
    assert.equal(await stale.count(), 0);
    await page.getByRole("button", { name: "지난달" }).click();
    await shows(stale, /이전 조건으로 조회한 목록/);
    await assertAccessible();
    await page.locator("#view-records [role=search] button[type=submit]").click();
    await stale.waitFor({ state: "detached" });
    assertCalm();
    await leave();
  });

  test("lists who did what, whose and with what outcome, in Korean and in English", async () => {
    /** @type {[language: Language, expected: string[][]][]} */
    const lists = [
      [
        "ko",
        [
          ["미상 (로그인 실패)", "로그인", "인증 실패", ""],
          ["clerk@shop.example", "파일 내보내기", "정상", "11월 정산 확인"],
          ["auditor@shop.example", "지급이체 요청 조회", "권한 없음", ""],
          ["settlement-batch (프로그램)", "지급이체 요청 조회", "정상", ""],
        ],
      ],
      [
        "en",
        [
          ["Unknown (failed sign-in)", "Sign-in", "Not authenticated", ""],
          ["clerk@shop.example", "File export", "OK", "11월 정산 확인"],
          ["auditor@shop.example", "Payout request look-up", "Role missing", ""],
          ["settlement-batch (program)", "Payout request look-up", "OK", ""],
        ],
      ],
    ];
    for (const [language, expected] of lists) {
      const { page, assertCalm, leave } = await visitAs("auditor", { language });
      await openRecords(page);
      await search(page);
      await shows(page.locator("#records-found"), /^\d+(건| entries)$/);
      const found = (await cells(page)).map(([who, task, , outcome, , , reason]) => [
        who,
        task,
        outcome,
        reason,
      ]);
      for (const entry of expected)
        assert.ok(
          found.some((each) => each.join("|") === entry.join("|")),
          entry.join(),
        );
      assertCalm();
      await leave();
    }
  });

  test("is searched by time, person, task and subject, and no key is in an address", async () => {
    const { page, assertCalm, leave } = await visitAs("auditor");
    /** @type {string[]} */
    const addresses = [];
    page.on("request", (request) => addresses.push(request.url()));
    await openRecords(page);
    await page.getByLabel("접속자(식별자)").fill("settlement-batch");
    await search(page);
    await shows(page.locator("#records-found"), "1건");
    await page.getByLabel("접속자(식별자)").fill("clerk@shop.example");
    await search(page);
    await shows(page.locator("#records-found"), /^\d+건$/);
    assert.deepEqual([...new Set((await cells(page)).map(([who]) => who))], ["clerk@shop.example"]);
    await page.getByLabel("수행업무").selectOption({ label: "파일 내보내기" });
    await search(page);
    await shows(page.locator("#records-found"), "1건");
    await page.getByLabel("접속자(식별자)").fill("");
    await page.getByLabel("수행업무").selectOption({ label: "전체" });
    await page.getByRole("textbox", { name: "정보주체" }).fill(` ${CARD} `);
    await search(page);
    await shows(page.locator("#records-found"), "1건");
    // Masked in the list, in full among the details.
    const [[, , subject]] = await cells(page);
    assert.equal(subject, "d0to…cnFX");
    await page.getByRole("button", { name: /접속기록 상세/ }).click();
    await shows(page.getByRole("dialog"), new RegExp(CARD));
    await shows(page.getByRole("dialog"), /127\.0\.0\.1|unknown/);
    await page.keyboard.press("Escape");
    await page.getByRole("textbox", { name: "정보주체" }).fill("CARD_THAT_NOBODY_ASKED_FOR");
    await search(page);
    await shows(page.locator("#records-found"), "조건에 맞는 접속기록이 없습니다.");
    await page.getByRole("textbox", { name: "정보주체" }).fill("");
    await page.getByRole("button", { name: "지난달" }).click();
    await search(page);
    await shows(page.locator("#records-found"), "조건에 맞는 접속기록이 없습니다.");
    await page.getByLabel("종료일").fill("2020-01-01");
    await page.locator("#view-records [role=search] button[type=submit]").click();
    await shows(page.locator("#view-records [role=search] [role=alert]"), /종료일이 시작일보다/);
    for (const key of [CARD, GROUP]) assert.ok(!addresses.some((each) => each.includes(key)));
    assertCalm();
    await leave();
  });

  test("says why nothing is shown where the record cannot be read, and asks again", async () => {
    const { page, leave } = await visitAs("auditor");
    await openRecords(page);
    await page.route("**/api/access-records*", (route) =>
      route.fulfill({
        status: 503,
        contentType: "application/problem+json",
        body: JSON.stringify({ kind: "record_unavailable", detail: "the record is down" }),
      }),
    );
    await search(page);
    await shows(page.locator("#view-records [role=alert]"), /접속기록을 남기지 못해/);
    await page.unroute("**/api/access-records*");
    await page.locator("#view-records [role=alert]").getByRole("button").click();
    await rows(page).nth(1).waitFor();
    await leave();
  });

  test("a search that was stopped, or failed, is never one that found nothing", async () => {
    const { page, assertCalm, leave } = await visitAs("auditor");
    await openRecords(page);
    const announced = page.locator("[role=status][aria-live=polite]");
    let isHeld = true;
    await page.route("**/api/access-records?*", async (route) => {
      while (isHeld) await new Promise((resolve) => setTimeout(resolve, 20));
      await route.abort();
    });
    await search(page);
    await page.getByRole("button", { name: "중지" }).click();
    await shows(page.locator("#records-found"), "접속기록을 읽지 못했습니다.");
    await shows(announced, "접속기록을 읽지 못했습니다.");
    isHeld = false;
    await search(page);
    await page.locator("#view-records [data-part=error-panel]").waitFor();
    await shows(page.locator("#records-found"), "접속기록을 읽지 못했습니다.");
    assertCalm();
    await leave();
  });

  test("a day that is half typed is no open end", async () => {
    const { page, assertAccessible, assertCalm, leave } = await visitAs("auditor");
    await openRecords(page);
    await page.getByLabel("시작일").press("Backspace");
    await page.locator("#view-records [role=search] button[type=submit]").click();
    await shows(page.locator("#view-records [role=search] [role=alert]"), /연·월·일까지 모두/);
    await shows(() => page.getByLabel("시작일").evaluate((day) => day.matches(":focus")), true);
    assert.equal(await page.locator("#records-found").count(), 0);
    await assertAccessible();
    await page.getByLabel("시작일").fill("2026-01-01");
    await search(page);
    await shows(page.locator("#records-found"), /^\d+건$/);
    assertCalm();
    await leave();
  });

  test("one entry is one entry in English", async () => {
    const { page, assertCalm, leave } = await visitAs("auditor", { language: "en" });
    await openRecords(page);
    await page.getByLabel("Person or program").fill("settlement-batch");
    await search(page);
    await shows(page.locator("#records-found"), "1 entry");
    await page.getByRole("button", { name: "Save CSV" }).click();
    await shows(page.getByRole("dialog"), /Take out 1 entry of the access record/);
    assertCalm();
    await leave();
  });

  test("scrolls through ten thousand entries, of which those in sight exist, with the keyboard as well", async () => {
    const { page, assertCalm, leave } = await visitAs("auditor");
    await openRecords(page);
    await page.route("**/api/access-records*", (route) => {
      const at = Number(new URL(route.request().url()).searchParams.get("cursor") ?? 10_000);
      route.fulfill({ json: made(at) });
    });
    await search(page);
    await shows(page.locator("#records-found"), "최근 5,000건");
    await page.getByRole("button", { name: /이전 기록 더 보기/ }).click();
    await shows(page.locator("#records-found"), "10,000건");
    // What a turn of the screen leaves: how many rows there are, and whether one is in the middle.
    const turns = await page.locator("#view-records [role=table]").evaluate(async (table) => {
      const turns = [];
      const { top, height } = table.getBoundingClientRect();
      const middle = top + height / 2;
      for (let turn = 0; turn < 60; turn += 1) {
        table.scrollTop += 2_000;
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        const boxes = [...table.querySelectorAll("[role=row]")].map((row) =>
          row.getBoundingClientRect(),
        );
        const isEmpty = !boxes.some((box) => box.top <= middle && box.bottom >= middle);
        turns.push({ rows: boxes.length, isEmpty });
      }
      return turns;
    });
    assert.deepEqual(
      turns.filter(({ rows, isEmpty }) => rows >= 60 || isEmpty),
      [],
    );
    await page.locator("#view-records [role=table]").focus();
    await page.keyboard.press("End");
    await shows(() => rows(page).last().getAttribute("aria-rowindex"), "10001");
    assertCalm();
    await leave();
  });

  for (const { name, look } of LOOKS)
    test(`is accessible: ${name}`, async () => {
      const { page, assertAccessible, assertFits, assertCalm, leave } = await visitAs("lead", look);
      await openRecords(page);
      await search(page);
      await rows(page).nth(1).waitFor();
      await assertAccessible();
      await assertFits();
      await rows(page).nth(1).getByRole("button").click();
      await page.getByRole("dialog").waitFor();
      await assertAccessible();
      assertCalm();
      await leave();
    });

  test("is refused by the Worker without the role", async () => {
    /** @type {[who: Who, status: number][]} */
    const answers = [
      ["clerk", 403],
      ["batch", 403],
      ["auditor", 200],
    ];
    for (const [who, status] of answers) {
      const { fetch } = stage.workers.test;
      const response = await fetch("/api/access-records", { headers: bearer(who) });
      assert.equal(response.status, status, who);
    }
  });
});

/**
 * A page of a thousand made-up entries that ends before `at`.
 *
 * @param {number} at
 */
function made(at) {
  const records = Array.from({ length: 1_000 }, (_, n) => ({
    chain: "people",
    sequence: at - n,
    at: "2026-11-28T16:20:11.123+09:00",
    who: `person clerk${n % 7}@shop.example`,
    method: "session",
    address: "203.0.113.7",
    task: "billing_key",
    outcome: "ok",
    rows: 1,
    requestId: `${at - n}`,
    previous: "0".repeat(64),
    hash: "0".repeat(64),
  }));
  const link = { sequence: 0, hash: "0".repeat(64) };
  const next = at > 1_000 ? { next: String(at - 1_000) } : {};
  return { records, ...next, chains: [{ chain: "people", anchor: link, head: link }] };
}
