// An import that can be trusted: what was read is shown, questions are asked, rows are left out by
// hand, choices remembered.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { onStage, PHONE, SCHEMES, shows } from "./stage.mjs";

/**
 * @import { Page } from "playwright-core"
 * @import { PayoutRequestGroup } from "../../src/npm/js/models.d.ts"
 * @import { Stage, Visitor } from "./stage.mjs"
 */

describe("the import of a list in the page", () => {
  /** @type {Visitor} */
  let visitor;
  /** @type {Page} */
  let page;
  /** @type {Stage} */
  let stage;
  onStage((now) => ({ stage, visitor, page } = now));

  const look = async () => {
    await visitor.lookUpGroup("CLEAN_128");
    await page.locator("[data-part=verdict]", { hasText: "CLEAN_128" }).waitFor();
  };
  /** @type {(text: string, name?: string, who?: Page) => Promise<void>} */
  const choose = (text, name = "list.csv", who = page) =>
    who
      .locator("[data-part=expect] input[type=file]")
      .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  const summary = () => page.locator("[data-part=list-sum]");
  const other = () => page.getByRole("button", { name: "다른 목록 선택" }).click();
  const chosen = () =>
    page
      .locator("[data-part=column] select")
      .evaluateAll((/** @type {HTMLSelectElement[]} */ all) =>
        all.map((select) => select.selectedOptions[0].textContent),
      );

  test("the first rows are shown as they stand, with what each column is taken for and the key that is matched by", async () => {
    await look();
    await choose("빌링키,적요,금액,담당\nA,가,1000,홍길동\nB,나,2000,김철수\n합계,,3000,\n");
    await shows(
      async () =>
        (await page.locator("[data-part=preview] thead th").allInnerTexts()).map((text) =>
          text.replace(/\s+/g, " "),
        ),
      [
        "행",
        "빌링키 수취 계좌 빌링키 · 대조 기준",
        "적요 받는 분 통장 표시(적요)",
        "금액 금액",
        "담당",
        "대조 여부",
      ],
    );
    await shows(
      page.locator("[data-part=preview] tbody tr").nth(0),
      /^2\s+A\s+가\s+1000\s+홍길동\s+제외$/,
    );
    await shows(page.locator("[data-part=preview] tbody tr[data-out]"), /합계 행입니다/);
    await visitor.assertAccessible();
    await page.locator("#match-by").selectOption("printContent");
    await shows(page.locator("[data-part=preview] thead th").nth(2), /대조 기준/);
    await shows(page.locator("[data-part=list-go]"), /적요 기준으로 대조합니다/);
    visitor.assertCalm();
  });

  test("any row can be left out by hand, wherever it stands, and is listed with its amount", async () => {
    await look();
    /** @type {PayoutRequestGroup} */
    const { requests } = await (await stage.workers.test.payoutRequests("CLEAN_128")).json();
    const lines = requests.map(({ billingTranId, amount }) => `${billingTranId},${amount}`);
    await choose(["빌링키,금액", ...lines, "EXTRA,5000"].join("\n"));
    await shows(summary(), /예정 129건/);
    await page.locator("[data-part=row-number]").fill("130");
    await page.getByRole("button", { name: "130행 제외" }).click();
    await shows(summary(), /예정 128건/);
    await shows(
      page.locator("[data-part=left-out-sum]"),
      "이 가운데 지급으로 보이는 행 1개, 금액 ₩5,000",
    );
    await page.locator("[data-part=left-out] summary").click();
    await shows(
      page.locator("[data-part=left-out] li"),
      /130행[\s\S]*직접 제외했습니다[\s\S]*되돌리기[\s\S]*EXTRA/,
    );
    await visitor.assertAccessible();
    await page.locator("[data-part=list-go] button").click();
    await shows(page.locator("[data-part=outcome] h4"), "예정 128건 중 128건 일치");
    // Never green: somebody meant to pay that row.
    await page.locator("[data-part=outcome][data-tone=notice]").waitFor();
    await page.locator("[data-part=verdict][data-tone=notice]").waitFor();
    await page.locator("[data-part=left-out] summary").click();
    await page.locator("[data-part=left-out] li").getByRole("button", { name: "되돌리기" }).click();
    await shows(summary(), /예정 129건/);
    await page.locator("[data-part=verdict][data-tone=stale]").waitFor();
    visitor.assertCalm();
  });

  test("the rows of a list are turned over by keyboard, whose focus stays", async () => {
    await look();
    await choose(`적요,금액\n${Array.from({ length: 8 }, (_, n) => `가${n},1000`).join("\n")}\n`);
    await page.getByRole("button", { name: "다음", exact: true }).press("Enter");
    await shows(page.locator("[data-part=preview] tbody"), /가5[\s\S]*가7/);
    await shows(() => page.evaluate(() => document.activeElement?.textContent), "다음");
    await page.getByRole("button", { name: "이전", exact: true }).press("Enter");
    await shows(page.locator("[data-part=preview] tbody"), /가0[\s\S]*가4/);
    await shows(() => page.evaluate(() => document.activeElement?.textContent), "이전");
    visitor.assertCalm();
  });

  test("dots, scientific notation and words are asked, one by one or all at once", async () => {
    await look();
    await choose("빌링키,금액\nA,1.000\nB,1.5E+07\nC,오백만원\nD,10\n");
    await shows(summary(), "예정 1건 · 합계 ₩10");
    await shows(page.locator("#questions-title"), /금액 확인 필요: 3개 행/);
    await shows(
      page.locator("[data-part=left-out-sum]"),
      /지급으로 보이는 행 3개 \(금액은 알 수 없음\)/,
    );
    await visitor.assertAccessible();
    const first = page.locator("[data-part=questions] li").first();
    await shows(first, /2행[\s\S]*점\(\.\)이 천 단위 구분인지/);
    // What is no amount either is not passed over in silence.
    await first.locator("input").fill("많이");
    await first.getByRole("button", { name: "이 금액으로" }).click();
    await shows(first.getByRole("alert"), "금액이 숫자가 아닙니다");
    await visitor.assertAccessible();
    await first.locator("input").fill("1,200원");
    await first.getByRole("button", { name: "이 금액으로" }).click();
    await shows(summary(), "예정 2건 · 합계 ₩1,210");
    await page
      .getByRole("button", { name: "제안한 금액을 모두 사용 (2개 행, ₩20,000,000)" })
      .click();
    await shows(summary(), "예정 4건 · 합계 ₩20,001,210");
    await shows(() => page.locator("[data-part=questions]").count(), 0);
    // An answer is of what stood there: another column asks anew.
    await page.getByLabel("금액", { exact: true }).selectOption("빌링키");
    await page.getByLabel("금액", { exact: true }).selectOption("금액");
    await shows(page.locator("#questions-title"), /금액 확인 필요: 3개 행/);
    visitor.assertCalm();
  });

  test("columns without headings are proposed by content, and it says so", async () => {
    await look();
    await choose(
      "홍길동 정산,a087eaf3-00b3-49c9-8706-c4ebfb2627f1,1000\n김철수 정산,a087eaf3-00b3-49c9-8706-c4ebfb2627f2,2000\n",
    );
    await shows(chosen, ["C", "B", "없음", "A"]);
    await shows(() => page.locator("[data-part=guessed]").count(), 3);
    await visitor.assertAccessible();
  });

  test("a choice of column and key is remembered for lists with such headings, and can be forgotten", async () => {
    await look();
    const list = "빌링키,적요,금액,실수령\nA,가,1000,900\nB,나,2000,1800\n";
    await choose(list);
    await shows(chosen, ["금액", "빌링키", "없음", "적요"]);
    assert.equal(await page.locator("[data-part=remembered]").count(), 0);
    await page.getByLabel("금액", { exact: true }).selectOption("실수령");
    await page.locator("#match-by").selectOption("printContent");
    await shows(summary(), /₩2,700/);
    await other();
    await choose(list, "next month.csv");
    await shows(chosen, ["실수령", "빌링키", "없음", "적요"]);
    await shows(() => page.locator("#match-by").inputValue(), "printContent");
    await page.locator("[data-part=remembered]").waitFor();
    await visitor.assertAccessible();
    // Names of columns, and nothing of what stands in them.
    const kept = await page.evaluate(() => JSON.stringify(localStorage));
    assert.ok(kept.includes("실수령"));
    assert.ok(!/900|1800|"가"|next month/.test(kept));
    await page.getByRole("button", { name: "기억한 선택 지우기" }).click();
    await shows(chosen, ["금액", "빌링키", "없음", "적요"]);
    await shows(() => page.locator("[data-part=remembered]").count(), 0);
    visitor.assertCalm();
  });

  for (const scheme of SCHEMES) {
    test(`on a phone nothing is cut off and axe finds nothing (${scheme})`, async () => {
      const phone = await stage.visit({ screen: PHONE, scheme, language: "en" });
      await phone.lookUpGroup("CLEAN_128");
      await phone.page.locator("[data-part=drop]").waitFor();
      await choose(
        "빌링키,적요,금액\nA,가,1.000\nB,나,오백만원\nC,다,700\n합계,,5000\n",
        "l.csv",
        phone.page,
      );
      await phone.page.locator("[data-part=questions]").waitFor();
      await phone.assertFits();
      await phone.assertAccessible();
      await phone.page.setViewportSize({ width: 320, height: 640 });
      await phone.assertFits();
      phone.assertCalm();
      await phone.leave();
    });
  }
});
