// How old an answer is, and what became of the group since: amber after five minutes, told row by
// row when asked again.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { onStage, shows } from "./stage.mjs";

/**
 * @import { Page } from "playwright-core"
 * @import { PayoutRequestGroup } from "../../src/npm/js/models.d.ts"
 * @import { Stage, Visitor } from "./stage.mjs"
 */

describe("the age of an answer in the page", () => {
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
  };
  const askAgain = () =>
    Promise.all([
      page.waitForResponse("**/api/payout-requests"),
      page.locator("[data-part=freshness] button").click(),
    ]);
  /** From now on the group is answered as `edit` makes it, with another fingerprint. */
  const change = (/** @type {(group: PayoutRequestGroup) => void} */ edit) =>
    page.route("**/api/payout-requests", async (route) => {
      const response = await route.fetch();
      /** @type {PayoutRequestGroup} */
      const group = await response.json();
      edit(group);
      const total = group.requests.reduce((sum, { amount }) => sum + amount, 0);
      const count = group.requests.length;
      Object.assign(group, { total, count, fingerprint: `v1:${"0".repeat(64)}` });
      Object.assign(group.review, { computedTotal: total, computedCount: count });
      await route.fulfill({ response, json: group });
    });

  /** The page looks at the clock every few seconds, and whenever it comes into sight. */
  const pass = async (/** @type {number} */ ms) => {
    await page.clock.fastForward(ms);
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  };

  test("minutes are counted, after five the verdict is amber, and one click makes it fresh", async () => {
    await page.clock.install();
    await look("CLEAN_128");
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    await shows(page.locator("[data-part=freshness]"), /방금 조회/);
    await pass(2 * 60_000 + 10_000);
    await shows(page.locator("[data-part=freshness]"), /2분 전 조회/);
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    await pass(3 * 60_000);
    await page.locator("[data-part=verdict][data-tone=notice]").waitFor();
    await shows(page.locator("[data-part=verdict] h2"), /5분이 넘었습니다/);
    await shows(page.locator("[aria-live=polite]"), /5분이 넘었습니다/);
    await visitor.assertAccessible();
    await askAgain();
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    await shows(page.locator("[data-part=freshness]"), /방금 조회[\s\S]*검증값 일치/);
    await visitor.assertAccessible();
    visitor.assertCalm();
  });

  test("what changed is told row by row and stays amber until it is seen, however often it is asked", async () => {
    await look("CLEAN_128");
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    await change((group) => {
      const [first, , third] = group.requests;
      first.amount += 500;
      group.requests.splice(1, 1);
      group.requests.push({ ...third, billingTranId: "new", printContent: "새 수취인" });
    });
    for (let time = 0; time < 2; time += 1) {
      await askAgain();
      await page.locator("[data-part=verdict][data-tone=notice]").waitFor();
      const panel = page.locator("[data-part=changes]");
      await shows(panel, /추가 1건, 삭제 1건, 변경 1건/);
      await shows(panel, /₩10,000 → ₩10,500/);
      await shows(panel, /새 수취인/);
      await shows(panel, /₩9,408,000에서 ₩9,409,500으로/);
    }
    await visitor.assertAccessible();
    await page.locator("[data-part=changes] li button").first().click();
    await shows(
      page
        .locator("[data-part=grid-row]", { has: page.locator(":focus") })
        .locator("[data-field=order]"),
      "1",
    );
    await page.getByRole("button", { name: "변경 내용을 확인했습니다" }).click();
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    assert.equal(await page.locator("[data-part=changes]").count(), 0);
    await askAgain();
    await shows(page.locator("[data-part=freshness]"), /검증값 일치/);
    await page.unroute("**/api/payout-requests");
    visitor.assertCalm();
  });

  test("a name that changed behind its mask is told without it", async () => {
    await visitor.leave();
    visitor = await stage.visit({ seesNames: false });
    ({ page } = visitor);
    await look("CLEAN_128");
    await change(({ requests: [first] }) => {
      first.printContent = first.printContent?.replace(/.$/, "X");
    });
    await askAgain();
    const panel = page.locator("[data-part=changes]");
    await shows(panel, /받는 분 통장 표시\(적요\) 1\*\* 정\* 김\*\* \(가린 부분이 바뀜\)/);
    await page.getByRole("button", { name: "보기", exact: true }).click();
    await shows(panel, /10월 정산 김민준 → 10월 정산 김민X/);
    visitor.assertCalm();
  });

  test("asking again keeps the list as part of the question", async () => {
    await look("CLEAN_128");
    await page.locator("[data-part=expect] input[type=file]").setInputFiles({
      name: "list.csv",
      mimeType: "text/csv",
      buffer: Buffer.from("적요,금액\n10월 정산 김민준,10000\n"),
    });
    await page.locator("[data-part=verdict][data-tone=stale]").waitFor();
    const [response] = await askAgain();
    assert.equal(response.request().postDataJSON().expect.requests.length, 1);
    await page.locator("[data-part=verdict][data-tone=bad]").waitFor();
  });
});
