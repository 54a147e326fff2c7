// Makes the kept files of this folder anew with LibreOffice (Debian: apt-get install
// libreoffice-calc), as a clerk would save them. Run by hand: node tests/page/sheets/make.mjs. All
// in them is invented.
//
// The list is the sandbox's group CLEAN_128 with edits: see `list` below.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { payoutGroup } from "../../../sandbox/payout-groups.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** @typedef {{ billing_tran_id: string, print_content: string, tran_amt: string }} Row */

/** @param {string} key */
function groupOf(key) {
  return /** @type {{ list: Row[] }} */ (payoutGroup(key, "G", "test"));
}

/** @param {Row} row @returns {[key: string, print: string, amount: number]} */
function lineOf({ billing_tran_id: key, print_content: print, tran_amt: amount }) {
  return [key, print, Number(amount)];
}

/**
 * 125 match, two are not in the group (lines 131 and 132), one has another amount; two of the group
 * are not expected.
 */
const list = groupOf("CLEAN_128").list.map(lineOf);
list.splice(7, 1);
list.splice(20, 1);
list[3][2] += 500;
list.push(["INVENTED-RECIPIENT-1", "10월 정산 똠방각하, \"특별\"", 77000], ["INVENTED-RECIPIENT-2", "10월 정산 설믜", 1250000]);

/** @param {string} text */
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
/** @param {string} value */
const text = (value) => `<table:table-cell office:value-type="string"><text:p>${escape(value)}</text:p></table:table-cell>`;
/** @param {number} value */
const won = (value) => `<table:table-cell table:style-name="won" office:value-type="float" office:value="${value}"/>`;
/** @param {string} value */
const formula = (value) => `<table:table-cell table:style-name="won" table:formula="${escape(value)}" office:value-type="float"/>`;
/** @param {string[]} cells */
const row = (...cells) => `<table:table-row>${cells.join("")}</table:table-row>`;

/** @param {string[]} rows */
function sheet(rows) {
  return book({ 지급: rows });
}

