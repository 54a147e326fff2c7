// Every state that the page can be in, each with the way to it from the sign-in, and every way to
// look at it.

import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { LANGUAGES, print, printByMenu } from "./stage.mjs";

/**
 * @import { Locator, Page } from "playwright-core"
 * @import { PayoutRequest } from "../../src/npm/js/models.d.ts"
 * @import { Language, Visitor } from "./stage.mjs"
 *
 * @typedef {(visitor: Visitor) => Promise<unknown>} Step
 *
 * @typedef {object} State
 * @property {Step} enter Leads there.
 * @property {boolean} [signsIn] False for what comes before.
 * @property {boolean} [seesNames] False for what is masked.
 * @property {"screen" | "print"} [media]
 *
 * @typedef {{ colours: "light" | "dark" | "forced", language: Language, width: number }} Way
 */

const SHEETS = join(import.meta.dirname, "sheets");

/** @type {(page: Page, name: string) => Locator} */
const part = (page, name) => page.locator(`[data-part=${name}]`).first();

/** @type {(key: string) => Step} */
const group = (key) => async (visitor) => {
  await visitor.lookUpGroup(key);
  await visitor.page.locator("[data-part=verdict]", { hasText: key }).waitFor();
};

/** @type {(text: string) => Step} */
const list = (text) => async (visitor) => {
  const file = { name: "11월 지급.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
  const input = visitor.page.locator("[data-part=expect] input[type=file]");
  await input.setInputFiles(text.endsWith(".csv") ? join(SHEETS, text) : file);
  await part(visitor.page, "list").waitFor();
};

/** @type {Step} */
const compare = async ({ page }) => {
  await page.locator("[data-part=list-go] button").click();
  await part(page, "outcome").waitFor();
};

/** @type {(...payerIds: string[]) => Step} */
const keys =
  (...payerIds) =>
  async (visitor) => {
    await visitor.lookUpKeys(...payerIds);
    await part(visitor.page, "key-card").waitFor();
    await visitor.page.locator("progress").waitFor({ state: "detached" });
  };

/** @type {Step} */
const keyFile = async ({ page }) => {
  await page.locator("#tab-billing").click();
  await page
    .locator("[data-part=key-file] input[type=file]")
    .setInputFiles(join(SHEETS, "keys-utf8.csv"));
  await part(page, "key-source").waitFor();
};

/** @type {(name: string | RegExp) => Step} */
const button = (name) => async (visitor) =>
  visitor.page.getByRole("button", { name }).first().click();

/** @type {(...steps: Step[]) => Step} */
const then =
  (...steps) =>
  async (visitor) => {
    for (const step of steps) await step(visitor);
  };

/** @type {(name: string) => Step} */
const shown = (name) => async (visitor) => part(visitor.page, name).waitFor();

const CSV = /^(CSV 저장|Save CSV)$/;

/** @type {Step} */
const records = async ({ page }) => {
  await page.locator("#tab-records").click();
  await page.locator("form[role=search]").waitFor();
};

/** @type {Step} */
const monthlySheet = async ({ page }) => {
  const panel = page.locator("section", { has: page.locator("#monthly") });
  // The month that is not over.
  await panel.locator("select").selectOption({ index: 0 });
  await panel.locator("form button[type=submit]").click();
  await panel.locator("article").waitFor();
};

/** @type {Record<string, State>} */
export const STATES = {
  "sign-in": { signsIn: false, enter: ({ page }) => page.locator("#token").waitFor() },
  "sign-in refused": {
    signsIn: false,
    enter: async ({ page }) => {
      await page.locator("#token").fill(randomUUID());
      await page.keyboard.press("Enter");
      await page.locator("#token-help[role=alert]").waitFor();
    },
  },
  "empty page": { enter: ({ page }) => page.locator("#group-key").waitFor() },
  "key refused": {
    enter: then(
      (visitor) => visitor.lookUpGroup("두 단어"),
      ({ page }) => page.locator("form [role=alert]").waitFor(),
    ),
  },
  loading: { enter: then((visitor) => visitor.lookUpGroup("FAULT_NO_ANSWER"), shown("spinner")) },
  "result without findings": { enter: group("CLEAN_128") },
  "result with findings": { enter: group("MANY_FINDINGS") },
  "result of long names": { enter: group("LONG_NAMES") },
  "empty group": { enter: group("EMPTY") },
  "import preview": { enter: then(group("CLEAN_128"), list("payments-utf8.csv")) },
  "list with questions": {
    enter: then(
      group("CLEAN_128"),
      list("빌링키,적요,금액\nA,가,1.000\nB,나,오백만원\nC,다,700\n합계,,5000\n"),
      ({ page }) => page.locator("[data-part=left-out] summary").click(),
      shown("questions"),
    ),
  },
  "comparison that matches": {
    enter: async (visitor) => {
      await group("CLEAN_128")(visitor);
      /** @type {PayoutRequest[]} */
      const requests = await visitor.page.evaluate(async () => {
        const headers = { "Content-Type": "application/json" };
        const body = JSON.stringify({ groupKey: "CLEAN_128" });
        const reply = await fetch("/api/payout-requests", { method: "POST", headers, body });
        return (await reply.json()).requests;
      });
      const lines = requests.map(({ billingTranId, printContent, amount }) =>
        [billingTranId, printContent, amount].join(),
      );
      await list(`빌링키,적요,금액\n${lines.join("\n")}\n`)(visitor);
      await compare(visitor);
    },
  },
  "comparison with differences": {
    enter: then(group("CLEAN_128"), list("payments-utf8.csv"), compare),
  },
  "stale verdict": {
    enter: then(group("CLEAN_128"), ({ page }) => page.locator("#group-key").fill("OTHER_KEY")),
  },
  totals: {
    enter: then(group("CLEAN_128"), ({ page }) =>
      page.locator("[data-part=subtotals] summary").click(),
    ),
  },
  "error panel": {
    enter: then((visitor) => visitor.lookUpGroup("NO_SUCH_GROUP"), shown("error-panel")),
  },
  "request in a dialog": {
    enter: then(
      group("MANY_FINDINGS"),
      ({ page }) => page.locator("[data-part=grid-row]").nth(3).click(),
      shown("row-dialog"),
    ),
  },
  "reason dialog": { enter: then(group("CLEAN_128"), button(CSV), shown("reason")) },
  "note dialog": {
    enter: then(
      group("MANY_FINDINGS"),
      ({ page }) => page.locator("[data-part=seen-mark] button").first().click(),
      shown("mark-dialog"),
    ),
  },
  "session about to end": {
    enter: async ({ page }) => {
      await page.route("**/api/session", (route) => {
        const soon = new Date(Date.now() + 100_000).toISOString();
        const person = { kind: "person", subject: "hong.gildong@example.com", method: "access" };
        const session = { environment: "live", ...person, roles: ["lookup", "export"] };
        return route.fulfill({ json: { ...session, expiresAt: soon, endsAt: soon } });
      });
      await page.reload();
      await part(page, "ending").waitFor();
    },
  },
  "session ended": {
    enter: async (visitor) => {
      await group("CLEAN_128")(visitor);
      await visitor.context.clearCookies();
      await visitor.lookUpGroup("MANY_FINDINGS");
      await visitor.page.locator("[data-part=sign-in][role=dialog]").waitFor();
    },
  },
  "signed out in another tab": {
    signsIn: false,
    enter: async ({ page }) => {
      await page.evaluate(() => sessionStorage.setItem("payple-edge:reload-reason", "out"));
      await page.reload();
      await part(page, "reloaded").waitFor();
      await page.locator("#token").waitFor();
    },
  },
  "one billing key": { enter: keys("BK_CARD_001") },
  "several billing keys": {
    enter: keys("BK_CARD_001", "BK_ACCOUNT_001", "BK_OTHER", "BK_UNKNOWN", "FAULT_200_HTML"),
  },
  "billing keys by file": { enter: keyFile },
  "billing keys that may be none": {
    enter: then((visitor) => visitor.lookUpKeys("BK_CARD_001", "1012345678"), shown("doubt")),
  },
  "billing keys as a table": {
    enter: async (visitor) => {
      await keyFile(visitor);
      await visitor.page.locator("[data-part=key-source-go] button").click();
      await visitor.page.locator("progress").waitFor({ state: "detached" });
      await button(/^(표|Table)$/)(visitor);
      await part(visitor.page, "key-table").waitFor();
    },
  },
  "access record": {
    enter: async ({ page }) => {
      await page.locator("#tab-records").click();
      await page.locator("form[role=search] button[type=submit]").click();
      await page.locator("#records-found", { hasText: /^(최근 )?[\d,]+건$/ }).waitFor();
    },
  },
  "access record checked": {
    enter: then(records, async ({ page }) => {
      const panel = page.locator("section", { has: page.locator("#record-check") });
      await panel.locator("button[type=submit]").click();
      await panel.locator("h3").waitFor();
    }),
  },
  "monthly sheet": { enter: then(records, monthlySheet) },
  "monthly sheet on paper": {
    media: "print",
    enter: then(records, monthlySheet, ({ page }) => print(page, /^(점검표 인쇄|Print or save)/)),
  },
  "masked names of a group": {
    seesNames: false,
    enter: then(group("CLEAN_128"), shown("show-names")),
  },
  "masked names of billing keys": {
    seesNames: false,
    enter: then(keys("BK_CARD_001", "BK_ACCOUNT_001"), ({ page }) =>
      page.locator("[data-part=show-names]:visible").waitFor(),
    ),
  },
  "the browser's own print": {
    media: "print",
    enter: then(group("CLEAN_128"), ({ page }) => printByMenu(page)),
  },
  "review sheet": {
    media: "print",
    enter: async (visitor) => {
      await then(group("CLEAN_128"), list("payments-utf8.csv"), compare)(visitor);
      await print(visitor.page);
      await part(visitor.page, "sheet").waitFor({ state: "attached" });
    },
  },
};

/** Colours × language × width. */
export const WAYS = /** @type {const} */ (["light", "dark", "forced"]).flatMap((colours) =>
  LANGUAGES.flatMap((language) =>
    [1280, 320].map((width) => ({
      colours,
      language,
      width,
      name: `${colours} ${language} ${width}`,
    })),
  ),
);

/**
 * Each state once, and each way at least twice; two ways that follow each other differ in all three
 * respects.
 */
export function covering() {
  const order = [0, 11, 1, 10, 2, 9, 3, 8, 4, 7, 5, 6].map((at) => WAYS[at]);
  return Object.keys(STATES).map((state, at) => ({ state, ways: [order[at % order.length]] }));
}

export function whole() {
  return Object.keys(STATES).map((state) => ({ state, ways: WAYS }));
}

/** A4 without its margins, in pixels. */
const PAPER = 703;

/**
 * Looks at the page, in whatever state it is, in another way; nothing is loaded anew.
 *
 * @param {Page} page
 * @param {Way} way
 * @param {State["media"]} [media]
 */
export async function look(page, { colours, language, width }, media = "screen") {
  await page.emulateMedia({
    media,
    colorScheme: colours === "dark" ? "dark" : "light",
    forcedColors: colours === "forced" ? "active" : "none",
  });
  await page.setViewportSize({ width: media === "print" ? PAPER : width, height: 800 });
  await page.evaluate(async (language) => {
    const html = document.documentElement;
    const button = /** @type {HTMLButtonElement} */ (document.querySelector("header button[lang]"));
    // By its method, since a dialog may stand before it.
    if (html.lang !== language) button.click();
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let n = 0; n < 3 || html.lang !== language; n++) await frame();
  }, language);
}
