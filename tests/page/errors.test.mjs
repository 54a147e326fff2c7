// What goes wrong is told in words, with what to do and what to hand on; what takes long can be
// cancelled.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventually } from "../worker/workers.mjs";
import { GROUP, onStage, shows } from "./stage.mjs";

/**
 * @import { Page } from "playwright-core"
 * @import { Stage, Visitor } from "./stage.mjs"
 */

describe("errors and waiting in the page", () => {
  /** @type {Stage} */
  let stage;
  /** @type {Visitor} */
  let visitor;
  /** @type {Page} */
  let page;
  onStage((now) => ({ stage, visitor, page } = now), { test: {}, limited: { limit: 2 } });

  const panel = () => page.locator("[data-part=error-panel]");

  for (const [key, words] of Object.entries({
    NO_SUCH_GROUP:
      /페이플이 조회를 거부했습니다[\s\S]*페이플 응답[\s\S]*페이플 코드\s+A0404[\s\S]*추적 번호/,
    FAULT_401: /페이플이 파트너 인증을 거부했습니다[\s\S]*추적 번호/,
    FAULT_T0996: /현재 조회할 수 없습니다[\s\S]*서비스 시간[\s\S]*T0996/,
    FAULT_200_HTML: /페이플 응답 형식이 달라 결과를 표시하지 않았습니다[\s\S]*추적 번호/,
  })) {
    test(`${key} is explained`, async () => {
      await visitor.lookUpGroup(key);
      await panel().waitFor();
      await shows(panel(), words);
      await visitor.assertAccessible();
      visitor.assertCalm();
    });
  }

  test("code and request id can be copied, and the id is the Worker's", async () => {
    await visitor.lookUpGroup("NO_SUCH_GROUP");
    await page.getByRole("button", { name: "페이플 코드 복사" }).click();
    await shows(() => page.evaluate(() => navigator.clipboard.readText()), "A0404");
    await page.getByRole("button", { name: "추적 번호 복사" }).click();
    await eventually(async () => {
      const id = await page.evaluate(() => navigator.clipboard.readText());
      assert.ok(stage.workers.events("request").some(({ requestId }) => requestId === id));
    });
  });

  test("a failure that was only for once goes away by asking again", async () => {
    stage.sandbox.queueFault({ endpoint: "payout", fault: "FAULT_200_HTML", times: 1 });
    await visitor.lookUpGroup(GROUP);
    await panel().waitFor();
    await page.getByRole("button", { name: "다시 조회" }).click();
    await page.locator("[data-part=verdict]").waitFor();
    await shows(() => panel().count(), 0);
  });

  test("asking again takes the key as the form's own button does", async () => {
    await visitor.lookUpGroup("NO_SUCH_GROUP");
    await panel().waitFor();
    const field = page.locator("#group-key");
    await field.fill("  CLEAN 128 ");
    await page.getByRole("button", { name: "다시 조회" }).click();
    await shows(page.getByRole("alert").first(), /공백이 있습니다/);
    await page.locator("#group-key:focus").waitFor();
    await shows(panel(), /A0404/);
    await field.fill("  CLEAN_128 ");
    await page.getByRole("button", { name: "다시 조회" }).click();
    await page.locator("[data-part=verdict]", { hasText: "CLEAN_128" }).waitFor();
    await shows(() => field.inputValue(), "CLEAN_128");
    visitor.assertCalm();
  });

  test("in English, advice and words are English", async () => {
    await page.getByRole("button", { name: "English" }).click();
    await visitor.lookUpGroup("FAULT_T0996");
    await panel().waitFor();
    await shows(
      () => panel().innerText(),
      /cannot be looked up right now[\s\S]*maintenance[\s\S]*Payple's code/,
    );
  });

  test("a missing connection is explained", async () => {
    await page.route("**/api/payout-requests", (route) => route.abort());
    await visitor.lookUpGroup(GROUP);
    await shows(panel(), /서버에 연결하지 못했습니다/);
    await visitor.assertAccessible();
  });

  test("too many look-ups are explained", async () => {
    const other = await stage.visit({ worker: "limited" });
    let status;
    // Two a minute, so four where one minute ends and the next begins.
    for (let n = 0; n < 5 && status !== 429; n += 1) {
      const answered = other.page.waitForResponse("**/api/payout-requests");
      await other.lookUpGroup(GROUP);
      status = (await answered).status();
    }
    await shows(other.page.locator("[data-part=error-panel]"), /요청이 너무 많았습니다/);
    await other.leave();
  });

  test("a quick answer shows no progress, a slow one does, and can be cancelled", async () => {
    // The time of the page stands still, however slow this machine is.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    await visitor.lookUpGroup("FAULT_NO_ANSWER");
    await page.locator("[data-part=asking]").waitFor({ state: "attached" });
    await page.clock.runFor(100);
    assert.equal(await page.getByText("조회 중입니다").count(), 0);
    await page.clock.resume();
    await page.getByText("조회 중입니다").waitFor();
    await visitor.assertAccessible();
    await page.getByRole("button", { name: "취소" }).click();
    await page.getByText("조회 중입니다").waitFor({ state: "detached" });
    await shows(() => page.locator("#group-key").inputValue(), "FAULT_NO_ANSWER");
    visitor.assertCalm();
  });

  test("an answer that comes after a newer question is not shown", async () => {
    await visitor.lookUpGroup("FAULT_SLOW_ANSWER-1500");
    await visitor.lookUpGroup("EMPTY");
    await page.locator("[data-part=verdict][data-tone=empty]").waitFor();
    await page.waitForTimeout(2_000);
    assert.equal(await page.locator("[data-part=verdict][data-tone=empty]").count(), 1);
    visitor.assertCalm();
  });
});
