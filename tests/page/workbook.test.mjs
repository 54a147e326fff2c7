// The files that clerks have: workbooks as spreadsheet programs write them, chosen or dropped, and
// what goes wrong.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { onStage, shows } from "./stage.mjs";

/**
 * @import { Locator, Page } from "playwright-core"
 * @import { Visitor } from "./stage.mjs"
 */

const SHEETS = join(import.meta.dirname, "sheets");

describe("a workbook as the list in the page", () => {
  /** @type {Visitor} */
  let visitor;
  /** @type {Page} */
  let page;
  onStage((now) => ({ visitor, page } = now));

  const look = async (key = "CLEAN_128") => {
    await visitor.lookUpGroup(key);
    await page.locator("[data-part=verdict]", { hasText: key }).waitFor();
  };
  /** @type {(file: Parameters<Locator["setInputFiles"]>[0]) => Promise<void>} */
  const choose = (file) => page.locator("[data-part=expect] input[type=file]").setInputFiles(file);
  const summary = () => page.locator("[data-part=list-sum]");
  const chosen = () =>
    page
      .locator("[data-part=column] select")
      .evaluateAll((/** @type {HTMLSelectElement[]} */ all) =>
        all.map((select) => select.selectedOptions[0].textContent),
      );
  /**
   * Drops a file of these bytes on an element.
   *
   * @type {(selector: string, name: string, bytes: Buffer) => Promise<boolean[]>}
   */
  const drop = async (selector, name, bytes) =>
    page.locator(selector).evaluate(
      (target, { name, base64 }) => {
        const dataTransfer = new DataTransfer();
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], name));
        const event = (/** @type {string} */ type) =>
          new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
        return ["dragenter", "dragover", "drop"].map((type) => !target.dispatchEvent(event(type)));
      },
      { name, base64: bytes.toString("base64") },
    );

  test("the sheet with the payments is found, its headings in two rows are read, and it is compared", async () => {
    await look();
    const loaded = () =>
      page.evaluate(() =>
        performance.getEntriesByType("resource").filter(({ name }) => name.includes("workbook")),
      );
    assert.deepEqual(await loaded(), []);
    await choose(join(SHEETS, "payments.xlsx"));
    await shows(summary(), "예정 128건 · 합계 ₩10,687,500");
    assert.equal((await loaded()).length, 1);
    await shows(chosen, ["지급액(원)", "빌링키", "없음", "적요"]);
    await shows(() => page.locator("#sheet option").allInnerTexts(), ["표지", "지급 내역"]);
    await visitor.assertAccessible();
    await page.locator("[data-part=list-go] button").click();
    await shows(
      page.locator("[data-part=outcome] h4"),
      "예정 128건 중 125건 일치, 2건 누락, 1건 금액 불일치, 예정에 없는 요청 2건",
    );
    visitor.assertCalm();
  });

  test("rows that a filter hides are told with what they pay, and can be left out at once", async () => {
    const { unzipSync, zipSync, strFromU8, strToU8 } = await import("fflate");
    const files = unzipSync(await readFile(join(SHEETS, "payments.xlsx")));
    for (const [name, bytes] of Object.entries(files))
      if (/^xl\/worksheets\/.*\.xml$/.test(name))
        files[name] = strToU8(
          strFromU8(bytes)
            .replace(/<row r="(?:20|21)"/g, '$& hidden="1"')
            .replaceAll(/hidden="(false|0)"/g, ""),
        );
    files["xl/workbook.xml"] = strToU8(
      strFromU8(files["xl/workbook.xml"]).replace(
        /(<sheet name="표지"[^>]*?) state="\w+"/,
        '$1 state="hidden"',
      ),
    );
    await look();
    const buffer = Buffer.from(zipSync(files));
    await choose({ name: "필터.xlsx", mimeType: "", buffer });
    await shows(summary(), /^예정 128건/);
    await shows(
      () => page.locator("#sheet option").allInnerTexts(),
      ["표지 (숨긴 시트)", "지급 내역"],
    );
    const hidden = page.locator("[data-part=hidden-rows]");
    await shows(hidden, /가린 2개 행\(합계 ₩[\d,]+\)도 목록에 들어 있습니다\. 20행, 21행\./);
    await visitor.assertAccessible();
    await hidden.getByRole("button", { name: "숨긴 2개 행 제외" }).click();
    await hidden.waitFor({ state: "detached" });
    await shows(summary(), /^예정 126건/);
    // With the sum row, which differs before.
    await shows(page.locator("[data-part=left-out-sum]"), /행 3개/);
    visitor.assertCalm();
  });

  test("of two columns with one name none is taken unasked", async () => {
    await look();
    const text = "10월,,11월,\n빌링키,금액,건수,금액\nA,1000,1,900\nB,2000,1,1900\n";
    await choose({ name: "두 달.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await shows(page.locator("[data-part=list-go] [role=alert]"), /금액/);
    await shows(page.locator("[data-part=shared]"), /같은 이름의 열이 여러 개입니다/);
    await page.locator("#column-amount").selectOption("금액 (D)");
    await shows(summary(), "예정 2건 · 합계 ₩2,800");
    // The next month is the same.
    await page.getByRole("button", { name: "다른 목록 선택" }).click();
    await choose({ name: "두 달.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await shows(summary(), "예정 2건 · 합계 ₩2,800");
    await page.locator("[data-part=remembered]").waitFor();
    await visitor.assertAccessible();
    visitor.assertCalm();
  });

  test("another sheet is another question", async () => {
    await look();
    await choose(join(SHEETS, "payments.xlsx"));
    await page.locator("[data-part=list-go] button").click();
    await page.locator("[data-part=outcome]").waitFor();
    await page.getByLabel("시트").selectOption("표지");
    await shows(() => page.locator("[data-part=outcome]").count(), 0);
    await page.locator("[data-part=verdict][data-tone=stale]").waitFor();
    await page.getByLabel("시트").selectOption("지급 내역");
    await shows(summary(), /128건/);
    visitor.assertCalm();
  });

  test("values of formulas are read, and errors, lost digits, fractions, words and dates are told", async () => {
    await look();
    await choose(join(SHEETS, "odd.xlsx"));
    await shows(summary(), "예정 3건 · 합계 ₩15,094,700");
    await page.locator("[data-part=left-out] summary").click();
    await shows(
      async () =>
        (await page.locator("[data-part=left-out] li").allInnerTexts()).map((text) =>
          text
            .split(/\s*\n\s*|\t/)
            .slice(0, 2)
            .join(" "),
        ),
      [
        "3행 엑셀 오류 값입니다",
        "5행 키가 엑셀에서 수식이나 지수 표기로 바뀌었습니다",
        "6행 원 단위 미만이 있습니다",
        "7행 숫자가 아니라 글로 적힌 금액입니다",
        "9행 금액이 숫자가 아닙니다",
      ],
    );
    visitor.assertCalm();
  });

  /** @type {Record<string, [name: string, bytes: () => Promise<Buffer>, words: RegExp]>} */
  const faults = {
    "a workbook cut short": [
      "payments.xlsx",
      async () => (await readFile(join(SHEETS, "payments.xlsx"))).subarray(0, 5_000),
      /\(\.xlsx\)로 읽을 수 없는/,
    ],
    "an archive that is no workbook": [
      "x.xlsx",
      async () => Buffer.from("PK\u0003\u0004..."),
      /\(\.xlsx\)로 읽을 수 없는/,
    ],
    "a web page that calls itself a workbook": [
      "정산.xls",
      async () =>
        Buffer.from(
          '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><td>금액</td></tr></table></html>',
        ),
      /웹 페이지\(HTML\)나 XML로 저장된 파일/,
    ],
    "an old or locked workbook": [
      "old.xls",
      async () => Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
      /구형\(\.xls\) 파일이거나 암호/,
    ],
  };
  for (const [what, [name, bytes, words]] of Object.entries(faults)) {
    test(`${what} gets a clear message, and the next file is read`, async () => {
      await look();
      await choose({ name, mimeType: "application/octet-stream", buffer: await bytes() });
      await shows(page.locator("[data-part=expect] [role=alert]"), words);
      await visitor.assertAccessible();
      await choose(join(SHEETS, "payments.xlsx"));
      await shows(summary(), /128건/);
      visitor.assertCalm();
    });
  }

  test("a small file that unpacks to gigabytes is refused", async () => {
    await look();
    const { zipSync } = await import("fflate");
    const bomb = zipSync({ "xl/worksheets/sheet1.xml": new Uint8Array(200_000_000) });
    assert.ok(bomb.length < 1_000_000);
    await choose({ name: "bomb.xlsx", mimeType: "", buffer: Buffer.from(bomb) });
    await shows(page.locator("[data-part=expect] [role=alert]"), /파일이 너무 큽니다/);
  });

  test("ten thousand rows are read in a workbook as well", async () => {
    await look();
    const { zipSync, strToU8 } = await import("fflate");
    const rows = Array.from(
      { length: 10_000 },
      (_, at) =>
        `<row r="${at + 2}"><c r="A${at + 2}" t="inlineStr"><is><t>KEY-${at}</t></is></c><c r="B${at + 2}"><v>${at + 1}</v></c></row>`,
    );
    const head =
      '<row r="1"><c r="A1" t="inlineStr"><is><t>빌링키</t></is></c><c r="B1" t="inlineStr"><is><t>금액</t></is></c></row>';
    const xml = (/** @type {string} */ body) =>
      strToU8(`<?xml version="1.0" encoding="UTF-8"?>${body}`);
    const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const bytes = zipSync({
      "[Content_Types].xml": xml(
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
      ),
      "_rels/.rels": xml(
        `<Relationships xmlns="${relations}"><Relationship Id="a" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      ),
      "xl/workbook.xml": xml(
        `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>`,
      ),
      "xl/_rels/workbook.xml.rels": xml(
        `<Relationships xmlns="${relations}"><Relationship Id="a" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
      ),
      "xl/worksheets/sheet1.xml": xml(
        `<worksheet xmlns="${main}"><sheetData>${head}${rows.join("")}</sheetData></worksheet>`,
      ),
    });
    await choose({ name: "many.xlsx", mimeType: "", buffer: Buffer.from(bytes) });
    await shows(summary(), "예정 10,000건 · 합계 ₩50,005,000");
    visitor.assertCalm();
  });

  test("the chooser offers workbooks, on every system", async () => {
    await look();
    const accept = await page.locator("[data-part=expect] input[type=file]").getAttribute("accept");
    for (const kind of [".xlsx", ".csv", "spreadsheetml.sheet"]) assert.ok(accept?.includes(kind));
  });

  test("a file dropped anywhere is taken, before a look-up as well, and never leaves the page", async () => {
    const bytes = await readFile(join(SHEETS, "payments.xlsx"));
    assert.deepEqual(await drop("h1", "지급.xlsx", bytes), [false, true, true]);
    await shows(summary(), /128건/);
    await shows(page.locator("[data-part=list-go]"), /다음에 조회하는 그룹/);
    await visitor.assertAccessible();
    await visitor.lookUpGroup("CLEAN_128");
    await shows(page.locator("[data-part=outcome] h4"), /^예정 128건 중 125건 일치/);
    // In the place of the one before, wherever it falls.
    await drop("header", "다른 목록.csv", Buffer.from("빌링키,금액\nA,1000\n"));
    await shows(page.locator("[data-part=list-name]"), /다른 목록\.csv/);
    await page.locator("[data-part=verdict][data-tone=stale]").waitFor();
    // On the other tab it is a file of billing keys, and the list stays.
    await page.locator("#tab-billing").click();
    assert.deepEqual(await drop("#billing-keys", "지급.xlsx", bytes), [false, true, true]);
    await page.locator("[data-part=key-source]").waitFor();
    await page.locator("#tab-payout").click();
    await shows(page.locator("[data-part=list-name]"), /다른 목록\.csv/);
    visitor.assertCalm();
  });

  test("of several files dropped at once none is taken in silence", async () => {
    for (const [tab, selector] of [
      ["#tab-payout", "[data-part=expect]"],
      ["#tab-billing", "[data-part=ask]:visible"],
    ]) {
      await page.locator(tab).click();
      await page.locator("header").evaluate((target) => {
        const dataTransfer = new DataTransfer();
        for (const name of ["10월.csv", "11월.csv"])
          dataTransfer.items.add(new File(["빌링키,금액\nABCDEFGH1,1000\n"], name));
        target.dispatchEvent(
          new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }),
        );
      });
      await shows(page.locator(`${selector} [role=alert]`), /파일은 한 번에 하나만/);
    }
    visitor.assertCalm();
  });

  test("a list that was dropped is part of the question after a failed look-up as well", async () => {
    await drop("h1", "지급.xlsx", await readFile(join(SHEETS, "payments.xlsx")));
    await shows(summary(), /128건/);
    await visitor.lookUpGroup("NO_SUCH_GROUP");
    await page.locator("[data-part=error-panel]").waitFor();
    await shows(summary(), /128건/);
    await page.getByRole("button", { name: "다른 목록 선택" }).click();
    await shows(() => page.locator("[data-part=expect]").count(), 0);
  });
});
