// The frame of the page: environment, languages, themes, sizes, weight and policy.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { DESKTOP, GROUP, LIVE, PHONE, SCHEMES, setStage, shows } from "./stage.mjs";

/**
 * @import { Response } from "playwright-core"
 * @import { Stage } from "./stage.mjs"
 *
 * @typedef {object} Look
 * @property {string} words
 * @property {string} ground
 * @property {string} forced In forced colours: a corner of the bar.
 * @property {string} title
 * @property {string | null} icon
 */

describe("the frame of the page", () => {
  /** @type {Stage} */
  let stage;
  before(async () => {
    const live = {
      origin: undefined,
      settings: LIVE,
    };
    stage = await setStage({ test: {}, live });
  });
  after(() => stage?.close());

  test("test and live differ in word, colour, title and icon", async () => {
    /** @type {Record<string, Look>} */
    const looks = {};
    for (const worker of ["test", "live"]) {
      const { page, assertAccessible, assertCalm, leave } = await stage.visit({ worker });
      const bar = page.locator("aside[data-environment]");
      await shows(() => page.title(), /^\[/);
      looks[worker] = {
        words: await bar.innerText(),
        ground: await bar.evaluate(
          (element) =>
            getComputedStyle(element).backgroundColor + getComputedStyle(element).backgroundImage,
        ),
        forced: "",
        title: await page.title(),
        icon: await page.locator("link[rel=icon]").getAttribute("href"),
      };
      await assertAccessible();
      await page.emulateMedia({ forcedColors: "active" });
      const corner = { x: 0, y: 0, width: 4, height: 4 };
      looks[worker].forced = (await page.screenshot({ clip: corner })).toString("base64");
      await assertAccessible();
      assertCalm();
      await leave();
    }
    assert.match(looks.test.words, /테스트 TEST/);
    assert.match(looks.live.words, /운영 LIVE/);
    assert.match(looks.test.title, /^\[테스트\]/);
    assert.match(looks.live.title, /^\[운영\]/);
    assert.notEqual(looks.test.ground, looks.live.ground);
    // Where the system chooses the colours, by light and dark.
    assert.notEqual(looks.test.forced, looks.live.forced);
    assert.notEqual(looks.test.icon, looks.live.icon);
  });

  test("test and live are told before anybody has signed in", async () => {
    for (const [worker, words] of Object.entries({ test: "테스트 TEST", live: "운영 LIVE" })) {
      const { page, assertAccessible, assertCalm, leave } = await stage.visit({
        worker,
        signsIn: false,
      });
      const bar = page.locator("aside[data-environment]");
      await shows(bar, new RegExp(words));
      await page.locator("#token").waitFor();
      await shows(() => page.title(), `[${words.split(" ")[0]}] 로그인 – payple-edge`);
      await shows(
        () => page.locator("link[rel=icon]").getAttribute("href"),
        `/favicon-${worker}.svg`,
      );
      await assertAccessible();
      assertCalm();
      await leave();
    }
  });

  test("a Worker that cannot tell its environment leaves the sign-in as it is", async () => {
    const { page, leave } = await stage.visit({ signsIn: false });
    await page.route("**/healthz", (route) => route.fulfill({ status: 503, json: {} }));
    await page.reload();
    await page.locator("#token").waitFor();
    await shows(() => page.title(), "로그인 – payple-edge");
    assert.equal(await page.locator("aside[data-environment]").count(), 0);
    await leave();
  });

  test("Korean comes first, and English is remembered", async () => {
    const { page, lookUpGroup, assertAccessible, assertCalm, leave } = await stage.visit();
    await shows(() => page.getAttribute("html", "lang"), "ko");
    await page.locator("#group-key").fill("half typed");
    await page.getByRole("button", { name: "English" }).click();
    await shows(() => page.getAttribute("html", "lang"), "en");
    await shows(() => page.locator("#group-key").inputValue(), "half typed");
    await page.reload();
    await page.getByRole("button", { name: "한국어" }).waitFor();
    await lookUpGroup("MANY_FINDINGS");
    await page.locator("[data-part=verdict][data-tone=bad]").waitFor();
    const text = await page.locator("main").innerText();
    // Names and Payple's own words stay Korean; the page's do not.
    assert.doesNotMatch(text, /[가-힣](니다|세요)/);
    await assertAccessible();
    assertCalm();
    await leave();
  });

  for (const scheme of SCHEMES) {
    for (const [size, screen] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      test(`every state has enough contrast and fits (${scheme}, ${size})`, async () => {
        const visitor = await stage.visit({ scheme, screen, signsIn: false });
        const { page, lookUpGroup, lookUpKeys, signIn, assertCalm, leave } = visitor;
        const check = async () => {
          await visitor.assertAccessible();
          await visitor.assertFits();
        };
        await page.locator("#token").waitFor();
        await check();
        await signIn();
        await check();
        for (const key of ["MANY_FINDINGS", GROUP, "CLEAN_128", "NO_SUCH_GROUP"]) {
          await lookUpGroup(key);
          await page
            .locator(key === "NO_SUCH_GROUP" ? "[data-part=error-panel]" : "[data-part=verdict]")
            .filter({ hasText: key === "NO_SUCH_GROUP" ? /./ : key })
            .waitFor();
          await check();
        }
        await lookUpKeys(
          "BK_CARD_001",
          "BK_ACCOUNT_001",
          "BK_OTHER",
          "BK_UNKNOWN",
          "FAULT_200_HTML",
        );
        await page.locator("[data-part=key-card][data-state=failed]").waitFor();
        await page.locator("[data-part=key-card][data-state=missing]").waitFor();
        await check();
        assertCalm();
        await leave();
      });
    }
  }

  test("the theme is a choice that is remembered", async () => {
    const { page, assertCalm, leave } = await stage.visit();
    const ground = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await page.getByLabel("화면 테마").selectOption("dark");
    await shows(async () => (await ground()) !== light, true);
    await page.reload();
    await page.locator("#group-key").waitFor();
    await shows(async () => (await ground()) !== light, true);
    assertCalm();
    await leave();
  });

  test("at 200 % zoom nothing is lost", async () => {
    // A window of 1280 pixels at 200 % is one of 640.
    const screen = { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 };
    const { page, lookUpGroup, assertAccessible, assertFits, assertCalm, leave } =
      await stage.visit({ screen });
    await lookUpGroup("MANY_FINDINGS");
    await page.locator("[data-part=verdict][data-tone=bad]").waitFor();
    await assertFits();
    await page.getByRole("button", { name: "CSV 저장" }).scrollIntoViewIfNeeded();
    await assertAccessible();
    assertCalm();
    await leave();
  });

  test("with `prefers-reduced-motion` nothing moves", async () => {
    const { page, lookUpGroup, assertCalm, leave } = await stage.visit({ reducedMotion: "reduce" });
    await lookUpGroup("FAULT_NO_ANSWER");
    await page.locator("[data-part=spinner]").waitFor();
    await shows(
      () =>
        page
          .locator("[data-part=spinner]")
          .evaluate((element) => getComputedStyle(element).animationName),
      "none",
    );
    assertCalm();
    await leave();
  });

  test("the tabs work by arrow keys, and the content can be skipped to", async () => {
    const { page, leave } = await stage.visit();
    await page.locator("#tab-payout").focus();
    await page.keyboard.press("ArrowRight");
    await shows(() => page.locator("#view-billing").isVisible(), true);
    // And round: from the last one to the first.
    const tabs = await page.getByRole("tab").count();
    for (let n = 1; n < tabs; n++) await page.keyboard.press("ArrowRight");
    await shows(() => page.locator("#view-payout").isVisible(), true);
    await page.getByRole("link", { name: "본문으로 건너뛰기" }).focus();
    await page.keyboard.press("Enter");
    await shows(() => page.evaluate(() => document.activeElement?.id), "main");
    await leave();
  });

  test("the first view weighs at most 200 KB, all of it from here, under a strict policy", async () => {
    const { page, address, assertCalm, leave } = await stage.visit({ signsIn: false });
    // What the first load still waits for is none of the second's.
    await page.waitForLoadState("networkidle");
    /** @type {Response[]} */
    const replies = [];
    page.on("response", (response) => replies.push(response));
    await page.reload({ waitUntil: "networkidle" });
    await page.locator("#token").waitFor();
    let bytes = 0;
    for (const reply of replies) {
      assert.ok(reply.url().startsWith(address), reply.url());
      // Asked again: the browser does not keep every body to be read, and has none of a 304.
      if ([200, 304].includes(reply.status()))
        bytes += gzipSync(Buffer.from(await (await fetch(reply.url())).arrayBuffer()), {
          level: 9,
        }).length;
    }
    assert.ok(bytes > 50_000 && bytes <= 200_000, `${bytes} bytes`);
    const first = replies.find((reply) => reply.url() === `${address}/`);
    const policy = first?.headers()["content-security-policy"] ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/);
    assertCalm();
    await leave();
  });
});
