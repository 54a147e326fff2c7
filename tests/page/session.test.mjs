// Signing in, staying, being signed out: nothing typed is lost, and nothing is left behind.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { NAMED_TOKENS, signInAs, token } from "./auditor.mjs";
import { ADMIN_TOKEN, endPrint, GROUP, print, printByMenu, setStage, shows } from "./stage.mjs";

/**
 * @import { Route } from "playwright-core"
 * @import { Stage } from "./stage.mjs"
 */

describe("the session in the page", () => {
  /** @type {Stage} */
  let stage;
  before(async () => {
    const settings = { NAMED_TOKENS };
    stage = await setStage({
      test: { settings },
      unconfigured: { settings: { ADMIN_TOKEN: undefined } },
    });
  });
  after(() => stage?.close());

  test("a wrong token is told, the right one lets in, and a reload stays in", async () => {
    const { page, assertAccessible, assertCalm, leave } = await stage.visit({ signsIn: false });
    await page.locator("#token").press("Enter");
    await shows(page.getByRole("alert"), /접속 토큰을 입력하세요/);
    await page.locator("#token").fill("wrong".repeat(8));
    await page.keyboard.press("Enter");
    await page.getByText("토큰이 올바르지 않습니다").waitFor();
    await assertAccessible();
    await page.locator("#token").fill(ADMIN_TOKEN);
    await page.keyboard.press("Enter");
    await page.locator("#group-key:focus").waitFor();
    await page.reload();
    await page.locator("#group-key").waitFor();
    assertCalm();
    await leave();
  });

  test("a look-up that meets the end of the session is answered after signing in again", async () => {
    const { page, context, lookUpGroup, assertAccessible, assertCalm, leave } = await stage.visit();
    await lookUpGroup("CLEAN_128");
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    await page.locator("#tab-billing").click();
    await page.locator("#billing-keys").fill("half typed");
    await context.clearCookies();
    await lookUpGroup(GROUP);

    const dialog = page.getByRole("dialog", { name: "다시 로그인해 주세요" });
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await dialog.isVisible(), true);
    await assertAccessible();
    await page.locator("#token").fill(ADMIN_TOKEN);
    await page.keyboard.press("Enter");
    await page.locator("[data-part=verdict][data-tone=notice]").waitFor();
    await shows(() => page.locator("#group-key").inputValue(), GROUP);
    await shows(() => page.locator("#billing-keys").inputValue(), "half typed");
    assertCalm();
    await leave();
  });

  test("the end hides everything: nothing stays in the page, on paper or to be saved, and Esc opens no way back", async () => {
    const { page, context, lookUpGroup, assertCalm, leave } = await stage.visit();
    await lookUpGroup("CLEAN_128");
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    await page.locator("[data-part=grid-body] [data-part=grid-row]").first().click();
    await page.locator("[data-part=row-dialog]").waitFor();
    await context.clearCookies();
    // From here on as if the session had ended behind the open details.
    await page
      .locator("[data-part=row-dialog]")
      .evaluate((/** @type {HTMLDialogElement} */ details) => details.close());
    await lookUpGroup(GROUP);
    const dialog = page.getByRole("dialog", { name: "다시 로그인해 주세요" });
    await dialog.waitFor();
    for (let time = 0; time < 3; time += 1) await page.keyboard.press("Escape");
    assert.equal(await dialog.isVisible(), true);
    const traces = () =>
      page.evaluate(() =>
        ["CLEAN_128", "9,408,000", "CSV"].filter((text) =>
          document.documentElement.outerHTML.includes(text),
        ),
      );
    await shows(traces, []);
    await printByMenu(page);
    assert.equal(await page.locator("[data-part=sheet]").count(), 0);
    await endPrint(page);
    await page.locator("#token").fill(ADMIN_TOKEN);
    await page.keyboard.press("Enter");
    await page.locator("[data-part=verdict][data-tone=notice]").waitFor();
    assertCalm();
    await leave();
  });

  test("a sheet that is being printed when the session ends is gone from the page", async () => {
    const { page, context, lookUpGroup, leave } = await stage.visit();
    await lookUpGroup("CLEAN_128");
    await page.locator("[data-part=verdict][data-tone=good]").waitFor();
    await print(page);
    await page.locator("[data-part=sheet]").waitFor({ state: "attached" });
    await context.clearCookies();
    await lookUpGroup(GROUP);
    await page.locator("#token").waitFor();
    assert.equal(await page.locator("[data-part=sheet]").count(), 0);
    await leave();
  });

  test("signing out in one tab empties the others, signing in again opens those that waited", async () => {
    const { page, context, address, lookUpGroup, assertCalm, leave } = await stage.visit();
    await lookUpGroup(GROUP);
    await page.locator("[data-part=verdict]").waitFor();
    const other = await context.newPage();
    await other.goto(address);
    await other.locator("#group-key").waitFor();
    await other.getByRole("button", { name: "로그아웃" }).click();
    await page.locator("#token").waitFor();
    await shows(async () => (await page.content()).includes(GROUP), false);
    await shows(page.locator("[data-part=reloaded]"), /다른 탭에서 로그아웃했습니다/);
    assert.equal(await other.locator("[data-part=reloaded]").count(), 0);

    await other.locator("#token").fill(ADMIN_TOKEN);
    await other.keyboard.press("Enter");
    await other.locator("#group-key").waitFor();
    await page.locator("#group-key").waitFor();
    await shows(() => page.locator("#group-key").inputValue(), "");
    assertCalm();
    await leave();
  });

  test("somebody else's sign-in in another tab takes away what this one shows, and says so", async () => {
    const { page, context, address, lookUpGroup, assertAccessible, assertCalm, leave } =
      await stage.visit({ signsIn: false });
    await signInAs(page, "clerk");
    await lookUpGroup(GROUP);
    await page.locator("[data-part=verdict]").waitFor();
    await context.clearCookies();
    const other = await context.newPage();
    await other.goto(address);
    await signInAs(other, "lead");
    await other.locator("#group-key").fill("typed by lead");

    await shows(page.locator("[data-part=who]"), /lead@shop\.example/);
    const notice = page.locator("[data-part=reloaded]");
    await shows(notice, /로그인한 사용자가 바뀌었습니다[\s\S]*lead@shop\.example/);
    await shows(async () => (await page.content()).includes(GROUP), false);
    await shows(() => page.locator("#group-key").inputValue(), "");
    await assertAccessible();
    // Who signed in keeps what they do, whatever a tab says that does not know of it yet.
    await page.evaluate(() => {
      const session = { subject: "clerk@shop.example", method: "token", environment: "test" };
      new BroadcastChannel("payple-edge:session").postMessage(session);
    });
    await lookUpGroup("CLEAN_128");
    await page.locator("[data-part=verdict]").waitFor();
    await shows(() => other.locator("#group-key").inputValue(), "typed by lead");
    await notice.getByRole("button", { name: "확인" }).click();
    await notice.waitFor({ state: "detached" });
    await page.reload();
    await page.locator("#group-key").waitFor();
    assert.equal(await notice.count(), 0);
    assertCalm();
    await leave();
  });

  test("on return to a tab the session is asked for first, and nothing is asked as somebody else", async () => {
    const { page, context, address, lookUpGroup, assertCalm, leave } = await stage.visit({
      signsIn: false,
    });
    await signInAs(page, "clerk");
    await lookUpGroup(GROUP);
    await page.locator("[data-part=verdict]").waitFor();
    // By no page: nobody tells this one.
    const { origin } = new URL(address);
    const reply = await context.request.post(`${origin}/api/session`, {
      data: { token: token("lead") },
      headers: { Origin: origin },
    });
    assert.equal(reply.status(), 204);
    /** @type {string[]} */
    const asked = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.route("**/api/session", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await route.continue();
    });
    await page.evaluate(() => dispatchEvent(new Event("focus")));
    await lookUpGroup("CLEAN_128");
    await shows(page.locator("[data-part=who]"), /lead@shop\.example/);
    await shows(page.locator("[data-part=reloaded]"), /로그인한 사용자가 바뀌었습니다/);
    assert.ok(!asked.includes("/api/payout-requests"), asked.join());
    await shows(async () => (await page.content()).includes(GROUP), false);
    assertCalm();
    await leave();
  });

  test("a sign-out that fails says so, shows nothing of the session, and can be tried again", async () => {
    const { page, context, lookUpGroup, assertAccessible, leave } = await stage.visit();
    await lookUpGroup(GROUP);
    await page.locator("[data-part=verdict]").waitFor();
    const refuse = (/** @type {Route} */ route) =>
      route.request().method() === "DELETE" ? route.abort() : route.continue();
    await page.route("**/api/session", refuse);
    await page.getByRole("button", { name: "로그아웃" }).click();
    await shows(page.getByRole("alert"), /로그아웃하지 못했습니다/);
    await shows(async () => (await page.content()).includes(GROUP), false);
    assert.equal((await context.cookies()).length, 1);
    await assertAccessible();
    await page.unroute("**/api/session", refuse);
    await page.getByRole("button", { name: "다시 로그아웃" }).click();
    await page.locator("#token").waitFor();
    await shows(() => context.cookies(), []);
    await leave();
  });

  test("the next person to sign in finds nothing of the one before", async () => {
    const { page, leave } = await stage.visit({ signsIn: false });
    const inMs = (/** @type {number} */ ms) => new Date(Date.now() + ms).toISOString();
    let [subject, lastsMs] = ["kim@example.com", 60_000];
    await page.route("**/api/session", (route) =>
      route.fulfill({
        json: {
          environment: "test",
          method: "access",
          kind: "person",
          roles: ["lookup"],
          subject,
          expiresAt: inMs(lastsMs),
          endsAt: inMs(lastsMs),
        },
      }),
    );
    await page.clock.install();
    await page.reload();
    await page.locator("#group-key").fill("typed by Kim");
    await page.clock.fastForward(lastsMs);
    await page.getByRole("dialog").waitFor();
    [subject, lastsMs] = ["lee@example.com", 3_600_000];
    await page.evaluate(() => dispatchEvent(new Event("focus")));
    await shows(() => page.locator("[data-part=who]").innerText(), /lee@example\.com/);
    await shows(() => page.locator("#group-key").inputValue(), "");
    await leave();
  });

  test("the end is announced before it happens, and can be put off", async () => {
    const { page, assertAccessible, assertCalm, leave } = await stage.visit({ signsIn: false });
    let endsInMs = 100_000;
    const inMs = (/** @type {number} */ ms) => new Date(Date.now() + ms).toISOString();
    await page.route("**/api/session", async (route) => {
      if (route.request().method() !== "GET") return route.continue();
      const json = {
        environment: "test",
        method: "token",
        kind: "admin",
        roles: ["lookup"],
        expiresAt: inMs(endsInMs),
        endsAt: inMs(8 * 3_600_000),
      };
      return route.fulfill({ json });
    });
    await page.reload();
    await page.locator("#group-key").fill("typed");
    const bar = page.locator("[data-part=ending]");
    await bar.waitFor();
    await shows(() => bar.innerText(), /1분 \d+초 후 자동으로 로그아웃됩니다/);
    await assertAccessible();
    endsInMs = 30 * 60_000;
    await page.getByRole("button", { name: "계속 사용" }).click();
    await bar.waitFor({ state: "detached" });

    await page.clock.install();
    await page.reload();
    await page.locator("#group-key").fill("typed");
    await page.clock.fastForward(endsInMs);
    await page.getByRole("dialog", { name: "다시 로그인해 주세요" }).waitFor();
    assert.equal(await page.locator("#group-key").count(), 0);
    // The page's clock is ahead of the one that `inMs` reads.
    endsInMs *= 2;
    await page.locator("#token").fill(ADMIN_TOKEN);
    await page.keyboard.press("Enter");
    await shows(() => page.locator("#group-key").inputValue(), "typed");
    assertCalm();
    await leave();
  });

  test("what does not put the end off is never said to have done so", async () => {
    const { page, leave } = await stage.visit({ signsIn: false });
    const inMs = (/** @type {number} */ ms) => new Date(Date.now() + ms).toISOString();
    /** @type {"in" | "out" | "lost"} */
    let now = "in";
    await page.route("**/api/session", (route) => {
      if (now === "lost") return route.abort();
      if (now === "out") return route.fulfill({ status: 401, json: { kind: "authentication" } });
      const json = {
        ...{ environment: "test", method: "token", kind: "admin", roles: ["lookup"] },
        ...{ expiresAt: inMs(100_000), endsAt: inMs(8 * 3_600_000) },
      };
      return route.fulfill({ json });
    });
    await page.reload();
    const bar = page.locator("[data-part=ending]");
    const announced = page.locator("[role=status][aria-live=polite]");
    await bar.waitFor();
    now = "lost";
    await bar.getByRole("button").click();
    await shows(bar, /연장하지 못했습니다/);
    now = "out";
    await bar.getByRole("button").click();
    await page.getByRole("dialog", { name: "다시 로그인해 주세요" }).waitFor();
    assert.equal(await announced.innerText(), "");
    await leave();
  });

  test("what was gone to before the end is not gone to again after it", async () => {
    const { page, context, lookUpGroup, assertCalm, leave } = await stage.visit();
    await lookUpGroup("REVIEW_FOREIGN_PARTNER");
    await page.locator("[data-part=way]").first().click();
    await page.locator("[role=gridcell]:focus").waitFor();
    await context.clearCookies();
    await page.evaluate(() => dispatchEvent(new Event("focus")));
    await page.locator("#token").fill(ADMIN_TOKEN);
    await page.keyboard.press("Enter");
    await page.locator("[data-part=grid-row]").first().waitFor();
    // Long after the table has been drawn.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    assert.equal(await page.locator("[role=gridcell]:focus").count(), 0);
    assertCalm();
    await leave();
  });

  test("a tab that is idle stays as long as another one is used, and no longer", async () => {
    const { page, context, address, lookUpGroup, assertCalm, leave } = await stage.visit();
    await context.clock.install();
    await page.reload();
    const other = await context.newPage();
    await other.goto(address);
    for (const tab of [page, other]) await tab.locator("#group-key").fill("typed");
    /** @type {string[]} */
    const asked = [];
    context.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await context.clock.fastForward("20:00");
    const told = other.evaluate(
      () =>
        new Promise((resolve) => {
          new BroadcastChannel("payple-edge:session").onmessage = () => resolve(undefined);
        }),
    );
    await other.title();
    // Without names, which would be shown by a request of its own.
    await lookUpGroup("EMPTY");
    await page.locator("[data-part=verdict]").waitFor();
    await told;
    await context.clock.fastForward("20:00");
    await shows(() => other.locator("#group-key").inputValue(), "typed");
    await context.clock.fastForward("10:00");
    for (const tab of [page, other])
      await tab.getByRole("dialog", { name: "다시 로그인해 주세요" }).waitFor();
    // Who only waits asks nothing: that would prolong the session.
    assert.deepEqual(
      asked.filter((path) => path === "/api/session"),
      [],
    );
    assertCalm();
    await leave();
  });

  test("signing out leaves nothing behind", async () => {
    const { page, context, lookUpGroup, assertCalm, leave } = await stage.visit();
    await lookUpGroup(GROUP);
    await page.locator("[data-part=verdict]").waitFor();
    await page.getByRole("button", { name: "로그아웃" }).click();
    await page.locator("#token").waitFor();
    await shows(() => context.cookies(), []);
    await shows(async () => (await page.content()).includes(GROUP), false);
    assertCalm();
    await leave();
  });

  test("nothing personal is kept by the browser, nor in its address or history", async () => {
    const { page, lookUpGroup, lookUpKeys, leave } = await stage.visit();
    await lookUpGroup(GROUP);
    await page.locator("[data-part=verdict]").waitFor();
    await lookUpKeys("BK_CARD_001");
    await page.locator("[data-part=key-card][data-state=registered]").waitFor();
    const kept = () =>
      page.evaluate(async () => ({
        local: Object.keys(localStorage).sort(),
        session: Object.keys(sessionStorage),
        databases: await indexedDB.databases(),
        caches: await caches.keys(),
        address: location.pathname + location.search + location.hash,
        history: history.state,
        cookie: document.cookie,
      }));
    await shows(kept, {
      local: ["payple-edge:language", "payple-edge:theme"],
      session: [],
      databases: [],
      caches: [],
      address: "/",
      history: null,
      cookie: "",
    });
    await leave();
  });

  test("who came by Cloudflare Access is in without a token, and signs in again in another tab", async () => {
    const { page, assertAccessible, assertCalm, leave } = await stage.visit({ signsIn: false });
    const inMs = (/** @type {number} */ ms) => new Date(Date.now() + ms).toISOString();
    let lastsMs = 60_000;
    await page.route("**/api/session", (route) =>
      route.fulfill({
        json: {
          environment: "test",
          method: "access",
          kind: "person",
          roles: ["lookup"],
          subject: "kim@example.com",
          expiresAt: inMs(lastsMs),
          endsAt: inMs(lastsMs),
        },
      }),
    );
    await page.clock.install();
    await page.reload();
    await page.locator("#group-key").fill("typed");
    await shows(() => page.locator("[data-part=who]").innerText(), /kim@example\.com/);
    await page.clock.fastForward(lastsMs);
    const elsewhere = page.getByRole("link", { name: "새 탭에서 로그인하고 돌아오기" });
    await elsewhere.waitFor();
    await assertAccessible();
    lastsMs = 3_600_000;
    await page.evaluate(() => dispatchEvent(new Event("focus")));
    await elsewhere.waitFor({ state: "detached" });
    await shows(() => page.locator("#group-key").inputValue(), "typed");
    assertCalm();
    await leave();
  });

  test("a Worker without a way to sign in says what is missing", async () => {
    const { page, assertAccessible, leave } = await stage.visit({
      worker: "unconfigured",
      signsIn: false,
    });
    const panel = page.locator("[data-part=error-panel]");
    await panel.waitFor();
    await shows(() => panel.innerText(), /설정에 문제가 있어[\s\S]*ADMIN_TOKEN/);
    await assertAccessible();
    await leave();
  });
});
