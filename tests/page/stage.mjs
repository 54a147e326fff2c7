// Sets the stage for a test of the page: the sandbox, the real Worker on a port of its own, and
// Chromium, watched for what must never happen: an error in the console, an uncaught exception, a
// breach of the Content-Security-Policy, a script of somebody else's that opens a dialog.

import assert from "node:assert/strict";
import { after, before, beforeEach } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { startSandbox } from "../../sandbox/index.mjs";
import { ADMIN_TOKEN, eventually, LIVE, startWorkers } from "../worker/workers.mjs";

/**
 * @import { Browser, BrowserContextOptions, Locator, Page } from "playwright-core"
 *
 * @typedef {Parameters<typeof startWorkers>[0]} Plans
 * @typedef {Awaited<ReturnType<typeof setStage>>} Stage
 * @typedef {Awaited<ReturnType<typeof visit>>} Visitor
 *
 * @typedef {"ko" | "en"} Language
 * @typedef {"light" | "dark"} Scheme
 *
 * @typedef {object} Ways
 * @property {string} [worker] Whose page: that of the Worker `test`, unless told.
 * @property {Language} [language]
 * @property {BrowserContextOptions} [screen] A size of the screen, and what goes with it.
 * @property {Scheme} [scheme]
 * @property {boolean} [signsIn] Whether they begin signed in: yes, unless told.
 * @property {boolean} [seesNames] Whether masked names are shown at once: yes, unless told.
 *
 * @typedef {Ways & Omit<BrowserContextOptions, "screen">} VisitorOptions
 */

export { ADMIN_TOKEN, LIVE };

export const GROUP = "Q0RSSkYzWUI3";
export const CARD = "d0toSS9sT084bVJSNThScnFX";
export const ACCOUNT = "NS9qNTgzU2xRNHR2RmFBWWFBTWk5UT09";

/** Sizes of a screen. A phone has a coarse pointer. */
export const DESKTOP = { viewport: { width: 1280, height: 900 } };
export const PHONE = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};
/** As narrow as WCAG asks for. */
export const SMALL = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
export const LANGUAGES = /** @type {const} */ (["ko", "en"]);
export const SCHEMES = /** @type {const} */ (["light", "dark"]);
/** Each language, theme and width in which a part is looked at. */
export const LOOKS = LANGUAGES.flatMap((language) =>
  SCHEMES.flatMap((scheme) =>
    Object.entries({ 320: SMALL, 1280: DESKTOP }).map(([size, screen]) => ({
      name: `${language}, ${scheme}, ${size} pixels`,
      look: { language, scheme, screen },
    })),
  ),
);

/**
 * Starts everything; `plans` as for `startWorkers`, by default one Worker named `test`.
 *
 * @param {Plans} [plans]
 */
export async function setStage(plans = { test: {} }) {
  // First: where there is none, nothing is left running.
  const browser = await launch();
  const sandbox = await startSandbox();
  const withOrigin = Object.entries(plans).map(([name, plan]) => [
    name,
    { origin: sandbox.origin, ...plan },
  ]);
  const workers = await startWorkers(Object.fromEntries(withOrigin));
  return {
    sandbox,
    workers,
    browser,
    /** @param {VisitorOptions} [options] */
    visit: async (options) => visit(browser, workers[options?.worker ?? "test"].origin, options),
    close: async () => {
      await browser.close();
      await workers.close();
      await sandbox.close();
    },
  };
}

/**
 * Sets the stage for the tests of a `describe`; `enter` gets `{ stage, visitor, page }` before
 * each, with a visitor of its own.
 *
 * @param {(now: { stage: Stage, visitor: Visitor, page: Page }) => void} enter
 * @param {Plans} [plans]
 */
export function onStage(enter, plans) {
  /** @type {Stage} */
  let stage;
  /** @type {Visitor | undefined} */
  let visitor;
  before(async () => {
    stage = await setStage(plans);
  });
  after(() => stage?.close());
  beforeEach(async () => {
    stage.sandbox.reset();
    await visitor?.leave();
    visitor = await stage.visit();
    enter({ stage, visitor, page: visitor.page });
  });
}

/**
 * Says why something leaves the page, in the dialog that asks.
 *
 * @param {Page} page
 */
export async function giveReason(page) {
  const dialog = page.locator("dialog[data-part=reason]");
  await dialog.locator("textarea").fill("11월 정산 확인");
  await dialog.locator("button[type=submit]").click();
  await dialog.waitFor({ state: "detached" });
}

/**
 * Prints by a button of the page, that of the review sheet unless told; the sheet stays on the
 * paper until `endPrint`.
 *
 * @param {Page} page
 * @param {string | RegExp} [button]
 */
export async function print(page, button = /^(검토 확인서 인쇄|Print or save the review)/) {
  await page.evaluate(() => {
    globalThis.print = () => void dispatchEvent(new Event("beforeprint"));
  });
  await page.getByRole("button", { name: button }).click();
  await giveReason(page);
  await page.locator("[data-paper] #paper > *").waitFor({ state: "attached" });
}

