// A workbook made of decisions, and what a spreadsheet program would show of it.

import { strToU8, zipSync } from "fflate";
import type { Input } from "./input";

export interface Cell {
  /** From 1. */
  row: number;
  column: number;
  xml: string;
  /** What is shown; nothing where that is left open, as of a number that is not whole. */
  text: string | undefined;
  /** The number that is stored. */
  number?: string;
}

export interface Made {
  bytes: Uint8Array;
  cells: Cell[];
}

export function workbookOf(input: Input): Made {
  const strings: string[] = [];
  const cells: Cell[] = [];
  const rows: string[] = [];
  const padding = input.below(32) === 0 ? CHUNK - input.below(256) * 8 : 0;
  let row = 0;
  while (!input.isOver && cells.length < 200) {
    row += 1 + (input.below(8) === 0 ? input.below(12) : 0);
    let column = 0;
    let xml = "";
    for (let count = 1 + input.below(4); count > 0; count -= 1) {
      column += 1 + (input.below(8) === 0 ? input.below(30) : 0);
      const place = `r="${letters(column)}${row}"`;
      const cell = { row, column, ...cellOf(input, place, strings) };
      xml += cell.xml;
      cells.push(cell);
    }
    rows.push(input.below(4) === 0 ? `<row>${xml}</row>` : `<row r="${row}">${xml}</row>`);
  }
  const space = padding > 0 ? " ".repeat(padding) : "";
  const sheet = `<worksheet xmlns="${MAIN}"><sheetData>${space}${rows.join("")}</sheetData></worksheet>`;
  const table = strings.map((each) => `<si>${each}</si>`).join("");
  const bytes = partsOf({
    "xl/sharedStrings.xml": `<sst xmlns="${MAIN}">${table}</sst>`,
    "xl/worksheets/sheet1.xml": sheet,
  });
  return { bytes, cells };
}

/** A workbook with these parts, uncompressed. */
export function partsOf(parts: Record<string, string>): Uint8Array {
  const entries = Object.entries({ ...PARTS, ...parts });
  const files = entries.map(([name, text]) => [name, strToU8(HEAD + text)] as const);
  return zipSync(Object.fromEntries(files), { level: 0 });
}

function cellOf(input: Input, place: string, strings: string[]): Omit<Cell, "row" | "column"> {
  const shown = (text: string) => text.trim();
  const kind = input.below(9);
  if (kind <= 1) {
    const number = input.oneOf(NUMBERS) + input.text(20).replace(/[^\d.eE+-]/g, "");
    const isNumber = /^-?\d+(\.\d+)?([eE][+-]?\d{1,3})?$/.test(number);
    const stored = isNumber ? number : "0";
    return { xml: `<c ${place}><v>${stored}</v></c>`, text: undefined, number: stored };
  }
  if (kind === 2) return { xml: `<c ${place} t="b"><v>1</v></c>`, text: "true" };
  if (kind === 3) return { xml: `<c ${place} t="e"><f>1/0</f><v>#DIV/0!</v></c>`, text: "#DIV/0!" };
  if (kind === 4) return { xml: `<c ${place} s="1"><v>44501</v></c>`, text: "2021-11-01" };
  // A bare carriage return is none in XML, and `_x000D_` stands for one.
  const text = input.text(24).replace(/[^\P{C}\n\t\p{Cf}]|\ufffd|_x/gu, "");
  if (kind === 5)
    return { xml: `<c ${place} t="str"><f>A1</f><v>${escaped(text)}</v></c>`, text: shown(text) };
  if (kind === 6)
    return {
      xml: `<c ${place} t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`,
      text: shown(text),
    };
  const half = Array.from(text).slice(0, 3).join("");
  const runs = [half, text.slice(half.length)].map(
    (each) => `<r><rPr><b/></rPr><t>${escaped(each)}</t></r>`,
  );
  const reading = '<rPh sb="0" eb="1"><t>12345</t></rPh>';
  strings.push(kind === 7 ? `<t>${escaped(text)}</t>${reading}` : `${runs.join("")}${reading}`);
  return { xml: `<c ${place} t="s"><v>${strings.length - 1}</v></c>`, text: shown(text) };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function letters(column: number): string {
  const rest = String.fromCharCode(65 + ((column - 1) % 26));
  return column > 26 ? letters(Math.floor((column - 1) / 26)) + rest : rest;
}

/**
 * A decimal number to so many significant digits, as a fraction of whole numbers: [numerator,
 * denominator].
 */
export function rounded(number: string, digits: number): [bigint, bigint] {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  let value = BigInt(whole + fraction);
  let shift = Number(exponent) - fraction.length;
  const length = value.toString().length;
  if (length > digits) {
    const unit = 10n ** BigInt(length - digits);
    value = (value + unit / 2n) / unit;
    shift += length - digits;
  }
  if (sign) value = -value;
  return shift >= 0 ? [value * 10n ** BigInt(shift), 1n] : [value, 10n ** BigInt(-shift)];
}

/** What the library reads at once: a text must not be torn where the next piece begins. */
const CHUNK = 65_536;
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PARTS = {
  "xl/worksheets/sheet1.xml": `<worksheet xmlns="${MAIN}"><sheetData/></worksheet>`,
  "_rels/.rels": `<Relationships xmlns="${RELATIONS}"><Relationship Id="a" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  "xl/workbook.xml": `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>`,
  "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${RELATIONS}"><Relationship Id="a" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="c" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  "xl/styles.xml": `<styleSheet xmlns="${MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
};
const NUMBERS = [
  "",
  "",
  "1",
  "-",
  "0.",
  "9007199254740",
  "1e",
  "99999999999999",
  "770.00000000000",
];
