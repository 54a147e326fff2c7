// A payout group in the page: the verdict, the way from a finding to its rows, the table, CSV and
// paper.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { eventually } from "../worker/workers.mjs";
import { DESKTOP, giveReason, LANGUAGES, onStage, PHONE, shows } from "./stage.mjs";

/**
 * @import { Page } from "playwright-core"
 * @import { Stage, Visitor } from "./stage.mjs"
 */

describe("a payout group in the page", () => {
  /** @type {Stage} */
  let stage;
  /** @type {Visitor} */
  let visitor;
  /** @type {Page} */
  let page;
  onStage((now) => ({ stage, visitor, page } = now));

  const look = async (/** @type {string} */ key) => {
    await visitor.lookUpGroup(key);
    await page.locator("[data-part=verdict]", { hasText: key }).waitFor();
    // What is shown and saved holds the names only then.
    await page.locator("[data-part=show-names]").waitFor({ state: "detached" });
  };
  const cells = (/** @type {string} */ column) =>
    page.locator(`[data-part=grid-body] [data-field=${column}]`).allInnerTexts();
  /** The row and column of the focused cell. */
  const focused = () =>
    page.evaluate(() => {
      const cell = document.activeElement?.closest("[role=gridcell], [role=columnheader]");
      return (
        cell && [
          Number(cell.parentElement?.getAttribute("aria-rowindex")),
          Number(cell.getAttribute("aria-colindex")),
        ]
      );
    });

  /** @type {Record<string, [tone: string, words: RegExp]>} */
  const verdicts = {
    EMPTY: ["empty", /대기 중인 요청이 없습니다/],
    CLEAN_128: ["good", /요청 내역 합산\(128건, ₩9,408,000\)이 페이플 응답 값과 일치합니다/],
    REVIEW_TOTAL_MISMATCH: ["bad", /오류 1건[\s\S]*차이\s+−₩1,000/],
    REVIEW_COUNT_MISMATCH: ["bad", /오류 1건[\s\S]*−1건/],
    REVIEW_POSSIBLE_DUPLICATE: ["notice", /확인 필요 2건/],
    MANY_FINDINGS: ["bad", /오류 8건/],
  };
  for (const [key, [tone, words]] of Object.entries(verdicts)) {
    test(`the verdict on ${key} is ${tone}`, async () => {
      await look(key);
      await shows(page.locator(`[data-part=verdict][data-tone=${tone}]`), words);
      await visitor.assertAccessible();
      visitor.assertCalm();
    });
  }

  test("what was wrong with another key is not said of one that was looked up", async () => {
    await look("CLEAN_128");
    await page.locator("#group-key").fill("");
    await page.locator("#group-key").press("Enter");
    await shows(page.locator("#group-key-help"), "실행 그룹 키를 입력하세요.");
    await page.locator("[data-part=recent] li button").click();
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    await shows(page.locator("#group-key-help"), /붙여 넣고 Enter/);
    assert.equal(await page.locator("#group-key").getAttribute("aria-invalid"), "false");
    visitor.assertCalm();
  });

  test("the rows that are shown alone are called what they are called now", async () => {
    await visitor.leave();
    visitor = await stage.visit({ seesNames: false });
    ({ page } = visitor);
    await visitor.lookUpGroup("Q0RSSkYzWUI3");
    const only = page.locator("[data-part=only]");
    await page.getByRole("button", { name: "보기", exact: true }).click();
    await page.locator("section[aria-labelledby=recipients] button").first().click();
    await shows(only, /^정산테스트\d?만 보는 중/);
    await page.getByRole("button", { name: "다시 가리기" }).click();
    await shows(only, /^정\*+만 보는 중/);
    await page
      .locator("[data-part=findings]")
      .getByRole("button", { name: /건만 보기/ })
      .click();
    await shows(only, /^중복 의심만 보는 중/);
    await page.getByRole("button", { name: "English" }).click();
    await shows(only, /^Showing only: Possible duplicate/);
    visitor.assertCalm();
  });

  test("the remaining limit is drawn, and told where the pointer is", async () => {
    await look("REVIEW_LIMIT_SEQUENCE");
    const section = page.locator("section[aria-labelledby=limit]");
    // What is pointed at lies over the canvas.
    await section.locator("canvas").hover({ force: true });
    await shows(section, /[45]번 요청 후 ₩10,0\d\d,\d00/);
    visitor.assertCalm();
  });

  for (const [kind, name] of Object.entries({
    FOREIGN_GROUP_KEY: "타 그룹 요청 포함",
    FOREIGN_PARTNER: "타 파트너 요청 포함",
    LIMIT_EXCEEDED: "한도 초과",
    LIMIT_SEQUENCE: "한도 차감 불일치",
    POSSIBLE_DUPLICATE: "중복 의심",
  })) {
    test(`from '${name}' one click leads to its row, which is marked`, async () => {
      await look(`REVIEW_${kind}`);
      const way = page.locator("[data-part=way]").first();
      const number = (await way.innerText()).replace("#", "");
      await way.click();

      const row = page.locator("[data-part=grid-row]", { has: page.locator(":focus") });
      await row.waitFor();
      await shows(row.locator("[data-field=order]"), number);
      await shows(row.locator("[data-field=marks]"), new RegExp(name));
      visitor.assertCalm();
    });
  }

  test("a finding shows only its rows, and everything comes back", async () => {
    await look("MANY_FINDINGS");
    await page.getByRole("button", { name: "해당 3건만 보기" }).click();
    await shows(() => cells("order"), ["11", "12", "13"]);
    await page.getByRole("button", { name: "전체 보기" }).click();
    await shows(async () => (await cells("order"))[0], "1");
    await page.getByLabel("확인 대상만 보기").check();
    await shows(() => cells("order"), ["5", "7", "8", "11", "12", "13"]);
  });

  test("sorting goes by number and by text, both ways, and says so", async () => {
    await look("CLEAN_128");
    await page.getByRole("button", { name: "금액" }).click();
    await page.getByRole("button", { name: "금액" }).click();
    await shows(
      async () => (await cells("amount")).slice(0, 3),
      ["₩137,000", "₩136,000", "₩135,000"],
    );
    await shows(
      () => page.getByRole("columnheader", { name: "금액" }).getAttribute("aria-sort"),
      "descending",
    );
    await shows(() => page.locator("[aria-live=polite]").innerText(), /금액 내림차순/);
    await page.getByRole("button", { name: "받는 분 통장 표시" }).click();
    await eventually(async () => {
      const names = await cells("printContent");
      assert.deepEqual(names, [...names].sort());
    });
  });

  test("the filter finds texts, keys and amounts however they are written", async () => {
    await look("CLEAN_128");
    const filter = page.getByRole("searchbox");
    /** @type {[text: string, shown: number][]} */
    const filters = [
      ["₩137,000", 1],
      ["137000원", 1],
      ["강서윤 정산", 1],
      ["no such thing", 0],
      ["10월", 128],
    ];
    for (const [text, shown] of filters) {
      await filter.fill(text);
      await page
        .locator("[data-part=shown]", {
          hasText: shown === 128 ? /^128건/ : new RegExp(`128건 중 ${shown}건`),
        })
        .waitFor();
    }
    await filter.fill("no such thing");
    await shows(page.locator("[data-part=none]"), /조건에 맞는 요청이 없습니다/);
    await visitor.assertAccessible();
  });

  test("the keyboard alone reaches every cell, sorts and opens details", async () => {
    await look("CLEAN_128");
    await page.locator("[data-part=requests]").getByRole("button", { name: "CSV 저장" }).focus();
    await page.keyboard.press("Tab");
    await shows(focused, [1, 1]);
    /** @type {[key: string, at: [row: number, column: number] | undefined][]} */
    const moves = [
      ["ArrowDown", [2, 1]],
      ["ArrowRight", [2, 2]],
      ["End", [2, 7]],
      ["ArrowRight", [2, 7]],
      ["Control+End", [129, 7]],
      ["PageUp", undefined],
      ["Control+Home", [2, 1]],
      ["PageDown", undefined],
      ["Home", undefined],
      ["Control+Home", [2, 1]],
      ["ArrowUp", [1, 1]],
      ["ArrowUp", [1, 1]],
    ];
    for (const [key, at] of moves) {
      await page.keyboard.press(key);
      await shows(at ? focused : async () => Boolean(await focused()), at ?? true);
    }
    await page.keyboard.press("Enter");
    await shows(
      () => page.getByRole("columnheader", { name: "번호" }).getAttribute("aria-sort"),
      "descending",
    );
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await shows(() => dialog.innerText(), /128번 요청/);
    await visitor.assertAccessible();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await shows(focused, [2, 1]);
    // One Tab leaves the table.
    await page.keyboard.press("Tab");
    await shows(focused, null);
  });

  test("the focus stays where it is while the rows are scrolled away, and leads back", async () => {
    await look("ROWS_10000");
    await page.locator("[data-part=grid-body] [data-field=amount]").nth(2).focus();
    await page.getByRole("grid").evaluate((element) => (element.scrollTop = element.scrollHeight));
    await page.locator('[aria-rowindex="10001"]').waitFor();
    assert.equal((await focused())?.[0], 4);
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => document.activeElement?.closest('[aria-rowindex="5"]'));
  });

  test("ten thousand rows are counted, but only those in sight exist", async () => {
    await look("ROWS_10000");
    const grid = page.getByRole("grid");
    await shows(() => grid.getAttribute("aria-rowcount"), "10001");
    const nodes = () => page.evaluate(() => document.querySelectorAll("*").length);
    await shows(async () => (await nodes()) < 2_000, true);
    await grid.evaluate((element) => (element.scrollTop = element.scrollHeight));
    await page.locator('[aria-rowindex="10001"]').waitFor();
    await shows(async () => (await nodes()) < 2_000, true);
    await visitor.assertAccessible();
    visitor.assertCalm();
  });

  test("the CSV opens rightly in Excel and runs nothing there", async () => {
    await look("HOSTILE_TEXT");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page
        .getByRole("button", { name: "CSV 저장" })
        .click()
        .then(() => giveReason(page)),
    ]);
    const bytes = await readFile(await download.path());
    const text = bytes.toString("utf8");

    assert.match(
      download.suggestedFilename(),
      /^payout-requests_HOSTILE_TEXT_test_\d{8}-\d{4}_관리자-토큰\.csv$/,
    );
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    assert.match(text, /^\ufeff번호,요청 시각 \(KST\),/);
    for (const cell of [`"'=HYPERLINK(""http`, `,'+1+1,`, `,'-2+3,`, `,'@SUM(A1:A9),`])
      assert.ok(text.includes(cell), cell);
    assert.doesNotMatch(text, /(^|[,\n])"?[=+@-]\D/);
    visitor.assertCalm();
  });

  test("what nobody sees in a text, or what turns it round, is seen on the page, hints included", async () => {
    await look("HOSTILE_TEXT");
    const hidden = () =>
      page.locator("#view-payout").evaluate((/** @type {HTMLElement} */ view) => {
        const texts = [...view.querySelectorAll("[title]")].map((each) =>
          each.getAttribute("title"),
        );
        return [view.innerText, ...texts].filter((text) =>
          /[\u0000-\u0008\u200b-\u200f\u202a-\u202e\u2066-\u2069]/.test(text ?? ""),
        );
      });
    await shows(hidden, []);
  });

  test("the heads of the table fit on a phone", async () => {
    for (const language of LANGUAGES) {
      const phone = await stage.visit({ language, screen: PHONE });
      await phone.lookUpGroup("MANY_FINDINGS");
      const order = phone.page.locator("[data-part=grid-head] [data-field=order] span");
      await shows(() => order.evaluate((words) => words.getClientRects().length), 1);
      await phone.leave();
    }
  });

  test("a formula behind white space or characters that nobody sees runs nothing either", async () => {
    const hidden = [
      " =1+1",
      "\u00a0=1+1",
      "\u200b=1+1",
      "\ufeff+1",
      "\u3000＝1",
      "\u202e@x",
      "\u2060 -1",
    ];
    await page.route("**/api/payout-requests", async (route) => {
      const response = await route.fetch();
      const group = await response.json();
      for (const [row, text] of hidden.entries()) group.requests[row].printContent = text;
      await route.fulfill({ response, json: group });
    });
    await look("CLEAN_128");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page
        .getByRole("button", { name: "CSV 저장" })
        .click()
        .then(() => giveReason(page)),
    ]);
    const text = await readFile(await download.path(), "utf8");
    for (const formula of hidden)
      assert.ok(text.includes(`,'${formula},`), JSON.stringify(formula));
    await page.unroute("**/api/payout-requests");
  });

  test("the CSV holds what the table shows", async () => {
    await look("CLEAN_128");
    await page.getByRole("searchbox").fill("137000");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page
        .getByRole("button", { name: "CSV 저장" })
        .click()
        .then(() => giveReason(page)),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
    assert.equal(lines.length, 2);
    assert.match(lines[1], /^128,.*,137000,/);
  });

  test("long names and huge amounts are never cut where they matter", async () => {
    for (const screen of [DESKTOP, PHONE]) {
      const other = await stage.visit({ screen });
      await other.lookUpGroup("LONG_NAMES");
      await other.page.locator("[data-part=verdict]").waitFor();
      const cut = () =>
        other.page
          .locator(
            "[data-field=amount], [data-field=remainingLimit], [data-part=totals] td, [data-part=bar-amount]",
          )
          .evaluateAll((elements) =>
            elements
              .filter(
                (element) =>
                  element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0,
              )
              .map((element) => element.textContent),
          );
      await shows(cut, []);
      await other.assertFits();
      await other.assertAccessible();
      other.assertCalm();
      await other.leave();
    }
  });

  test("recent look-ups are kept until they are cleared, and lead back", async () => {
    await look("CLEAN_128");
    await look("EMPTY");
    await page.getByRole("button", { name: /CLEAN_128/ }).click();
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    await shows(() => page.locator("#group-key").inputValue(), "CLEAN_128");
    await page.getByRole("button", { name: "기록 지우기" }).click();
    await shows(() => page.locator("[data-part=recent]").count(), 0);
  });

  test("a key that cannot be right is refused in words, without a request", async () => {
    await page.locator("#group-key").press("Enter");
    await shows(() => page.getByRole("alert").innerText(), /실행 그룹 키를 입력하세요/);
    /** @type {[key: string, words: RegExp][]} */
    const wrong = [
      ["두 단어", /공백/],
      ["x".repeat(65), /64자/],
    ];
    for (const [key, words] of wrong) {
      await visitor.lookUpGroup(key);
      await shows(page.getByRole("alert"), words);
    }
    await visitor.assertAccessible();
    assert.equal(stage.workers.events("request").filter(({ status }) => status === 400).length, 0);
  });

  test("what a messenger adds to a pasted key does no harm", async () => {
    await visitor.lookUpGroup("\u200b EMPTY\ufeff ");
    await page.locator("[data-part=verdict][data-tone=empty]").waitFor();
  });
});
