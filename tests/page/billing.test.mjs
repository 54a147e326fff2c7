// Billing keys in the page: one or many, found or not, each as it arrives.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { onStage, shows } from "./stage.mjs";

/**
 * @import { Page } from "playwright-core"
 * @import { Stage, Visitor } from "./stage.mjs"
 */

describe("billing keys in the page", () => {
  /** @type {Stage} */
  let stage;
  /** @type {Visitor} */
  let visitor;
  /** @type {Page} */
  let page;
  onStage((now) => ({ stage, visitor, page } = now));

  test("each kind of key has its card", async () => {
    await visitor.lookUpKeys(
      "BK_CORPORATE_CARD",
      "BK_SOLE_PROPRIETOR",
      "BK_OTHER",
      "BK_UNKNOWN",
      "BK_RELEASED",
    );
    await shows(page.locator("#cards-title"), "등록 3개 · 미등록 2개");
    const cards = await page.locator("[data-part=key-card]").allInnerTexts();

    assert.match(cards[0], /카드[\s\S]*등록됨[\s\S]*법인[\s\S]*비과세/);
    assert.match(cards[1], /계좌[\s\S]*등록됨[\s\S]*개인사업자/);
    assert.match(cards[2], /기타 결제수단[\s\S]*paypal/);
    assert.match(cards[3], /등록되지 않은 빌링키[\s\S]*존재하지 않는 빌링키입니다[\s\S]*SPCD0001/);
    assert.match(cards[4], /해지되었거나 등록되지 않은 빌링키[\s\S]*SPCD0012/);
    await visitor.assertAccessible();
    visitor.assertCalm();
  });

  test("fifty keys come in a few at a time, in the order of the list", async () => {
    const keys = Array.from(
      { length: 50 },
      (_, index) => `BK_${index % 2 ? "CARD" : "ACCOUNT"}_${String(index + 1).padStart(3, "0")}`,
    );
    let [underWay, most] = [0, 0];
    await page.route("**/api/billing-keys", async (route) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await route.continue();
      await (await route.request().response())?.finished();
      underWay -= 1;
    });
    await visitor.lookUpKeys(...keys);
    await page.getByRole("progressbar").waitFor();
    await page.locator("#cards-title", { hasText: "등록 50개" }).waitFor();

    assert.ok(most <= 2, `${most} requests at once`);
    await shows(() => page.locator("[data-part=key-card][data-state=registered]").count(), 50);
    await shows(
      () => page.locator("[data-part=card-number]").allInnerTexts(),
      keys.map((_, index) => String(index + 1)),
    );
    visitor.assertCalm();
  });

  test("what was wrong with other keys is not said above answers", async () => {
    await page.locator("#tab-billing").click();
    const alerts = page.locator("#view-billing [role=alert]");
    await page.locator("#billing-keys").press("Enter");
    await shows(alerts, "빌링키를 입력하세요.");
    const file = page.locator("[data-part=key-file] input[type=file]");
    const buffer = Buffer.from([0x50, 0x4b, 3, 4, 0, 0]);
    await file.setInputFiles({ name: "broken.xlsx", mimeType: "", buffer });
    await shows(alerts, /읽을 수 없는 파일/);
    assert.equal(await alerts.count(), 1);
    await visitor.lookUpKeys("BK_CARD_001");
    await page.locator("[data-part=key-card][data-state=registered]").waitFor();
    assert.equal(await alerts.count(), 0);
    visitor.assertCalm();
  });

  test("a choice of what is shown stays in sight, and has as many keys as it says", async () => {
    await page.route("**/api/billing-keys", () => {}, { times: 1 });
    await visitor.lookUpKeys(...Array.from({ length: 8 }, (_, n) => `BK_CARD_00${n + 1}`));
    const waiting = page.getByRole("button", { name: /^미조회/ });
    await shows(waiting, /8/);
    await waiting.click();
    await shows(() => page.locator("[data-part=key-card]").count(), 8);
    await page.getByRole("button", { name: "중지" }).click();
    await page.getByRole("button", { name: "남은 8개 조회" }).click();
    await shows(page.locator("#cards-title"), "등록 8개");
    await shows(page.locator("#view-billing [aria-pressed=true]").first(), /^전체/);
    visitor.assertCalm();
  });

  test("a batch can be stopped; what is there stays, and the rest can be looked up later", async () => {
    const first = Array.from({ length: 5 }, (_, index) => `BK_CARD_00${index + 1}`);
    await visitor.lookUpKeys(
      ...first,
      ...Array.from({ length: 9 }, (_, index) => `FAULT_NO_ANSWER-${index}`),
    );
    await page.locator("[data-part=key-card][data-state=registered]").first().waitFor();
    await page.getByRole("button", { name: "중지" }).click();

    await page.getByText("중지하여 9개는 조회하지 않았습니다.").waitFor();
    await shows(() => page.locator("[data-part=key-card][data-state=registered]").count(), 5);
    await visitor.assertAccessible();
    await page.route("**/api/billing-keys", (route) => {
      /** @type {{ payerIds: string[] }} */
      const { payerIds } = route.request().postDataJSON();
      return route.fulfill({
        json: {
          results: payerIds.map((payerId, index) => ({
            index,
            payerId,
            status: "not_registered",
            code: "SPCD0001",
            message: "none",
          })),
        },
      });
    });
    await page.getByRole("button", { name: "남은 9개 조회" }).click();
    await shows(page.locator("#cards-title"), "등록 5개 · 미등록 9개");
    visitor.assertCalm();
  });

  test("more than ten thousand are refused, and repeated ones asked once", async () => {
    await page.locator("#tab-billing").click();
    const keys = Array.from({ length: 10_001 }, (_, index) => `K${index}`).join("\n");
    await page
      .locator("#billing-keys")
      .evaluate((/** @type {HTMLTextAreaElement} */ field, keys) => {
        field.value = keys;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }, keys);
    await page.locator("#billing-keys").press("Enter");
    await shows(() => page.getByRole("alert").innerText(), /빌링키가 10,001개입니다/);
    await visitor.lookUpKeys("BK_CARD_001", `"BK_CARD_001",BK_CARD_002;BK_CARD_001`);
    await shows(page.locator("#cards-title"), "등록 2개");
    assert.equal(await page.locator("[data-part=key-card]").count(), 2);
    await page.getByText("중복된 2개는 한 번만 조회합니다.").waitFor();
    assert.equal(stage.sandbox.stats().billingKeyLookups, 2);
  });

  test("a key is masked until somebody wants to see it, and can be copied", async () => {
    await visitor.lookUpKeys("BK_CORPORATE_CARD");
    const key = page.locator("[data-part=card-key]");
    await shows(() => key.innerText(), /BK_C…CARD/);
    await key.getByRole("button").first().click();
    await shows(key, /BK_CORPORATE_CARD/);
    await key.getByRole("button", { name: "빌링키 복사" }).click();
    await shows(() => page.evaluate(() => navigator.clipboard.readText()), "BK_CORPORATE_CARD");
    // Where the browser refuses, the eye is told, too.
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException("", "NotAllowedError"));
    });
    await key.getByRole("button", { name: "빌링키 복사" }).click();
    await key.locator("[data-part=not-copied]").waitFor();
    await shows(key.locator("[data-part=not-copied]"), /복사하지 못했습니다/);
    await visitor.assertAccessible();
  });

  test("a key in sight stays there as its answer comes, and the next one begins masked", async () => {
    /** @type {(() => void) | undefined} */
    let release;
    /** @type {Promise<void>} */
    const released = new Promise((resolve) => {
      release = resolve;
    });
    await page.route("**/api/billing-keys", async (route) => {
      await released;
      await route.continue();
    });
    await visitor.lookUpKeys("BK_CORPORATE_CARD");
    const card = page.locator("[data-part=key-card]");
    await shows(() => card.getAttribute("data-state"), "asking");
    const shown = card.locator("[data-part=card-key] button").first();
    await shown.press("Enter");
    await shows(shown, "BK_CORPORATE_CARD");
    release?.();
    await shows(() => card.getAttribute("data-state"), "registered");
    await shows(shown, "BK_CORPORATE_CARD");
    assert.equal(await shown.evaluate((button) => button === document.activeElement), true);

    await visitor.lookUpKeys("BK_CARD_001");
    await shows(shown, "BK…");
  });

  test("a name that is not told is unknown", async () => {
    await page.route("**/api/billing-keys", async (route) => {
      const response = await route.fetch();
      const json = await response.json();
      delete json.results[0].billingKey.payerName;
      await route.fulfill({ response, json });
    });
    await visitor.lookUpKeys("BK_CORPORATE_CARD");
    const facts = page.locator("[data-part=key-card] dl");
    await shows(facts, /이름\s+정보 없음\s+구분\s+법인/);
  });

  test("a result is said to be of other keys as soon as others stand on the page", async () => {
    await visitor.lookUpKeys("BK_CARD_001");
    const card = page.locator("[data-part=key-card][data-state=registered]");
    await card.waitFor();
    const stale = page.locator("[data-part=stale]");
    assert.equal(await stale.count(), 0);
    await page.locator("#billing-keys").fill("BK_UNKNOWN");
    await shows(stale, /아직 조회하지 않았습니다[\s\S]*이전에 조회한/);
    await visitor.assertAccessible();
    await page.locator("#billing-keys").fill(" BK_CARD_001\n");
    await stale.waitFor({ state: "detached" });
    // A file is another question, too.
    await page.locator("[data-part=key-file] input[type=file]").setInputFiles({
      name: "keys.csv",
      mimeType: "text/csv",
      buffer: Buffer.from("빌링키\nBK_ACCOUNT_001\n"),
    });
    await stale.waitFor();
    await page.locator("[data-part=key-source-go] button").click();
    await stale.waitFor({ state: "detached" });
    await page.locator("#billing-keys").fill("BK_UNKNOWN");
    await stale.waitFor();
    await page.keyboard.press("Enter");
    await page.locator("[data-part=key-card][data-state=missing]").waitFor();
    assert.equal(await stale.count(), 0);
    visitor.assertCalm();
  });

  test("one that failed can be asked again by itself", async () => {
    stage.sandbox.queueFault({ endpoint: "billing", fault: "FAULT_200_HTML", times: 1 });
    await visitor.lookUpKeys("BK_CARD_001");
    const card = page.locator("[data-part=key-card][data-state=failed]");
    await card.waitFor();
    // Of one key among many there is no trace ID, so nobody is asked to hand it on.
    await shows(card, /아래 상세 내용을 전달하세요[\s\S]*상세 내용/);
    assert.doesNotMatch(await card.innerText(), /추적 번호/);
    await visitor.assertAccessible();
    await page.getByRole("button", { name: "다시 조회" }).click();
    await page.locator("[data-part=key-card][data-state=registered]").waitFor();
  });
});
