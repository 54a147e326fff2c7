// Photographs every state of the page, in both languages, themes and sizes. Run by
// pkg-scripts/run/screenshots.mjs.

import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, target } from "../../pkg-scripts/common/checkout.mjs";
import { chosen, main, say } from "../../pkg-scripts/common/program.mjs";
import {
  ACCOUNT,
  CARD,
  DESKTOP,
  endPrint,
  GROUP,
  LANGUAGES,
  LIVE,
  PHONE,
  print,
  SCHEMES,
  setStage,
} from "./stage.mjs";

/**
 * @import { Page } from "playwright-core"
 * @import { Stage } from "./stage.mjs"
 */

const folder = join(target, "screenshots");

const SETS = LANGUAGES.flatMap((language) =>
  SCHEMES.flatMap((scheme) =>
    Object.entries({ desktop: DESKTOP, phone: PHONE }).map(([size, screen]) => ({
      name: `${language}-${scheme}-${size}`,
      language,
      scheme,
      screen,
    })),
  ),
);

export const SET_NAMES = SETS.map(({ name }) => name);

const NOTES = {
  ko: "거래처 확인 완료, 다음 달에 합산 지급",
  en: "Agreed with the recipient: paid with next month's",
};

/**
 * What the READMEs show: of each set, state by name.
 *
 * @type {Record<string, Record<string, string>>}
 */
const CHOSEN = {
  "light-desktop": {
    "group-with-a-problem": "payout-group",
    sheet: "review-sheet",
    "billing-keys-window": "billing-keys",
  },
  "light-phone": { "verdict-window": "payout-group-phone" },
};

main(import.meta, async () => {
  const asked = process.argv.slice(2).join(",") || undefined;
  const names = chosen(asked, SET_NAMES, "set");
  const stage = await setStage({ test: {}, live: { origin: undefined, settings: LIVE } });
  try {
    for (const set of SETS.filter(({ name }) => names.includes(name))) {
      rmSync(join(folder, set.name), { recursive: true, force: true });
      await shootAll(stage, set);
      say(set.name);
    }
  } finally {
    await stage.close();
  }
  const documents = join(root, "docs", "screenshots");
  mkdirSync(documents, { recursive: true });
  for (const language of LANGUAGES)
    for (const [set, pictures] of Object.entries(CHOSEN))
      for (const [state, name] of Object.entries(pictures)) {
        const file = join(folder, `${language}-${set}`, `${state}.png`);
        if (names.includes(`${language}-${set}`))
          cpSync(file, join(documents, `${name}-${language}.png`));
      }
});

/**
 * The first page on paper, as wide as A4.
 *
 * @param {Page} page
 * @param {string} path
 * @param {{ width: number, height: number }} viewport
 */
async function shootSheet(page, path, viewport) {
  await page.setViewportSize({ width: 794, height: 1000 });
  await print(page);
  await page.emulateMedia({ media: "print" });
  const paper = page.locator("#paper");
  await paper.evaluate((element) => (element.style.padding = "12mm"));
  await paper.screenshot({ path });
  await paper.evaluate((element) => element.removeAttribute("style"));
  await endPrint(page);
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize(viewport);
}

