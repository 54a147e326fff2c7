// No green verdict but for the question on the page: whatever changes the question takes the colour
// away at once.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { onStage, shows } from "./stage.mjs";

/**
 * @import { Page } from "playwright-core"
 * @import { PayoutRequestGroup } from "../../src/npm/js/models.d.ts"
 * @import { Stage, Visitor } from "./stage.mjs"
 */

const SHEETS = join(import.meta.dirname, "sheets");

describe("the verdict and the question on the page", () => {
  /** @type {Stage} */
  let stage;
  /** @type {Visitor} */
  let visitor;
  /** @type {Page} */
  let page;
  onStage((now) => ({ stage, visitor, page } = now));

  const look = async (key = "CLEAN_128") => {
    await visitor.lookUpGroup(key);
    await page.locator("[data-part=verdict]", { hasText: key }).waitFor();
  };
  /** @type {(name: string, text?: string) => Promise<void>} */
  const choose = (name, text) =>
    page
      .locator("[data-part=expect] input[type=file]")
      .setInputFiles(
        text === undefined
          ? join(SHEETS, name)
          : { name, mimeType: "text/csv", buffer: Buffer.from(text) },
      );
  /** The list of a group as it is. */
  const listOf = async (/** @type {string} */ key) => {
    /** @type {PayoutRequestGroup} */
    const { requests } = await (await stage.workers.test.payoutRequests(key)).json();
    const lines = requests.map(({ billingTranId, printContent, amount }) =>
      [billingTranId, printContent ?? "", amount].join(","),
    );
    return `빌링키,적요,금액\n${lines.join("\n")}\n`;
  };
  const compare = async () => {
    await page.locator("[data-part=list-go] button").click();
    await page.locator("[data-part=outcome]").waitFor();
  };
  const greens = () =>
    page
      .locator("[data-part=verdict][data-tone=good], [data-part=outcome][data-tone=good]")
      .count();
  const stale = async (/** @type {RegExp} */ words) => {
    await shows(page.locator("[data-part=verdict][data-tone=stale] h2"), words);
    assert.equal(await greens(), 0);
    assert.equal(await page.locator("[data-part=outcome]").count(), 0);
    await visitor.assertAccessible();
  };
  /** A group that is exactly what the list says. */
  const matched = async () => {
    await look();
    await choose("list.csv", await listOf("CLEAN_128"));
    await page.locator("[data-part=list-sum]", { hasText: "128건" }).waitFor();
    await compare();
    await page.locator("[data-part=outcome][data-tone=good]").waitFor();
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
  };

  test("a typed key that was not asked takes the colour away, until the old one stands there again", async () => {
    await look();
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    await page.locator("#group-key").fill("CLEAN_129");
    await stale(/입력한 키는 아직 조회하지 않았습니다/);
    await shows(page.locator("[data-part=verdict]"), /CLEAN_128/);
    await page.locator("#group-key").fill("");
    await stale(/그룹 키/);
    await page.locator("#group-key").fill(" CLEAN_128");
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    visitor.assertCalm();
  });

  test("a list that is taken in is part of the question before it is compared", async () => {
    await look();
    await choose("list.csv", await listOf("CLEAN_128"));
    await stale(/아직 대조하지 않았습니다/);
    visitor.assertCalm();
  });

  test("Enter, a recent key and the button all compare again after a failed comparison", async () => {
    await look();
    await choose("payments-utf8.csv");
    await compare();
    await page.locator("[data-part=verdict][data-tone=bad]").waitFor();
    for (const again of [
      () => page.locator("#group-key").press("Enter"),
      () => page.locator("[data-part=recent] button", { hasText: "CLEAN_128" }).click(),
      () => page.locator("[data-part=list-go] button").click(),
    ]) {
      const answered = page.waitForResponse("**/api/payout-requests");
      await again();
      assert.equal((await answered).request().postDataJSON().expect.requests.length, 128);
      await page.locator("[data-part=outcome][data-tone=bad]").waitFor();
      assert.equal(await greens(), 0);
    }
    // Asked without the list, the best verdict says that nothing was compared.
    await page.getByRole("button", { name: "다른 목록 선택" }).click();
    await stale(/./);
    await page.locator("#group-key").press("Enter");
    await shows(page.locator("[data-part=verdict][data-tone=good]"), /예정 목록/);
    visitor.assertCalm();
  });

  const STATES = { "a look-up": look, "a comparison that matches": matched };
  const otherList = () => page.getByRole("button", { name: "다른 목록 선택" }).click();
  /**
   * Each with what it leads to, and the state that it can happen in where that is one alone.
   *
   * @type {Record<
   *   string,
   *   [
   *     change: () => Promise<unknown>,
   *     ends: (words: RegExp) => Promise<void>,
   *     only?: string,
   *   ]
   * >}
   */
  const CHANGES = {
    "another key": [() => page.locator("#group-key").fill("EMPTY"), stale],
    "a list, not compared yet": [
      async () => choose("list.csv", await listOf("CLEAN_128")),
      stale,
      "a look-up",
    ],
    "a file that is refused": [
      async () => {
        if (await page.locator("[data-part=list]").count()) await otherList();
        await choose("x.csv", "\n\n");
        await page.locator("[data-part=expect] [role=alert]").waitFor();
      },
      // Where there was no list before there is none after it: the answer still is about the
      // question.
      stale,
      "a comparison that matches",
    ],
    "taking the list away": [otherList, stale, "a comparison that matches"],
    "another list": [
      async () => {
        await otherList();
        await choose("other.csv", "빌링키,금액\nA,1000\n");
      },
      stale,
      "a comparison that matches",
    ],
    "another column": [
      () => page.locator("#column-printContent").selectOption("없음"),
      stale,
      "a comparison that matches",
    ],
    "no column of amounts": [
      () => page.locator("#column-amount").selectOption("없음"),
      stale,
      "a comparison that matches",
    ],
    "five minutes": [
      async () => {
        await page.clock.install();
        await page.clock.fastForward(5 * 60_000 + 1_000);
        await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
      },
      async () => {
        await page.locator("[data-part=verdict][data-tone=notice]").waitFor();
        assert.equal(await page.locator("[data-part=outcome][data-tone=good]").count(), 0);
      },
    ],
    "the end of the session": [
      async () => {
        await visitor.context.clearCookies();
        await page.locator("#group-key").press("Enter");
      },
      async () => {
        await page.locator("#token").waitFor();
        assert.equal(await page.locator("[data-part=verdict], [data-part=outcome]").count(), 0);
      },
    ],
  };
  for (const [state, reach] of Object.entries(STATES)) {
    for (const [what, [change, ends, only = state]] of Object.entries(CHANGES)) {
      if (only !== state) continue;
      test(`after ${state}, ${what} leaves no green verdict`, async () => {
        await reach();
        await page.locator("[data-part=verdict][data-tone=good]").waitFor();
        await change();
        await ends(/./);
        assert.equal(await greens(), 0);
        visitor.assertCalm();
      });
    }
  }
});
