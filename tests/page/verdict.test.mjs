// No green verdict but for the question on the page: whatever changes the question takes the colour away at once.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { onStage, shows } from "./stage.mjs";

const SHEETS = join(import.meta.dirname, "sheets");

describe("the verdict and the question on the page", () => {
  let stage, visitor, page;
  onStage((now) => ({ stage, visitor, page } = now));

  const look = async (key = "CLEAN_128") => {
    await visitor.lookUpGroup(key);
    await page.locator(".verdict", { hasText: key }).waitFor();
  };
  const choose = (name, text) =>
    page
      .locator(".expect input[type=file]")
      .setInputFiles(
        text === undefined
          ? join(SHEETS, name)
          : { name, mimeType: "text/csv", buffer: Buffer.from(text) },
      );
  /** The list of a group as it is, each row changed by `edit`. */
  const listOf = async (key, edit = (row) => row) => {
    const { requests } = await (await stage.workers.test.payoutRequests(key)).json();
    const lines = requests.map(({ billingTranId, printContent, amount }, at) =>
      edit([billingTranId, printContent ?? "", amount], at).join(","),
    );
    return `빌링키,적요,금액\n${lines.join("\n")}\n`;
  };
  const compare = async () => {
    await page.locator(".held-go button").click();
    await page.locator(".outcome").waitFor();
  };
  const greens = () => page.locator(".verdict-good, .outcome.good").count();
  const stale = async (words) => {
    await shows(page.locator(".verdict-stale h2"), words);
    assert.equal(await greens(), 0);
    assert.equal(await page.locator(".outcome").count(), 0);
    await visitor.assertAccessible();
  };
  /** A group that is exactly what the list says. */
  const matched = async () => {
    await look();
    await choose("list.csv", await listOf("CLEAN_128"));
    await page.locator(".held-sum", { hasText: "128건" }).waitFor();
    await compare();
    await page.locator(".outcome.good").waitFor();
    await page.locator(".verdict-good").waitFor();
  };

  test("a typed key that was not asked takes the colour away, until the old one stands there again", async () => {
    await look();
    await page.locator(".verdict-good").waitFor();
    await page.locator("#group-key").fill("CLEAN_129");
    await stale(/입력한 키는 아직 조회하지 않았습니다/);
    await shows(page.locator(".verdict"), /CLEAN_128/);
    await page.locator("#group-key").fill("");
    await stale(/그룹 키/);
    await page.locator("#group-key").fill(" CLEAN_128");
    await page.locator(".verdict-good").waitFor();
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
    await page.locator(".verdict-bad").waitFor();
    for (const again of [
      () => page.locator("#group-key").press("Enter"),
      () => page.locator(".recent button", { hasText: "CLEAN_128" }).click(),
      () => page.locator(".held-go button").click(),
    ]) {
      const answered = page.waitForResponse("**/api/payout-requests");
      await again();
      assert.equal((await answered).request().postDataJSON().expect.requests.length, 128);
      await page.locator(".outcome.bad").waitFor();
      assert.equal(await greens(), 0);
    }
    // Asked without the list, the best verdict says that nothing was compared.
    await page.getByRole("button", { name: "다른 목록 선택" }).click();
    await stale(/./);
    await page.locator("#group-key").press("Enter");
    await shows(page.locator(".verdict-good"), /예정 목록/);
    visitor.assertCalm();
  });

  for (const [what, change] of Object.entries({
    "taking the list away": () => page.getByRole("button", { name: "다른 목록 선택" }).click(),
    "another list": async () => {
      await page.getByRole("button", { name: "다른 목록 선택" }).click();
      await choose("other.csv", "빌링키,금액\nA,1000\n");
    },
    "a file that is refused": async () => {
      await page.getByRole("button", { name: "다른 목록 선택" }).click();
      await choose("x.csv", "\n\n");
      await page.locator(".expect .fault").waitFor();
    },
    "another column": () => page.locator("#column-printContent").selectOption("없음"),
    "no column of amounts": () => page.locator("#column-amount").selectOption("없음"),
    "another key": () => page.locator("#group-key").fill("EMPTY"),
  })) {
    test(`after a comparison, ${what} leaves no green verdict`, async () => {
      await matched();
      await change();
      await stale(/./);
      visitor.assertCalm();
    });
  }
});
