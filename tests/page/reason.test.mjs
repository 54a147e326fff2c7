// Why something leaves the page: asked first, on the access record before the file is made, and nothing leaves without it.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { onStage, shows } from "./stage.mjs";

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
  let stage, visitor, page;
  onStage((entered) => ({ stage, visitor, page } = entered), {
    test: { settings: { NAMED_TOKENS } },
  });

  const look = async () => {
    await visitor.lookUpGroup("CLEAN_128");
    await page.locator("[data-part=verdict]", { hasText: "CLEAN_128" }).waitFor();
  };
  const dialog = () => page.locator("dialog[data-part=reason]");
  const downloads = () => {
    const seen = [];
    page.on("download", (download) => seen.push(download));
    return seen;
  };
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
    assert.ok(entry.rows > 0);
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
    await page.unroute("**/api/actions");
  });
});
