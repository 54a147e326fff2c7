// The keyboard in the page: shortcuts, and a focus that never falls to the body when what had it
// goes away.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { onStage, shows } from "./stage.mjs";

/**
 * @import { Locator, Page } from "playwright-core"
 * @import { Visitor } from "./stage.mjs"
 */

describe("the keyboard in the page", () => {
  /** @type {Visitor} */
  let visitor;
  /** @type {Page} */
  let page;
  onStage((now) => ({ visitor, page } = now));

  const focused = () =>
    page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.id || activeElement?.className || activeElement?.localName;
    });
  const isNowhere = () => page.evaluate(() => document.activeElement === document.body);

  test("/ goes to the key, Esc cancels a look-up, and both are shown", async () => {
    await visitor.lookUpGroup("CLEAN_128");
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    await page.locator("#group-key").press("/");
    await shows(() => page.locator("#group-key").inputValue(), "CLEAN_128/");
    await page.locator("#group-key").fill("CLEAN_128");
    await page.locator("[data-part=freshness] button").focus();
    await page.keyboard.press("/");
    await shows(focused, "group-key");
    await shows(page.locator("#group-key-help"), /\/\s+입력란 바로 가기/);
    await visitor.lookUpGroup("FAULT_NO_ANSWER");
    await shows(page.locator("[data-part=asking]"), /취소\s+Esc/);
    await shows(page.locator("[data-part=elapsed]"), /[1-9]\d*초 경과/);
    await visitor.assertAccessible();
    await page.keyboard.press("Escape");
    await page.locator("[data-part=spinner]").waitFor({ state: "detached" });
    await shows(() => page.locator("[aria-live=polite]").innerText(), /취소했습니다/);
    visitor.assertCalm();
  });

  test("what was announced is gone when it may not be true any more", async () => {
    await page.clock.install();
    await visitor.lookUpGroup("CLEAN_128");
    await shows(page.locator("[aria-live=polite]"), /자체 점검 이상 없음/);
    await page.clock.fastForward(11_000);
    await shows(page.locator("[aria-live=polite]"), "");
    visitor.assertCalm();
  });

  test("asking again with the keyboard leads to the new verdict", async () => {
    await visitor.lookUpGroup("CLEAN_128");
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    await page.locator("[data-part=freshness] button").focus();
    await page.keyboard.press("Enter");
    await page.locator("[data-part=freshness]", { hasText: "검증값 일치" }).waitFor();
    await shows(focused, "verdict");
    visitor.assertCalm();
  });

  test("while it is asked again, the focus is on the button that cancels", async () => {
    await visitor.lookUpGroup("CLEAN_128");
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    await page.route("**/api/payout-requests", () => {});
    await page.locator("[data-part=freshness] button").focus();
    await page.keyboard.press("Enter");
    await page.locator("[data-part=asking] button:focus").waitFor();
    await page.keyboard.press("Enter");
    await page.locator("[data-part=asking]").waitFor({ state: "detached" });
    await shows(isNowhere, false);
    visitor.assertCalm();
  });

  test("a notice that has been read, and a session that goes on, leave the focus on the page", async () => {
    await page.evaluate(() => sessionStorage.setItem("payple-edge:reload-reason", "person"));
    const inMs = (/** @type {number} */ ms) => new Date(Date.now() + ms).toISOString();
    let lastsMs = 100_000;
    await page.route("**/api/session", async (route) => {
      const reply = await route.fetch();
      const session = await reply.json();
      await route.fulfill({ json: { ...session, expiresAt: inMs(lastsMs) } });
    });
    await page.reload();
    const notice = page.locator("[data-part=reloaded]");
    await notice.getByRole("button").focus();
    await page.keyboard.press("Enter");
    await notice.waitFor({ state: "detached" });
    await shows(focused, "main");
    lastsMs = 1_800_000;
    const ending = page.locator("[data-part=ending]");
    await ending.getByRole("button").focus();
    await page.keyboard.press("Enter");
    await ending.waitFor({ state: "detached" });
    await shows(focused, "main");
    visitor.assertCalm();
  });

  test("what goes away leaves the focus near by", async () => {
    await visitor.lookUpGroup("CLEAN_128");
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    await page.locator("[data-part=recent] > button").focus();
    await page.keyboard.press("Enter");
    await page.locator("[data-part=recent]").waitFor({ state: "detached" });
    await shows(isNowhere, false);
    await visitor.lookUpGroup("FAULT_NO_ANSWER");
    await page.locator("[data-part=asking] button").focus();
    await page.keyboard.press("Enter");
    await page.locator("[data-part=asking] button").waitFor({ state: "detached" });
    await shows(isNowhere, false);
    visitor.assertCalm();
  });

  test("the verdict and the comparison are announced as one", async () => {
    await visitor.lookUpGroup("CLEAN_128");
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    await page.locator("[data-part=expect] input[type=file]").setInputFiles({
      name: "list.csv",
      mimeType: "text/csv",
      buffer: Buffer.from("적요,금액\n10월 정산 김민준,10000\n"),
    });
    await page.locator("[data-part=list-go] button").click();
    await page.locator("[data-part=outcome]").waitFor();
    await shows(
      () => page.locator("[aria-live=polite]").innerText(),
      /지급을 보류하세요[\s\S]*예정 1건 중 1건 일치/,
    );
    assert.equal(await page.locator("[aria-live=polite]").count(), 1);
    visitor.assertCalm();
  });

  test("in forced colours the chosen tab and chip are told apart", async () => {
    const colours = (/** @type {Locator} */ locator) =>
      locator.evaluate((element) => {
        const { backgroundColor, color, borderBlockEndColor } = getComputedStyle(element);
        return `${backgroundColor} ${color} ${borderBlockEndColor}`;
      });
    await page.emulateMedia({ forcedColors: "active" });
    assert.notEqual(
      await colours(page.locator("#tab-payout")),
      await colours(page.locator("#tab-billing")),
    );
    await visitor.lookUpGroup("CLEAN_128");
    await page.locator("[data-part=subtotals] summary").click();
    const chips = page.locator("[data-part=subtotals] [aria-pressed]");
    await chips.first().waitFor();
    assert.notEqual(await colours(chips.first()), await colours(chips.last()));
    await visitor.assertAccessible();
    await page.emulateMedia({ forcedColors: "none" });
    visitor.assertCalm();
  });

  test("text of 200 % on a phone needs no scrolling sideways, and the environment stays in sight", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await visitor.lookUpGroup("MANY_FINDINGS");
    await page.locator("[data-part=verdict][data-tone=bad]").waitFor();
    await page.evaluate(() => {
      document.documentElement.style.fontSize = "200%";
    });
    await visitor.assertFits();
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await shows(
      () =>
        page
          .locator("aside[data-environment]")
          .evaluate((bar) => Math.round(bar.getBoundingClientRect().top)),
      0,
    );
    visitor.assertCalm();
  });

  test("with text of 200 % on a phone, what a difference says does not lie on top of each other", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.evaluate(() => {
      document.documentElement.style.fontSize = "200%";
    });
    await visitor.lookUpGroup("CLEAN_128");
    await page.locator("[data-part=verdict]", { hasText: "CLEAN_128" }).waitFor();
    await page
      .locator("[data-part=expect] input[type=file]")
      .setInputFiles(join(import.meta.dirname, "sheets", "payments-utf8.csv"));
    await page.locator("[data-part=list-go] button").click();
    await page.locator("[data-part=outcome]").waitFor();
    const faults = () =>
      page.locator("[data-part=entry]").evaluateAll((entries) =>
        entries.flatMap((entry) => {
          const whole = entry.getBoundingClientRect();
          const parts = entry.querySelectorAll(
            "[data-part=tag], [data-part=seen-mark], [data-part=side-amount], [data-field=gap]",
          );
          const boxes = [...parts].map((part) => part.getBoundingClientRect());
          /** @type {(one: DOMRect, other: DOMRect) => boolean} */
          const isApart = (one, other) => one.bottom <= other.top + 1 || one.right <= other.left;
          return boxes.flatMap((box, at) => [
            ...(box.right > whole.right + 1 || box.bottom > whole.bottom + 1 ? ["outside"] : []),
            ...boxes
              .slice(at + 1)
              .filter((other) => !isApart(box, other) && !isApart(other, box))
              .map(() => "on top"),
          ]);
        }),
      );
    await shows(faults, []);
    assert.ok((await page.locator("[data-part=entry]").count()) > 1);
    visitor.assertCalm();
  });
});
