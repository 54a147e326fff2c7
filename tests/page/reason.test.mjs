// Why something leaves the page: asked first, on the access record before the file is made, and
// nothing leaves without it.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { bearer, NAMED_TOKENS as PEOPLE, signInAs } from "./auditor.mjs";
import { onStage, printByMenu, setStage, shows } from "./stage.mjs";

/**
 * @import { Download, Page } from "playwright-core"
 * @import { AccessRecord } from "../../src/npm/js/models.d.ts"
 * @import { Who } from "./auditor.mjs"
 * @import { Stage, Visitor } from "./stage.mjs"
 */

const AUDITOR = randomBytes(32).toString("base64url");
const NAMED_TOKENS = [
  {
    name: "auditor@shop.example",
    kind: "person",
    sha256: createHash("sha256").update(AUDITOR).digest("hex"),
    roles: ["audit"],
    expires: "2099-12-31",
  },
];

describe("taking rows out of the page", () => {
  /** @type {Stage} */
  let stage;
  /** @type {Visitor} */
  let visitor;
  /** @type {Page} */
  let page;
  onStage((entered) => ({ stage, visitor, page } = entered), {
    test: { settings: { NAMED_TOKENS } },
  });

  const look = async () => {
    await visitor.lookUpGroup("CLEAN_128");
    await page.locator("[data-part=verdict]", { hasText: "CLEAN_128" }).waitFor();
  };
  const dialog = () => page.locator("dialog[data-part=reason]");
  const downloads = () => {
    /** @type {Download[]} */
    const seen = [];
    page.on("download", (download) => seen.push(download));
    return seen;
  };
  /** @type {() => Promise<AccessRecord[]>} */
  const exported = async () => {
    const headers = { Authorization: `Bearer ${AUDITOR}` };
    const response = await stage.workers.test.fetch("/api/access-records?task=export", { headers });
    return (await response.json()).records;
  };

  test("is asked for its reason, and on the record before the file is made", async () => {
    await look();
    const files = downloads();
    await page.getByRole("button", { name: "CSV 저장" }).click();
    await shows(dialog(), /건을 파일로 저장합니다/);
    const go = dialog().getByRole("button", { name: "기록하고 저장" });
    assert.equal(await go.isDisabled(), true);
    await dialog().locator("textarea").fill("  ");
    assert.equal(await go.isDisabled(), true);
    const { violations } = await new AxeBuilder({ page })
      .include("dialog[data-part=reason]")
      .analyze();
    assert.deepEqual(violations, []);
    assert.deepEqual([files.length, (await exported()).length], [0, 0]);

    await dialog().locator("textarea").fill("11월 정산 확인");
    const saving = page.waitForEvent("download");
    await go.click();
    await saving;
    const [entry] = await exported();
    assert.deepEqual([entry.subjectText, entry.reasonText], ["CLEAN_128", "11월 정산 확인"]);
    assert.ok(Number(entry.rows) > 0);
    visitor.assertCalm();
  });

  test("makes no file when it is called off, or when it cannot be recorded", async () => {
    await look();
    const files = downloads();
    await page.getByRole("button", { name: "CSV 저장" }).click();
    await dialog().getByRole("button", { name: "취소" }).click();
    await shows(() => dialog().count(), 0);

    await page.route("**/api/actions", (route) =>
      route.fulfill({
        status: 503,
        contentType: "application/problem+json",
        body: JSON.stringify({
          kind: "record_unavailable",
          detail: "the record is down",
          hintKo: "접속기록이 남지 않으면 내보내지 않습니다.",
        }),
      }),
    );
    await page.getByRole("button", { name: "CSV 저장" }).click();
    await dialog().locator("textarea").fill("x");
    await dialog().getByRole("button", { name: "기록하고 저장" }).click();
    await shows(dialog().getByRole("alert"), /접속기록이 남지 않으면/);
    assert.equal(files.length, 0);
    // Who works by keyboard is still where they were.
    await dialog().getByRole("button", { name: "기록하고 저장" }).press("Enter");
    await shows(dialog().getByRole("alert"), /접속기록이 남지 않으면/);
    await shows(() => page.evaluate(() => document.activeElement?.textContent), "기록하고 저장");
    await page.unroute("**/api/actions");
  });
});