/**
 * What the browser's own menu does, as far as the page hears of it.
 *
 * @param {Page} page
 */
export async function printByMenu(page) {
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
}

/** @param {Page} page */
export async function endPrint(page) {
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--disable-features=${DISABLED_FEATURES.join(",")}`,
    ],
  });
}

/** Of two lists of features Chromium takes the last, so Playwright's own ones stand here again. */
const DISABLED_FEATURES = [
  // What an address field suggests is a page of its own in each window: two fifths of a test's
  // time.
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxPopup",
  // Playwright's, of chromiumSwitches.ts, as far as they bear on a test.
  "AimEnabled",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
];

/**
 * A visitor of the page with a browser profile of their own.
 *
 * @param {Browser} browser
 * @param {string} address
 * @param {VisitorOptions} [options]
 */
export async function visit(
  browser,
  address,
  {
    language = "ko",
    screen = DESKTOP,
    scheme = "light",
    signsIn = true,
    seesNames = true,
    ...more
  } = {},
) {
  const context = await browser.newContext({
    ...screen,
    colorScheme: scheme,
    // Where none is told, npm's browser has one that is no language tag (en-US@posix).
    locale: "ko-KR",
    permissions: ["clipboard-read", "clipboard-write"],
    ...more,
  });
  await context.addInitScript((language) => {
    if (language === "en") localStorage.setItem("payple-edge:language", "en");
    addEventListener("securitypolicyviolation", (event) =>
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`),
    );
  }, language);
  if (seesNames) await context.addInitScript(showNames);
  // Much more than anything takes: the machine may be busy.
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const faults = watch(page);
  await page.goto(address);
  const visitor = {
    page,
    context,
    address,
    /** Fails if anything happened that must not. */
    assertCalm: () => assert.deepEqual(faults, []),
    assertAccessible: () => assertAccessible(page),
    /** Fails if the page can be scrolled sideways. */
    assertFits: () => shows(async () => (await widthTooMuch(page)) <= 0, true),
    signIn: () => signIn(page),
    lookUpGroup: (/** @type {string} */ key) => lookUpGroup(page, key),
    lookUpKeys: (/** @type {string[]} */ ...keys) => lookUpKeys(page, keys),
    leave: () => context.close(),
  };
  if (signsIn) await visitor.signIn();
  return visitor;
}

/**
 * In the page: presses the switch that shows masked names as soon as it is there, for tests that
 * are about other things.
 */
function showNames() {
  // Where it cannot be recorded, or keys keep coming, not for ever.
  const presses = new WeakMap();
  const press = () => {
    /** @type {NodeListOf<HTMLButtonElement>} */
    const buttons = document.querySelectorAll("[data-part=show-names]:enabled");
    for (const button of buttons) {
      const before = presses.get(button) ?? 0;
      presses.set(button, before + 1);
      if (before < 20) button.click();
    }
  };
  new MutationObserver(press).observe(document, { childList: true, subtree: true });
}

/** @param {Page} page */
function watch(page) {
  /** @type {string[]} */
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("dialog", (dialog) => {
    faults.push(`${dialog.type()}: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("console", (message) => {
    // The browser itself notes every reply that is an error; those of the API are part of many a
    // test.
    const isReply =
      message.text().startsWith("Failed to load resource") &&
      message.location().url.includes("/api/");
    if (["error", "warning"].includes(message.type()) && !isReply) faults.push(message.text());
  });
  return faults;
}

/** @param {Page} page */
async function signIn(page) {
  await page.locator("#token").fill(ADMIN_TOKEN);
  await page.keyboard.press("Enter");
  await page.locator("#group-key").waitFor();
}

/**
 * @param {Page} page
 * @param {string} key
 */
async function lookUpGroup(page, key) {
  await page.locator("#tab-payout").click();
  await page.locator("#group-key").fill(key);
  await page.keyboard.press("Enter");
}

/**
 * @param {Page} page
 * @param {string[]} keys
 */
async function lookUpKeys(page, keys) {
  await page.locator("#tab-billing").click();
  await page.locator("#billing-keys").fill(keys.join("\n"));
  await page.keyboard.press("Enter");
}

/**
 * Passes as soon as the text of a locator, or what a function reads, is `expected`: a pattern or a
 * value. A page shows things when it comes to it, so whatever follows an action is read until it is
 * there.
 *
 * @param {Locator | (() => unknown)} what
 * @param {unknown} expected
 */
export function shows(what, expected) {
  const read = () => (typeof what === "function" ? what() : what.innerText());
  return eventually(async () =>
    expected instanceof RegExp
      ? assert.match(/** @type {string} */ (await read()), expected)
      : assert.deepEqual(await read(), expected),
  );
}

/**
 * By how many pixels the page is wider than the screen, so that it can be scrolled sideways.
 *
 * @param {Page} page
 */
export function widthTooMuch(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/** @param {Page} page */
async function assertAccessible(page) {
  // In one go and for violations only, which takes a quarter of the time: the page has no frames of
  // other origins.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).setLegacyMode();
  axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]);
  await shows(async () => {
    const { violations } = await axe.analyze();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
    );
  }, []);
}
