// The check of the access record in the page: what is right is said to be, whatever was changed or
// removed is named.

import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { canonical } from "../../www/src/records/verify.ts";
import { act, bearer, NAMED_TOKENS, signInAs } from "./auditor.mjs";
import { LOOKS, setStage, shows } from "./stage.mjs";

/**
 * @import { Page } from "playwright-core"
 * @import { AccessRecords } from "../../src/npm/js/models.d.ts"
 * @import { Stage, VisitorOptions } from "./stage.mjs"
 */

describe("checking the access record in the page", () => {
  /** @type {Stage} */
  let stage;
  before(async () => {
    stage = await setStage({ test: { settings: { NAMED_TOKENS } } });
    await act(stage.workers.test);
  });
  after(() => stage?.close());

  const visit = async (/** @type {VisitorOptions} */ options = {}) => {
    const visitor = await stage.visit({ signsIn: false, ...options });
    await signInAs(visitor.page, "auditor");
    await visitor.page.locator("#view-records [role=search]").waitFor();
    return visitor;
  };
  const panel = (/** @type {Page} */ page) =>
    page.locator("section", { has: page.locator("#record-check") });
  const check = (/** @type {Page} */ page) => panel(page).locator("button[type=submit]").click();
  const verdict = (/** @type {Page} */ page) => panel(page).locator("h3");
  /**
   * From now on the Worker's answers have their entries and chains as `change` leaves them.
   *
   * @type {(page: Page, change: (body: AccessRecords) => void) => Promise<unknown>}
   */
  const spoil = (page, change) =>
    page.route("**/api/access-records*", async (route) => {
      const { pathname, search } = new URL(route.request().url());
      const headers = bearer("auditor");
      const response = await stage.workers.test.fetch(pathname + search, { headers });
      const body = await response.json();
      change(body);
      await route.fulfill({ json: body });
    });

  test("says that all is well, up to the newest entry, and tells the last hashes", async () => {
    const { page, assertCalm, leave } = await visit();
    await check(page);
    await shows(verdict(page), /^이상 없음: \d+건의 해시와 연결이 모두 맞습니다$/);
    await shows(panel(page), /가장 최근 항목까지 확인했습니다/);
    await shows(panel(page), /시작일 이전의 항목은 확인하지 않았습니다/);
    const response = await stage.workers.test.fetch("/api/access-records?limit=1000", {
      headers: bearer("auditor"),
    });
    /** @type {AccessRecords} */
    const { records } = await response.json();
    const [last] = records.filter(({ chain }) => chain === "programs-0" || chain === "refused");
    await shows(panel(page), new RegExp(last.hash));

    // For another time, or with a hash to be found, nothing was checked yet.
    const stale = panel(page).locator("[data-part=stale]");
    const outcome = panel(page).locator("[data-part=outcome]");
    await panel(page).getByLabel("지난 점검표의 마지막 해시").fill("abc");
    await shows(stale, /이전 조건으로 검증한 결과/);
    await shows(() => outcome.getAttribute("data-tone"), "notice");
    await panel(page).getByLabel("지난 점검표의 마지막 해시").fill("");
    await stale.waitFor({ state: "detached" });
    await shows(() => outcome.getAttribute("data-tone"), "good");
    await page.getByLabel("종료일").fill("2020-01-01");
    await stale.waitFor();
    await page.getByRole("button", { name: "이번 달" }).click();
    await stale.waitFor({ state: "detached" });

    // Without a beginning down to the oldest that is kept.
    await page.getByLabel("시작일").fill("");
    await check(page);
    await shows(panel(page), /보관 중인 가장 오래된 항목까지/);
    await shows(verdict(page), /^이상 없음/);
    assertCalm();
    await leave();
  });

  test("finds the hash of an earlier check, or says that it does not", async () => {
    const { page, leave } = await visit();
    const headers = bearer("auditor");
    const response = await stage.workers.test.fetch("/api/access-records", { headers });
    /** @type {AccessRecords} */
    const { records } = await response.json();
    const [some] = records.filter(({ chain, sequence }) => chain === "people" && sequence === 3);
    await panel(page).getByLabel("지난 점검표의 마지막 해시").fill(some.hash);
    await check(page);
    await shows(panel(page), /지난 점검표의 해시는 people 3번 항목의 해시와 같습니다/);
    await panel(page).getByLabel("지난 점검표의 마지막 해시").fill("ab".repeat(32));
    await check(page);
    await shows(verdict(page), /찾지 못했습니다/);
    await leave();
  });

  test("the hash to be found is still there when another view was looked at meanwhile", async () => {
    const visitor = await stage.visit({ signsIn: false });
    const { page, assertCalm, leave } = visitor;
    await signInAs(page, "lead");
    await page.locator("#tab-records").click();
    const known = panel(page).getByLabel("지난 점검표의 마지막 해시");
    await known.fill("ab".repeat(32));
    await check(page);
    await shows(verdict(page), /찾지 못했습니다/);
    await page.locator("#tab-payout").click();
    await page.locator("#tab-records").click();
    await shows(verdict(page), /찾지 못했습니다/);
    await shows(() => known.inputValue(), "ab".repeat(32));
    await shows(() => panel(page).locator("[data-part=stale]").count(), 0);
    assertCalm();
    await leave();
  });

  test("of a time without entries it says that there is nothing to check, and nothing more", async () => {
    const { page, assertCalm, leave } = await visit();
    for (const name of ["종료일", "시작일"]) await page.getByLabel(name).fill("2099-12-31");
    await check(page);
    await shows(verdict(page), "검증할 항목이 없습니다");
    await shows(() => panel(page).locator("li").count(), 0);
    assertCalm();
    await leave();
  });

  /** @type {[what: string, change: (body: AccessRecords) => void, expected: RegExp][]} */
  const faults = [
    [
      "changed",
      ({ records }) => {
        const [exported] = records.filter(
          ({ chain, task }) => chain === "people" && task === "export",
        );
        exported.rows = 3;
      },
      /변경 의심/,
    ],
    [
      "removed",
      ({ records }) => {
        const at = records.findIndex(({ chain, sequence }) => chain === "people" && sequence === 3);
        records.splice(at, 1);
      },
      /바로 앞 항목이 없습니다/,
    ],
    [
      "moved",
      ({ records }) => {
        const own = records.filter(({ chain }) => chain === "people");
        const [one, other] = [records.indexOf(own[1]), records.indexOf(own[2])];
        [records[one], records[other]] = [records[other], records[one]];
      },
      /순서가 바뀌었습니다/,
    ],
    [
      "removed at the end",
      ({ records }) => {
        records.splice(
          records.findIndex(({ chain }) => chain === "people"),
          1,
        );
      },
      /처음이나 끝에 있어야 할 항목이 없습니다/,
    ],
  ];
  for (const [what, change, expected] of faults)
    test(`finds an entry that was ${what}`, async () => {
      const { page, leave } = await visit();
      await spoil(page, change);
      await check(page);
      await shows(verdict(page), /이상 발견/);
      await shows(panel(page), expected);
      await leave();
    });

  test("finds what is missing at the beginning of what is kept", async () => {
    const { page, leave } = await visit();
    await page.getByLabel("시작일").fill("");
    await spoil(page, (body) => {
      body.records = body.records.filter(
        ({ chain, sequence }) => chain !== "people" || sequence > 1,
      );
    });
    await check(page);
    await shows(panel(page), /처음이나 끝에 있어야 할 항목이 없습니다/);
    await leave();
  });

  test("checks a file that was downloaded, and knows one that is none", async () => {
    const { page, leave } = await visit();
    const headers = { ...bearer("auditor"), Accept: "text/csv" };
    const response = await stage.workers.test.fetch("/api/access-records?limit=1000", { headers });
    const csv = await response.text();
    const choose = (/** @type {string} */ name, /** @type {string} */ text) =>
      panel(page)
        .locator("input[type=file]")
        .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
    await choose("november.csv", csv);
    await shows(verdict(page), /^이상 없음/);
    await choose("november.csv", csv.replaceAll("settlement-batch", "settlement-hatch"));
    await shows(verdict(page), /^이상 발견/);
    await choose("other.csv", "a,b\r\n1,2\r\n");
    await shows(panel(page).getByRole("alert"), /접속기록 파일이 아닙니다/);
    await leave();
  });

  test("a file that a spreadsheet program saved again in CP949 is what it was", async () => {
    const { page, leave } = await visit();
    const entry = {
      ...{ chain: "people", sequence: 1, at: "2026-11-28T16:20:11.123+09:00" },
      ...{ who: "person 김민준", method: "session", address: "203.0.113.7", task: "sign_in" },
      ...{ outcome: "ok", requestId: "a1", previous: "0".repeat(64), hash: "" },
    };
    entry.hash = createHash("sha256").update(canonical(entry)).digest("hex");
    const none = { subject: "", subjectHash: "", key: "", rows: "", reason: "" };
    const cells = Object.entries({ ...entry, ...none });
    const csv = [0, 1].map((side) => cells.map((cell) => cell[side]).join(",")).join("\r\n");
    // 김민준 in CP949.
    const [before, after] = csv.split("김민준");
    const name = Buffer.from([0xb1, 0xe8, 0xb9, 0xce, 0xc1, 0xd8]);
    const buffer = Buffer.concat([Buffer.from(before), name, Buffer.from(after)]);
    await panel(page)
      .locator("input[type=file]")
      .setInputFiles({ name: "november.csv", mimeType: "text/csv", buffer });
    await shows(verdict(page), /^이상 없음: 1건/);
    await leave();
  });

  for (const { name, look } of LOOKS)
    test(`is accessible: ${name}`, async () => {
      const { page, assertAccessible, assertFits, assertCalm, leave } = await visit(look);
      await check(page);
      await shows(verdict(page), look.language === "ko" ? /^이상 없음/ : /^Nothing found/);
      await assertAccessible();
      await assertFits();
      assertCalm();
      await leave();
    });
});
