// From a clerk's own file to the exported differences: files as spreadsheet programs write them,
// and what goes wrong.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { DESKTOP, giveReason, LANGUAGES, onStage, PHONE, SCHEMES, shows } from "./stage.mjs";

/**
 * @import { Page, Request } from "playwright-core"
 * @import { PayoutRequest } from "../../src/npm/js/models.d.ts"
 * @import { Stage, Visitor } from "./stage.mjs"
 */

const SHEETS = join(import.meta.dirname, "sheets");

describe("a list compared with the group in the page", () => {
  /** @type {Stage} */
  let stage;
  /** @type {Visitor} */
  let visitor;
  /** @type {Page} */
  let page;
  onStage((now) => ({ stage, visitor, page } = now));

  const look = async (key = "CLEAN_128", who = visitor) => {
    await who.lookUpGroup(key);
    await page.locator("[data-part=verdict]", { hasText: key }).waitFor();
  };
  /** @type {(name: string, bytes?: string | Buffer) => Promise<void>} */
  const choose = (name, bytes) =>
    page.locator("[data-part=expect] input[type=file]").setInputFiles(
      bytes === undefined
        ? join(SHEETS, name)
        : {
            name,
            mimeType: "text/csv",
            buffer: typeof bytes === "string" ? Buffer.from(bytes) : bytes,
          },
    );
  /** Made in the page itself: 20 MB take long on their way through a test's wires. */
  const dropFileOf = (/** @type {number} */ bytes) =>
    page.locator("[data-part=drop]").evaluate((zone, bytes) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["x,1000\n".repeat(bytes / 7)], "large.csv"));
      zone.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    }, bytes);
  const summary = () => page.locator("[data-part=list-sum]");
  const fault = () => page.locator("[data-part=expect] [role=alert]");
  const compare = async (/** @type {string | RegExp} */ outcome) => {
    await page.locator("[data-part=list-go] button").click();
    await shows(page.locator("[data-part=outcome] h4"), outcome);
  };
  /** @type {(key: string) => Promise<PayoutRequest[]>} */
  const requestsOf = async (key) =>
    (await (await stage.workers.test.payoutRequests(key)).json()).requests;
  const chip = (/** @type {string} */ name) => page.locator("[aria-pressed]", { hasText: name });
  const skipped = async () => {
    await page.locator("[data-part=left-out] summary").click();
    await page.locator("[data-part=left-out] li").last().waitFor();
    return page.locator("[data-part=left-out] li").allInnerTexts();
  };

  const journeys = {
    ko: {
      choose: "파일 선택",
      summary: "예정 128건 · 합계 ₩10,687,500",
      verdict: "예정 128건 중 125건 일치, 2건 누락, 1건 금액 불일치, 예정에 없는 요청 2건",
      kinds: ["차이 전체 5", "누락 2", "금액 불일치 1", "예정에 없음 2", "일치 125"],
      different: /금액 불일치[\s\S]*최민준[\s\S]*₩13,500[\s\S]*최민준[\s\S]*₩13,000[\s\S]*−₩500/,
      csv: /^\ufeff구분,비고,예정 행,/,
    },
    en: {
      choose: "Choose a file",
      summary: "128 payments expected · ₩10,687,500 in total",
      verdict:
        "125 of 128 expected payments match, 2 missing, 1 with a different amount, 2 not expected",
      kinds: [
        "All differences 5",
        "Missing 2",
        "Amount differs 1",
        "Not expected 2",
        "Matching 125",
      ],
      different: /Amount differs[\s\S]*₩13,500[\s\S]*₩13,000[\s\S]*−₩500/,
      csv: /^\ufeffKind,Remark,Expected: row,/,
    },
  };
  for (const language of LANGUAGES) {
    const words = journeys[language];
    test(`the whole way from a file to the exported differences (${language})`, async () => {
      const other = await stage.visit({ language });
      ({ page } = other);
      await other.lookUpGroup("CLEAN_128");
      await page.locator("[data-part=expect]").waitFor();
      await other.assertAccessible();
      /** @type {Request[]} */
      const sent = [];
      page.on("request", (request) => request.method() === "POST" && sent.push(request));
      const choosing = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: words.choose }).click();
      await (await choosing).setFiles(join(SHEETS, "payments-utf8.csv"));
      await page.locator("[data-part=list-sum]", { hasText: words.summary }).waitFor();
      await other.assertAccessible();
      assert.equal(sent.length, 0);
      await compare(words.verdict);
      await other.assertAccessible();
      // Nothing of the file is sent but the values compared.
      assert.equal(sent.length, 1);
      const { groupKey, expect } = sent[0].postDataJSON();
      assert.deepEqual(
        [groupKey, Object.keys(expect), expect.requests.length],
        ["CLEAN_128", ["requests", "matchBy"], 128],
      );
      assert.deepEqual(Object.keys(expect.requests[0]).sort(), [
        "amount",
        "billingTranId",
        "printContent",
      ]);

      await shows(
        async () =>
          (await page.locator("[aria-pressed]").allInnerTexts()).map((text) =>
            text.replace(/\s+/g, " "),
          ),
        words.kinds,
      );
      await chip(words.kinds[2].replace(/ \d+$/, "")).click();
      await shows(page.locator("[data-part=entries-body]"), words.different);
      await chip(words.kinds[0].replace(/ \d+$/, "")).click();

      const saving = page.waitForEvent("download");
      await page.locator("[data-part=comparison] > div > button").click();
      await giveReason(page);
      const file = await saving;
      assert.match(
        file.suggestedFilename(),
        /^payout-differences_CLEAN_128_test_\d{8}-\d{4}_(관리자-토큰|Admin-token)\.csv$/,
      );
      const text = await readFile(await file.path(), "utf8");
      assert.match(text, words.csv);
      const lines = text.trimEnd().split("\r\n");
      assert.equal(lines.length, 6);
      assert.match(
        lines[1],
        /,131,INVENTED-RECIPIENT-1,,"10월 정산 똠방각하, ""특별""",77000,,,,,,-77000,,,(관리자 토큰|Admin token)$/,
      );
      assert.match(
        lines[4],
        /,,,,,,8,[^,]+,[^,]*,10월 정산 [^,]+,17000,17000,,,(관리자 토큰|Admin token)$/,
      );

      // The rows are marked in the table of requests as well, one click away.
      await page.locator("[data-part=entries-body] [data-part=way]").first().click();
      await page
        .locator("[data-part=grid-row][data-severity=error]", { has: page.locator(":focus") })
        .waitFor();
      await other.assertAccessible();
      other.assertCalm();
      await other.leave();
      ({ page } = visitor);
    });
  }

  test("what is compared is the group of the key that stands on the page", async () => {
    await look();
    await choose("list.csv", "적요,금액\n정산테스트1,1000\n");
    await summary().waitFor();
    await page.locator("#group-key").fill("Q0RSSkYzWUI3");
    await page.locator("[data-part=list-go] button").click();
    await page.locator("[data-part=verdict]", { hasText: "Q0RSSkYzWUI3" }).waitFor();
    await page.locator("#group-key").fill("");
    await page.locator("[data-part=list-go] button").click();
    await shows(page.locator("#group-key-help"), "실행 그룹 키를 입력하세요.");
    await shows(() => page.locator("#group-key").inputValue(), "");
    visitor.assertCalm();
  });

  test("another answer begins with its verdict and its differences", async () => {
    await look();
    await choose("list.csv", "적요,금액\n가,1000\n나,2000\n");
    await compare(/^예정 2건 중 0건 일치/);
    // Who asked for the comparison goes on there.
    await shows(() => page.evaluate(() => scrollY > 100), true);
    await chip("누락").click();
    await page.evaluate(() => scrollTo(0, 0));
    await look("Q0RSSkYzWUI3");
    await page.locator("[data-part=comparison]").waitFor();
    await shows(page.locator("[data-part=comparison] [aria-pressed=true]"), /^차이 전체/);
    assert.equal(await page.evaluate(() => scrollY), 0);
    visitor.assertCalm();
  });

  test("CP949, as Korean spreadsheets write it, reads the same", async () => {
    await look();
    await choose("payments-cp949.csv");
    await shows(summary(), "예정 128건 · 합계 ₩10,687,500");
    await shows(page.locator("[data-part=list-name]"), /CP949/);
    await compare(/^예정 128건 중 125건 일치, 2건 누락, 1건 금액 불일치/);
    await shows(page.locator("[data-part=entries-body]"), /똠방각하, "특별"/);
    visitor.assertCalm();
  });

  test("cells are pasted as a spreadsheet copies them", async () => {
    await look();
    const cells = await readFile(join(SHEETS, "payments-clipboard.tsv"), "utf8");
    await page.evaluate((text) => navigator.clipboard.writeText(text), cells);
    await page.locator("#expect-paste").focus();
    await page.keyboard.press("Control+V");
    await shows(summary(), "예정 128건 · 합계 ₩10,687,500");
    await compare(/^예정 128건 중 125건 일치/);
    visitor.assertCalm();
  });

  test("a file is dropped", async () => {
    await look();
    const bytes = await readFile(join(SHEETS, "payments-utf8.csv"), "utf8");
    await page.locator("[data-part=drop]").evaluate((zone, bytes) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], "지급 목록.csv"));
      zone.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    }, bytes);
    await shows(summary(), /128건/);
    await shows(page.locator("[data-part=list-name]"), /지급 목록\.csv/);
  });

  test("every row that is no payment is shown with its line and the reason", async () => {
    await look();
    const rows = [
      "지급 목록",
      "",
      "빌링키,금액",
      "A,=1+1",
      "B,#REF!",
      "C,1.2E+07",
      "D,-5000",
      'E,"(5,000)"',
      "F,10.5",
      "G,0",
      "H,많이",
      "I,",
      "",
      "1.2E+15,5000",
      "합계,5000",
      "J,５，０００원",
      "K,₩7000",
      'L,"1,000.00"',
      "M,9007199254740993",
      'N,"1,00"',
    ];
    await choose("odd.csv", `\ufeff${rows.join("\r\n")}\r\n`);
    await shows(summary(), "예정 3건 · 합계 ₩13,000");
    const told = (await skipped()).map((text) =>
      text
        .split(/\s*\n\s*|\t/)
        .slice(0, 2)
        .join(" "),
    );
    assert.deepEqual(told, [
      "1행 머리글 위에 있는 행입니다",
      "2행 빈 행입니다",
      "4행 값이 아니라 수식입니다. 엑셀에서 열어 다시 저장하거나 값으로 바꾸세요",
      "5행 엑셀 오류 값입니다",
      "6행 지수 표기로 바뀌어 정확한 금액을 알 수 없습니다",
      "7행 금액이 음수입니다",
      "8행 금액이 음수입니다",
      "9행 원 단위 미만이 있습니다",
      "10행 금액이 0입니다",
      "11행 금액이 숫자가 아닙니다",
      "12행 금액이 없습니다",
      "13행 빈 행입니다",
      "14행 키가 엑셀에서 수식이나 지수 표기로 바뀌었습니다",
      "15행 합계 행의 금액이 위 행들의 합과 다릅니다. 빠진 행이 없는지 확인하세요",
      "19행 금액이 너무 큽니다",
      "20행 금액이 숫자가 아닙니다",
    ]);
    await visitor.assertAccessible();
    await compare("예정 3건 중 0건 일치, 3건 누락, 예정에 없는 요청 128건");
    await shows(page.locator("[data-part=outcome]"), /목록의 13개 행은 대조에서 제외되었습니다/);
  });

  test("formulas that a spreadsheet saved in place of values are told", async () => {
    await look();
    await choose("formulas.csv");
    await shows(summary(), /예정 1건/);
    assert.match((await skipped()).join(), /2행[\s\S]*수식입니다/);
  });

  test("columns are proposed by their names and can be changed", async () => {
    await look();
    await choose(
      "english.csv",
      "Seller ID;Billing key;Print content;Amount (KRW);Fee\nS1;B1;one;1000;7\nS2;B2;two;2000;7\n",
    );
    const chosen = () =>
      page
        .locator("[data-part=column] select")
        .evaluateAll((/** @type {HTMLSelectElement[]} */ all) =>
          all.map((select) => select.selectedOptions[0].textContent),
        );
    await shows(chosen, ["Amount (KRW)", "Billing key", "Seller ID", "Print content"]);
    await page.getByLabel("금액", { exact: true }).selectOption("Fee");
    await shows(summary(), "예정 2건 · 합계 ₩14");
    await page.getByLabel("금액", { exact: true }).selectOption("없음");
    await shows(fault(), /금액이 어느 열에 있는지/);
    await shows(() => page.locator("[data-part=list-go] button").isDisabled(), true);
    await visitor.assertAccessible();
  });

  test("more than the Worker takes is told before it is sent", async () => {
    await look();
    await choose("long.csv", `금액\n${"1\n".repeat(20_001)}`);
    await shows(fault(), /2만 건, 2 MB까지/);
    await shows(() => page.locator("[data-part=list-go] button").isDisabled(), true);
    await page.getByRole("button", { name: "다른 목록 선택" }).click();
    await choose("wide.csv", `적요,금액\n${`${"가".repeat(400)},1\n`.repeat(2_000)}`);
    await shows(summary(), /2,000건/);
    await shows(fault(), /2만 건, 2 MB까지/);
  });

  test("without headings the only column of amounts is taken, and a missing one is asked for", async () => {
    await look();
    await choose("bare.csv", "가,10000\n나,20000\n");
    await shows(summary(), "예정 2건 · 합계 ₩30,000");
    await page.getByRole("button", { name: "다른 목록 선택" }).click();
    await choose("none.csv", "빌링키,이름\nA,가\nB,나\n");
    await shows(fault(), /금액이 어느 열에 있는지/);
  });

  /** @type {Record<string, [bytes: string | Buffer | number, words: RegExp]>} */
  const faults = {
    "a workbook": [Buffer.from("PK\u0003\u0004..."), /통합 문서/],
    "20 MB": [20_000_000, /10 MB까지/],
    "a picture": [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]), /표로 읽을 수 없는 파일/],
    nothing: ["\n\n", /내용이 없습니다/],
    "broken quotes": ['빌링키,금액\nA,1000\n"B,2000\nC,3000\n', /3행에서 시작한 따옴표/],
  };
  for (const [what, [bytes, words]] of Object.entries(faults)) {
    test(`${what} gets a clear message, and the next file is read`, async () => {
      await look();
      if (typeof bytes === "number") await dropFileOf(bytes);
      else await choose("x.csv", bytes);
      await shows(fault(), words);
      await visitor.assertAccessible();
      await choose("payments-utf8.csv");
      await shows(summary(), /128건/);
      await shows(() => page.locator("[data-part=expect] [role=alert]").count(), 0);
    });
  }

  test("what could as well be matched otherwise is marked", async () => {
    await look();
    const requests = await requestsOf("CLEAN_128");
    await choose("unsure.csv", `금액\n${requests[0].amount}\n${requests[0].amount}\n`);
    await compare("예정 2건 중 1건 일치, 1건 누락, 예정에 없는 요청 127건");
    // Two equal lines: which of them is missing makes no difference.
    assert.equal(await chip("대조 불확실").count(), 0);
    await page.getByRole("button", { name: "다른 목록 선택" }).click();
    // Two requests to one recipient, as far from what was expected: either may be the one.
    const many = await requestsOf("ROWS_10000");
    const [first, second] = many.filter(
      ({ billingTranId }) => billingTranId === many[0].billingTranId,
    );
    assert.equal((first.amount + second.amount) % 2, 0);
    assert.notEqual(first.amount, second.amount);
    const others = many.filter((request) => request !== first && request !== second);
    const lines = others.map(
      ({ billingTranId, printContent, amount }) => `${billingTranId},${printContent},${amount}`,
    );
    await choose(
      "unsure.csv",
      [
        "빌링키,적요,금액",
        ...lines,
        `${first.billingTranId},,${(first.amount + second.amount) / 2}`,
      ].join("\n"),
    );
    await visitor.lookUpGroup("ROWS_10000");
    await page.locator("[data-part=verdict]", { hasText: "ROWS_10000" }).waitFor();
    await compare(/^예정 9,999건 중 9,998건 일치, 1건 금액 불일치, 예정에 없는 요청 1건/);
    await shows(() => page.locator("[data-part=outcome]").innerText(), /항목이 1건/);
    // All under that recipient are candidates.
    const candidates = many.filter(({ billingTranId }) => billingTranId === first.billingTranId);
    await shows(chip("대조 불확실"), new RegExp(`\\b${candidates.length}\\b`));
    await visitor.assertAccessible();
    // On the narrowest of screens the mark is not in the way of the difference.
    await page.setViewportSize({ width: 320, height: 640 });
    await page.waitForFunction(
      () =>
        Number(document.querySelector("[data-field=gap]")?.clientWidth) > 0 &&
        document.querySelector("[data-part=entries-head]")?.clientWidth === 1,
    );
    const entries = () =>
      page.locator("[data-part=entries-body] [data-part=entry]").evaluateAll((all) =>
        all.map((entry) => {
          const [tag, mark, gap, side] = [
            "[data-part=tag]",
            "[data-part=unsure]",
            "[data-field=gap]",
            "[data-field=expected]",
          ].map((part) =>
            /** @type {Element} */ (entry.querySelector(part)).getBoundingClientRect(),
          );
          /** @type {(one: DOMRect, other: DOMRect) => boolean} */
          const isBefore = (one, other) => one.right <= other.left || one.bottom <= other.top;
          return (
            isBefore(tag, gap) &&
            isBefore(mark, gap) &&
            isBefore(mark, side) &&
            side.bottom <= entry.getBoundingClientRect().bottom
          );
        }),
      );
    await shows(entries, [true, true]);
    await visitor.assertFits();
  });

  test("the list is part of the question until it is taken away", async () => {
    await look();
    await choose("payments-utf8.csv");
    await compare(/./);
    await visitor.lookUpGroup("EMPTY");
    await shows(page.locator("[data-part=outcome] h4"), /예정 128건 중 0건 일치, 128건 누락/);
    await page.locator("[data-part=verdict][data-tone=bad]").waitFor();
    await page.getByRole("button", { name: "다른 목록 선택" }).click();
    await shows(() => page.locator("[data-part=outcome]").count(), 0);
    await page.locator("[data-part=verdict][data-tone=stale]").waitFor();
    await page.keyboard.press("Tab");
    await page.locator("#group-key").press("Enter");
    await page.locator("[data-part=verdict][data-tone=empty]").waitFor();
  });

  test("a failed comparison is asked again with its list", async () => {
    await look();
    await choose("payments-utf8.csv");
    stage.sandbox.queueFault({ endpoint: "payout", fault: "FAULT_200_HTML", times: 1 });
    await page.locator("[data-part=list-go] button").click();
    await page.locator("[data-part=error-panel]").waitFor();
    await page.getByRole("button", { name: "다시 조회" }).click();
    await shows(page.locator("[data-part=outcome] h4"), /예정 128건 중 125건 일치/);
    await page.locator("[data-part=verdict][data-tone=bad]").waitFor();
  });

  test("a list that lacks its key in some rows names them, and can be matched by something else", async () => {
    await look();
    const [first, second] = await requestsOf("CLEAN_128");
    await choose(
      "gaps.csv",
      `빌링키,금액\n${first.billingTranId},${first.amount}\n,${second.amount}\n`,
    );
    await shows(
      page.locator("[data-part=list-go] [role=alert]"),
      /^3행에 수취 계좌 빌링키 값이 없습니다/,
    );
    assert.equal(await page.locator("[data-part=list-go] button").isDisabled(), true);
    await page.locator("#match-by").selectOption("amount");
    await compare(/^예정 2건 중 2건 일치/);
    await visitor.assertAccessible();
  });

  test("what was not compared keeps the outcome from being green", async () => {
    await look();
    const requests = await requestsOf("CLEAN_128");
    /** @typedef {(row: (string | number)[], at: number) => (string | number)[]} Edit */
    const lines = (/** @type {Edit} */ edit) =>
      requests.map((row, at) =>
        edit([row.billingTranId, row.printContent ?? "", row.amount], at).join(","),
      );
    /** @type {(head: string, edit: Edit, why: RegExp) => Promise<void>} */
    const isAmber = async (head, edit, why) => {
      await choose("list.csv", [head, ...lines(edit)].join("\n"));
      await compare(/128건 일치/);
      await page.locator("[data-part=outcome][data-tone=notice]").waitFor();
      await page.locator("[data-part=verdict][data-tone=notice]").waitFor();
      await shows(page.locator("[data-part=outcome]"), why);
      await page.getByRole("button", { name: "다른 목록 선택" }).click();
    };
    const head = "빌링키,적요,금액";
    await isAmber(
      `${head}\nX,,#REF!\nX,,1.5E+07\nX,,오백만원`,
      (row) => row,
      /3개 행은 대조에서 제외/,
    );
    await isAmber(
      head,
      (row, at) => (at < 3 ? [row[0], "다른 적요", row[2]] : row),
      /3건은 적요 등/,
    );
    await isAmber("금액", (row) => [row[2]], /금액만으로 대조했습니다/);
  });

  test("ten thousand against ten thousand are read, compared and scrolled through, and only rows in sight exist", async () => {
    await look("ROWS_10000");
    const requests = await requestsOf("ROWS_10000");
    const lines = requests
      .map(
        ({ billingTranId, printContent, amount }, at) =>
          `${billingTranId},${printContent},${amount + (at % 2)}`,
      )
      .reverse();
    await choose("ten-thousand.csv", ["빌링키,적요,금액", ...lines].join("\n"));
    await page.locator("[data-part=list-sum]", { hasText: "예정 10,000건" }).waitFor();
    await compare(/^예정 10,000건 중 \d,\d{3}건 일치/);
    await page
      .locator("[data-part=entries]")
      .evaluate((element) => (element.scrollTop = element.scrollHeight));
    await page.waitForFunction(() => {
      const rows = document.querySelectorAll("[data-part=entries-body] [data-part=entry]");
      const all = Number(
        document.querySelector("[data-part=entries]")?.getAttribute("aria-rowcount"),
      );
      return (
        rows.length < 60 &&
        [...rows].some((row) => Number(row.getAttribute("aria-rowindex")) === all)
      );
    });
    visitor.assertCalm();
  });

  test("a button keeps the focus when its row is scrolled out of sight", async () => {
    await look("ROWS_10000");
    const requests = await requestsOf("ROWS_10000");
    const lines = requests.map(
      ({ billingTranId, printContent, amount }) => `${billingTranId},${printContent},${amount + 1}`,
    );
    await choose("all-differ.csv", ["빌링키,적요,금액", ...lines].join("\n"));
    await page.locator("[data-part=list-sum]", { hasText: "예정 10,000건" }).waitFor();
    await compare(/^예정 10,000건 중 0건 일치/);
    const entries = page.locator("[data-part=entries]");
    await page.locator("[data-part=entry] button").first().focus();
    const focusedRow = () =>
      page.evaluate(() => document.activeElement?.closest("[role=row]")?.ariaRowIndex);
    const row = await focusedRow();
    assert.ok(row);

    await entries.evaluate((element) => (element.scrollTop = element.scrollHeight));
    await page.locator("[data-part=entry][aria-rowindex='10001']").waitFor();
    assert.equal(await focusedRow(), row);
    visitor.assertCalm();
  });

  for (const [size, screen] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    test(`long names and huge amounts are never cut where they matter, and columns stay in line (${size})`, async () => {
      const other = await stage.visit({ screen });
      ({ page } = other);
      await look("LONG_NAMES", other);
      const [missing, ...lines] = (await requestsOf("LONG_NAMES")).map(
        ({ billingTranId, amount }, at) => `${billingTranId},${amount + (at % 2) * 12_345_678}`,
      );
      await choose(
        `${"긴 이름 ".repeat(30)}.csv`,
        ["빌링키,금액", ...lines, `X${missing}`, "SMALL,5"].join("\n"),
      );
      await compare(/./);
      const cut = () =>
        page
          .locator("[data-part=side-amount], [data-part=entry] [data-field=gap]")
          .evaluateAll((elements) =>
            elements
              .filter((element) => element.scrollWidth > element.clientWidth)
              .map((element) => element.textContent),
          );
      await shows(cut, []);
      const columns = () =>
        page
          .locator("[data-field=found]")
          .evaluateAll(
            (cells) =>
              new Set(
                cells
                  .filter((cell) => cell.clientWidth > 1)
                  .map((cell) => cell.getBoundingClientRect().left),
              ).size,
          );
      await shows(columns, 1);
      await other.assertFits();
      other.assertCalm();
      await other.leave();
      ({ page } = visitor);
    });
  }

  for (const scheme of SCHEMES) {
    test(`on a phone nothing is cut off and axe finds nothing (${scheme})`, async () => {
      const phone = await stage.visit({ screen: PHONE, scheme });
      ({ page } = phone);
      await phone.lookUpGroup("CLEAN_128");
      await page.locator("[data-part=drop]").waitFor();
      await phone.assertFits();
      await phone.assertAccessible();
      await choose("payments-utf8.csv");
      await skipped();
      await phone.assertFits();
      await phone.assertAccessible();
      await compare(/./);
      await phone.assertFits();
      await phone.assertAccessible();
      phone.assertCalm();
      await phone.leave();
      ({ page } = visitor);
    });
  }
});