describe("by the Worker's setting", () => {
  const RULES = ["off", "optional", "forbidden"];
  /** @type {Stage} */
  let stage;
  before(async () => {
    const plans = RULES.map((EXPORT_REASON) => [
      EXPORT_REASON,
      { settings: { NAMED_TOKENS: PEOPLE, EXPORT_REASON } },
    ]);
    stage = await setStage({
      ...Object.fromEntries(plans),
      test: { settings: { NAMED_TOKENS: PEOPLE } },
    });
  });
  after(() => stage?.close());

  /** @type {(who: Who, worker: string) => Promise<Visitor>} */
  const visitAs = async (who, worker) => {
    const visitor = await stage.visit({ signsIn: false, worker });
    await signInAs(visitor.page, who);
    await visitor.lookUpGroup("CLEAN_128");
    await visitor.page.locator("[data-part=verdict]", { hasText: "CLEAN_128" }).waitFor();
    return visitor;
  };
  /** @type {(worker: string) => Promise<AccessRecord[]>} */
  const exported = async (worker) => {
    const headers = bearer("auditor");
    const response = await stage.workers[worker].fetch("/api/access-records?task=export", {
      headers,
    });
    return (await response.json()).records;
  };
  const button = (/** @type {Page} */ page) => page.getByRole("button", { name: "CSV 저장" });
  const dialog = (/** @type {Page} */ page) => page.getByRole("dialog");

  test("nobody is asked, and it is on the record all the same", async () => {
    const { page, assertCalm, leave } = await visitAs("clerk", "off");
    const saving = page.waitForEvent("download");
    await button(page).click();
    assert.match((await saving).suggestedFilename(), /_clerk@shop\.example\.csv$/);
    const [entry] = await exported("off");
    assert.deepEqual([entry.who, entry.reasonText], ["person clerk@shop.example", undefined]);

    // While it is being recorded nothing else is done, however often the button is pressed.
    /** @type {(() => void) | undefined} */
    let release;
    /** @type {Promise<void>} */
    const released = new Promise((resolve) => {
      release = resolve;
    });
    let recordings = 0;
    await page.route("**/api/actions", async (route) => {
      recordings += 1;
      await released;
      await route.continue();
    });
    let files = 0;
    page.on("download", () => (files += 1));
    await button(page).press("Enter");
    await shows(dialog(page).getByRole("status"), /접속기록에 남기는 중입니다/);
    await page.keyboard.press("Enter");
    await button(page).click({ force: true });
    await shows(dialog(page).getByRole("status"), /접속기록에 남기는 중입니다/);
    release?.();
    await dialog(page).waitFor({ state: "detached" });
    await shows(() => files, 1);
    assert.equal(recordings, 1);
    assert.equal((await exported("off")).length, 2);
    await page.unroute("**/api/actions");

    // Where it cannot be recorded, no file is made, and it is told why.
    await page.route("**/api/actions", (route) =>
      route.fulfill({ status: 503, json: { kind: "record_unavailable", detail: "down" } }),
    );
    await button(page).click();
    await shows(dialog(page).getByRole("alert"), /접속기록을 남기지 못해/);
    await page.unroute("**/api/actions");
    const again = page.waitForEvent("download");
    await dialog(page).getByRole("button", { name: "기록하고 저장" }).click();
    await again;
    assertCalm();
    await leave();
  });

  test("a reason that is optional may be left empty", async () => {
    const { page, assertCalm, leave } = await visitAs("clerk", "optional");
    await button(page).click();
    await dialog(page).getByLabel("사유 (선택)").waitFor();
    const saving = page.waitForEvent("download");
    await dialog(page).getByRole("button", { name: "기록하고 저장" }).click();
    await saving;
    const [entry] = await exported("optional");
    assert.equal(entry.reasonText, undefined);
    assertCalm();
    await leave();
  });

  test("nothing leaves where it is forbidden or the role is missing, and the page says why", async () => {
    /** @type {[who: Who, worker: string, why: RegExp, onPaper: RegExp][]} */
    const cases = [
      [
        "clerk",
        "forbidden",
        /CSV 저장: 내보내기와 인쇄가 설정으로 금지되어 있습니다/,
        /^인쇄되지 않았습니다\s+내보내기와 인쇄가 설정으로 금지되어 있습니다\.$/,
      ],
      [
        "viewer",
        "test",
        /CSV 저장: 내보내기 권한\(export\)이 없습니다/,
        /^인쇄되지 않았습니다\s+내보내기 권한\(export\)이 없습니다\. 관리자에게 요청하세요\.$/,
      ],
    ];
    for (const [who, worker, why, onPaper] of cases) {
      const { page, assertAccessible, assertCalm, leave } = await visitAs(who, worker);
      await shows(page.locator("#view-payout"), why);
      await shows(page.locator("#view-payout"), /검토 확인서 인쇄·PDF 저장: 내보내기/);
      assert.equal(await button(page).count(), 0);
      assert.equal(await page.getByRole("button", { name: /인쇄/ }).count(), 0);
      await assertAccessible();
      await printByMenu(page);
      await page.emulateMedia({ media: "print" });
      await shows(page.locator("#paper"), onPaper);
      await shows(() => page.locator("#app").isVisible(), false);
      assertCalm();
      await leave();
    }
  });
});