/** @param {Stage} stage @param {(typeof SETS)[number]} set */
async function shootAll(stage, { name, ...options }) {
  const visitor = await stage.visit({ ...options, signsIn: false });
  const { page, context } = visitor;
  /** @type {(state: string, fullPage?: boolean) => Promise<void>} */
  const shoot = async (state, fullPage = true) => {
    // Charts are drawn a moment later.
    await page.waitForTimeout(400);
    // What stays in sight would stand in the midst of a picture of the whole page.
    if (fullPage) await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(folder, name, `${state}.png`), fullPage });
  };
  /** @type {(key: string) => Promise<void>} */
  const group = async (key) => {
    await visitor.lookUpGroup(key);
    await page
      .locator("[data-part=verdict], [data-part=error-panel]")
      .first()
      .waitFor({ timeout: 20_000 });
  };

  await page.locator("#token").waitFor();
  await shoot("sign-in");
  await visitor.signIn();
  await shoot("start");
  for (const [state, key] of Object.entries({
    "group-good": "CLEAN_128",
    "group-sample": GROUP,
    "group-empty": "EMPTY",
    "group-long-names": "LONG_NAMES",
    "group-hostile": "HOSTILE_TEXT",
    "group-10000": "ROWS_10000",
    "error-refused": "NO_SUCH_GROUP",
    "error-maintenance": "FAULT_T0996",
    "group-with-problems": "MANY_FINDINGS",
  })) {
    await group(key);
    await shoot(state);
  }
  await page.getByRole("button", { name: /기록 지우기|Clear/ }).click();
  await page.locator("[data-part=grid-body] [data-part=grid-row]").nth(4).click();
  await shoot("request", false);
  await page.keyboard.press("Escape");
  await group("REVIEW_LIMIT_SEQUENCE");
  await page.getByRole("button", { name: /기록 지우기|Clear/ }).click();
  await page.evaluate(blur);
  await shoot("group-with-a-problem");
  await page.evaluate(() => scrollTo(0, 0));
  await shoot("verdict-window", false);
  await page
    .locator("[data-part=expect] input[type=file]")
    .setInputFiles(join(root, "tests", "page", "sheets", "payments-utf8.csv"));
  await group("CLEAN_128");
  await page.locator("[data-part=left-out] summary").click();
  await shoot("list-read");
  await page.locator("[data-part=list-go] button").click();
  await page.locator("[data-part=outcome]").waitFor();
  await page.locator("[data-part=seen-mark] button").first().click();
  await page.locator("#mark-note").fill(NOTES[options.language]);
  await shoot("mark", false);
  await page.locator("[data-part=mark-dialog] button[type=submit]").click();
  await shoot("list-compared");
  await page.locator("[data-part=sheet-tools] input").uncheck();
  await shootSheet(page, join(folder, name, "sheet.png"), options.screen.viewport);
  await page.locator("[data-part=subtotals] summary").click();
  await page.locator("[data-part=subtotals]").scrollIntoViewIfNeeded();
  await shoot("totals", false);
  await visitor.lookUpGroup("FAULT_NO_ANSWER");
  await page.locator("[data-part=spinner]").waitFor();
  await shoot("asking", false);
  await visitor.lookUpGroup("두 단어");
  await shoot("refused-input", false);

  await visitor.lookUpKeys();
  await page.evaluate(blur);
  await shoot("billing-start", false);
  await visitor.lookUpKeys(
    CARD,
    ACCOUNT,
    "BK_UNKNOWN",
    "BK_CORPORATE_CARD",
    "BK_RELEASED",
    "BK_SOLE_PROPRIETOR",
    "BK_OTHER",
    "FAULT_200_HTML",
    "FAULT_SLOW_ANSWER-4000",
    "FAULT_SLOW_ANSWER-3000",
  );
  await page.locator("[data-part=key-card][data-state=failed]").first().waitFor();
  await shoot("billing-under-way");
  await page.locator("progress").waitFor({ state: "detached", timeout: 20_000 });
  await shoot("billing-mixed");
  await visitor.lookUpKeys(
    CARD,
    ACCOUNT,
    "BK_UNKNOWN",
    "BK_CORPORATE_CARD",
    "BK_ACCOUNT_007",
    "BK_SOLE_PROPRIETOR",
  );
  await page.locator("progress").waitFor({ state: "detached" });
  await page.evaluate(blur);
  await page.evaluate(() => scrollTo(0, 0));
  await shoot("billing-keys-window", false);

  await context.clearCookies();
  await visitor.lookUpGroup(GROUP);
  await page.locator("[data-part=sign-in][role=dialog]").waitFor();
  await shoot("sign-in-again", false);
  await visitor.leave();

  const inLive = await stage.visit({ ...options, worker: "live" });
  const soon = () => new Date(Date.now() + 100_000).toISOString();
  const session = {
    environment: "live",
    method: "access",
    kind: "person",
    roles: ["lookup", "export"],
    subject: "hong.gildong@example.com",
    expiresAt: soon(),
    endsAt: soon(),
  };
  await inLive.page.route("**/api/session", (route) => route.fulfill({ json: session }));
  await inLive.page.reload();
  await inLive.page.locator("[data-part=ending]").waitFor();
  await inLive.page.screenshot({ path: join(folder, name, "live-and-ending.png") });
  await inLive.leave();
}

/** In the page: nothing has the focus. */
function blur() {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