/** @param {Record<string, string[]>} sheets the rows of each */
function book(sheets) {
  const tables = Object.entries(sheets).map(([name, rows]) => `<table:table table:name="${name}">${rows.join("\n")}</table:table>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles><number:number-style style:name="n"><number:text>₩</number:text><number:number number:decimal-places="0" number:min-integer-digits="1" number:grouping="true"/></number:number-style><style:style style:name="won" style:family="table-cell" style:data-style-name="n"/><number:date-style style:name="d"><number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style><style:style style:name="date" style:family="table-cell" style:data-style-name="d"/></office:automatic-styles>
<office:body><office:spreadsheet>${tables.join("")}</office:spreadsheet></office:body></office:document>`;
}

const whole = sheet([
  row(text("2021년 10월 정산 지급 목록")),
  row(text("")),
  row(text("No"), text("빌링키"), text("적요"), text("지급액(원)"), text("비고")),
  ...list.map(([key, print, amount], at) => row(text(String(at + 1)), text(key), text(print), won(amount), text(at === 5 ? "확인\n완료" : ""))),
  row(text("합계"), text(""), text(""), formula(`of:=SUM([.D4:.D${list.length + 3}])`), text("")),
]);
const formulas = sheet([
  row(text("빌링키"), text("금액")),
  row(text(list[0][0]), formula("of:=5000*2")),
  row(text(list[1][0]), won(list[1][2])),
]);

// Separator, quote, charset (76 UTF-8, 62 CP949), first line, formats, language, quote all texts,
// detect, as shown, formulas. A workbook as an office has it: a cover, and the list with merged
// headings in two rows, dates, numbers kept as text.
/** @param {string} value @param {number} across @param {number} down */
const merged = (value, across, down) => `<table:table-cell table:number-columns-spanned="${across}" table:number-rows-spanned="${down}" office:value-type="string"><text:p>${escape(value)}</text:p></table:table-cell>${'<table:covered-table-cell/>'.repeat(across - 1)}`;
const covered = "<table:covered-table-cell/>";
/** @param {string} value */
const date = (value) => `<table:table-cell table:style-name="date" office:value-type="date" office:date-value="${value}"/>`;
const cover = [
  row(merged("2021년 10월 정산 지급 품의", 4, 1)),
  row(text("기안일"), date("2021-10-29")),
  row(text("합계"), text(""), text(""), formula(`of:=SUM(['지급 내역'.D5:.D${list.length + 4}])`)),
];
const body = [
  row(merged("지급 내역 (2021년 10월)", 5, 1)),
  row(text("")),
  row(merged("No", 1, 2), merged("빌링키", 1, 2), merged("적요", 1, 2), merged("지급", 2, 1)),
  row(covered, covered, covered, text("지급액(원)"), text("지급일")),
  ...list.map(([key, print, amount], at) => row(text(String(at + 1)), text(key), text(print), at % 3 === 0 ? text(amount.toLocaleString("en-US")) : at % 3 === 1 ? formula(`of:=${amount}*1`) : won(amount), date("2021-11-01"))),
  row(text("합계"), text(""), text(""), formula(`of:=SUM([.D5:.D${list.length + 4}])`), text("")),
];
const oddities = [
  row(text("빌링키"), text("적요"), text("지급액")),
  row(text("A"), text("가"), formula("of:=5000*2")),
  row(text("B"), text("나"), formula("of:=1/0")),
  row(text("C"), text("다"), formula("of:=770*1.1*100")),
  row(`<table:table-cell office:value-type="float" office:value="1234567890123456789"/>`, text("라"), won(1000)),
  row(text("E"), text("마"), won(1000.5)),
  row(text("F"), text("바"), text("오백만원")),
  row(text("G"), text("사"), won(15000000)),
  row(text("H"), text("아"), date("2021-11-01")),
];
/**
 * Billing keys of the sandbox with what an office writes beside them; the last one is there twice,
 * one row has none.
 */
const keys = ["BK_CARD_001", "BK_CARD_002", "BK_ACCOUNT_003", "BK_CORPORATE_CARD", "BK_UNKNOWN", "", "BK_OTHER", "BK_SOLE_PROPRIETOR", "BK_CARD_001"];
const keyRows = [
  row(text("이름"), text("휴대전화"), text("빌링키"), text("은행"), text("등록일")),
  ...keys.map((key, at) => row(text(`홍길동${at}`), text("010-1234-5678"), text(key), text("국민은행"), date("2021-10-01"))),
];
const workbooks = {
  "keys.xlsx": book({ 표지: cover, 빌링키: [row(merged("자동결제 등록 명단", 5, 1)), row(text("")), ...keyRows] }),
  "payments.xlsx": book({ 표지: cover, "지급 내역": body }),
  "odd.xlsx": book({ Sheet1: oddities }),
};

const filters = {
  "keys-utf8.csv": [sheet(keyRows), "44,34,76,1,,0,false,true,true,false"],
  "keys-cp949.csv": [sheet(keyRows), "44,34,62,1,,0,false,true,true,false"],
  "payments-utf8.csv": [whole, "44,34,76,1,,0,false,true,true,false"],
  "payments-cp949.csv": [whole, "44,34,62,1,,0,false,true,true,false"],
  "payments-clipboard.tsv": [whole, "9,34,76,1,,0,false,true,true,false"],
  "formulas.csv": [formulas, "44,34,76,1,,0,false,true,false,true"],
};

const folder = mkdtempSync(join(tmpdir(), "sheets-"));
/** @param {string} name @param {string} source @param {string} to */
const convert = (name, source, to) => {
  const from = join(folder, "sheet.fods");
  writeFileSync(from, source);
  const profile = `-env:UserInstallation=file://${join(folder, "profile")}`;
  execFileSync("soffice", [profile, "--headless", "--convert-to", to, "--outdir", folder, from], { stdio: "ignore" });
  copyFileSync(join(folder, `sheet.${to.slice(0, to.indexOf(":") > 0 ? to.indexOf(":") : undefined)}`), join(here, name));
  console.log(`• ${name}`);
};
for (const [name, [source, filter]] of Object.entries(filters)) convert(name, source, `csv:Text - txt - csv (StarCalc):${filter}`);
for (const [name, source] of Object.entries(workbooks)) convert(name, source, "xlsx");
rmSync(folder, { recursive: true });
