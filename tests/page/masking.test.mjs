// Names and telephone numbers are masked until somebody wants to see them, which is on the access
// record before they are shown.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { bearer, NAMED_TOKENS, signInAs } from "./auditor.mjs";
import { ACCOUNT, CARD, endPrint, giveReason, LOOKS, print, setStage, shows } from "./stage.mjs";

/**
 * @import { Page, Request } from "playwright-core"
 * @import { AccessRecord, PayoutRequestGroup } from "../../src/npm/js/models.d.ts"
 * @import { Stage, VisitorOptions } from "./stage.mjs"
 */

describe("names and telephone numbers", () => {
  /** @type {Stage} */
  let stage;
  before(async () => {
    stage = await setStage({ test: { settings: { NAMED_TOKENS } } });
  });
  after(() => stage?.close());

  const visit = async (/** @type {VisitorOptions} */ options = {}) => {
    const visitor = await stage.visit({ signsIn: false, seesNames: false, ...options });
    await signInAs(visitor.page, "clerk");
    return visitor;
  };
  /** @type {() => Promise<AccessRecord[]>} */
  const recorded = async () => {
    const headers = bearer("auditor");
    const response = await stage.workers.test.fetch("/api/access-records?task=show", { headers });
    return (await response.json()).records;
  };
  const show = (/** @type {Page} */ page) => page.locator("[data-part=show-names]:visible");
  const view = (/** @type {Page} */ page) => page.locator("[role=tabpanel]:visible");
  const refuse = (/** @type {Page} */ page) =>
    page.route("**/api/actions", (route) =>
      route.fulfill({
        status: 503,
        contentType: "application/problem+json",
        body: JSON.stringify({ kind: "record_unavailable", detail: "the record is down" }),
      }),
    );

  test("of a group are masked everywhere, and shown once that is on the record", async () => {
    const { page, lookUpGroup, assertCalm, leave } = await visit();
    const names = await namesOf("CLEAN_128");
    /** @type {Request[]} */
    const sent = [];
    const taskOf = (/** @type {Request} */ request) => request.postDataJSON().action;
    page.on("request", (request) => request.url().endsWith("/api/actions") && sent.push(request));
    await lookUpGroup("CLEAN_128");
    await show(page).waitFor();
    const seen = async () => {
      const html = await page.locator("main").innerHTML();
      return names.filter((name) => html.includes(name));
    };
    assert.ok(names.length > 10);
    assert.deepEqual(await seen(), []);
    // A search does not find them either, and says so: that nothing is found must not be taken for
    // "there is nobody of that name".
    await page.locator("input[type=search]").fill(names[0]);
    await shows(
      view(page),
      /조건에 맞는 요청이 없습니다[\s\S]*적요\)를 가린 동안에는 그 내용으로 찾을 수 없습니다/,
    );
    await page.locator("input[type=search]").fill("99999999");
    await shows(page.locator("[data-part=none]"), /찾을 수 없습니다/);
    await page.locator("input[type=search]").fill("");
    // Nor are they on paper.
    await print(page);
    const paper = await page.locator("#paper").innerHTML();
    assert.deepEqual(
      names.filter((name) => paper.includes(name)),
      [],
    );
    assert.match(paper, /CLEAN_128/);
    await endPrint(page);
    assert.deepEqual([sent.splice(0).map(taskOf), await recorded()], [["print"], []]);

    await show(page).click();
    await shows(async () => (await seen()).length > 0, true);
    const [entry] = await recorded();
    assert.deepEqual(
      [entry.who, entry.task, entry.subjectText, entry.rows],
      ["person clerk@shop.example", "show", "CLEAN_128", 128],
    );
    await page.getByRole("button", { name: "다시 가리기" }).click();
    await shows(seen, []);
    assertCalm();
    await leave();

    /** @param {string} groupKey */
    async function namesOf(groupKey) {
      const response = await stage.workers.test.payoutRequests(groupKey);
      /** @type {PayoutRequestGroup} */
      const { requests } = await response.json();
      return [...new Set(requests.flatMap(({ printContent }) => printContent || []))];
    }
  });

  test("are shown and masked by keyboard, whose focus stays", async () => {
    const { page, lookUpGroup, leave } = await visit();
    await lookUpGroup("CLEAN_128");
    await show(page).focus();
    for (const name of ["다시 가리기", "보기", "다시 가리기"]) {
      await page.keyboard.press("Enter");
      await shows(() => page.evaluate(() => document.activeElement?.textContent), name);
    }
    await leave();
  });

  test("are masked again for another question, and stay shown for the same one", async () => {
    const { page, lookUpGroup, assertCalm, leave } = await visit();
    await lookUpGroup("CLEAN_128");
    await show(page).click();
    await page.getByRole("button", { name: "다시 가리기" }).waitFor();
    await lookUpGroup("CLEAN_128");
    await page.getByRole("button", { name: "다시 가리기" }).waitFor();
    await lookUpGroup("ROWS_10000");
    await show(page).waitFor();
    await lookUpGroup("CLEAN_128");
    await show(page).waitFor();
    assertCalm();
    await leave();
  });

  test("stay masked, and the page says why, where it cannot be recorded", async () => {
    const { page, lookUpGroup, lookUpKeys, leave } = await visit();
    await refuse(page);
    await lookUpGroup("CLEAN_128");
    await show(page).click();
    await shows(view(page).getByRole("alert"), /접속기록에 남길 수 없어 가린 상태를 유지합니다/);
    await show(page).waitFor();
    await lookUpKeys(ACCOUNT);
    await show(page).click();
    await shows(view(page).getByRole("alert"), /접속기록에 남길 수 없어 가린 상태를 유지합니다/);
    await shows(view(page), /홍\*\*/);
    await leave();
  });

  test("of billing keys are masked, shown once recorded, and in a file as they are shown", async () => {
    const { page, lookUpKeys, assertCalm, leave } = await visit();
    const before = (await recorded()).length;
    await lookUpKeys(CARD, ACCOUNT, "BK_UNKNOWN");
    await show(page).waitFor();
    await shows(view(page), /홍\*\*[\s\S]*010-\*\*\*\*-\*\*\*\*/);
    const save = async () => {
      const saving = page.waitForEvent("download");
      await page.getByRole("button", { name: "CSV 저장" }).click();
      await giveReason(page);
      return readFile(await (await saving).path(), "utf8");
    };
    const masked = await save();
    assert.match(masked, /홍\*\*/);
    assert.doesNotMatch(masked, /홍길동|5678/);
    assert.equal((await recorded()).length, before);
    await show(page).click();
    await shows(view(page), /홍길동[\s\S]*010-\*\*\*\*-5678/);
    const entries = (await recorded()).slice(0, (await recorded()).length - before);
    assert.deepEqual(entries.map(({ subjectText }) => subjectText).sort(), [ACCOUNT, CARD].sort());
    assert.match(await save(), /홍길동/);
    // Other keys are another question.
    await lookUpKeys(ACCOUNT);
    await show(page).waitFor();
    assertCalm();
    await leave();
  });

  for (const { name, look } of LOOKS)
    test(`are masked accessibly: ${name}`, async () => {
      const { page, lookUpGroup, assertAccessible, assertFits, assertCalm, leave } =
        await visit(look);
      await lookUpGroup("CLEAN_128");
      await show(page).waitFor();
      await assertAccessible();
      await show(page).click();
      await page.getByRole("button", { name: /다시 가리기|Mask again/ }).waitFor();
      await assertAccessible();
      await assertFits();
      assertCalm();
      await leave();
    });
});
