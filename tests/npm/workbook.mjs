// A workbook as the standard has it (ECMA-376): the five parts that every spreadsheet program
// reads.

import { strToU8, zipSync } from "fflate";

/**
 * The bytes of a workbook with one sheet; texts and numbers are cells of their kind.
 * @param {string} name of the sheet
 * @param {Rows} rows
 */
export function workbook(name, rows) {
  return workbookOf({ [name]: rows });
}

/** @typedef {(string | number)[][]} Rows */

/**
 * The same with several sheets.
 * @param {Record<string, Rows>} sheets by their names
 */
export function workbookOf(sheets) {
  const all = Object.entries(sheets).map(([name, rows], at) => ({ name, rows, number: at + 1 }));
  const parts = {
    "[Content_Types].xml": `<Types xmlns="${PACKAGE}/content-types">
      <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
      <Default Extension="xml" ContentType="application/xml"/>
      <Override PartName="/xl/workbook.xml" ContentType="${SPREADSHEET}.sheet.main+xml"/>
      ${all
        .map(
          ({ number }) =>
            `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${SPREADSHEET}.worksheet+xml"/>`,
        )
        .join("")}
    </Types>`,
    "_rels/.rels": relationships("officeDocument", ["xl/workbook.xml"]),
    "xl/_rels/workbook.xml.rels": relationships(
      "worksheet",
      all.map(({ number }) => `worksheets/sheet${number}.xml`),
    ),
    "xl/workbook.xml": `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONSHIPS}">
      <sheets>${all
        .map(
          ({ name, number }) =>
            `<sheet name="${escaped(name)}" sheetId="${number}" r:id="rId${number}"/>`,
        )
        .join("")}</sheets>
    </workbook>`,
    ...Object.fromEntries(
      all.map(({ number, rows }) => [
        `xl/worksheets/sheet${number}.xml`,
        `<worksheet xmlns="${MAIN}"><sheetData>${rows.map(rowOf).join("")}</sheetData></worksheet>`,
      ]),
    ),
  };
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  return zipSync(
    Object.fromEntries(Object.entries(parts).map(([path, xml]) => [path, strToU8(head + xml)])),
  );
}

/** @param {(string | number)[]} cells @param {number} at */
function rowOf(cells, at) {
  const xml = cells.map((value, column) => {
    const place = `${String.fromCharCode(65 + column)}${at + 1}`;
    return typeof value === "number"
      ? `<c r="${place}"><v>${value}</v></c>`
      : `<c r="${place}" t="inlineStr"><is><t>${escaped(value)}</t></is></c>`;
  });
  return `<row r="${at + 1}">${xml.join("")}</row>`;
}

/** @param {string} type @param {string[]} targets */
function relationships(type, targets) {
  const each = targets.map(
    (target, at) =>
      `<Relationship Id="rId${at + 1}" Type="${RELATIONSHIPS}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${PACKAGE}/relationships">${each.join("")}</Relationships>`;
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

const FORMATS = "http://schemas.openxmlformats.org";
const MAIN = `${FORMATS}/spreadsheetml/2006/main`;
const PACKAGE = `${FORMATS}/package/2006`;
const RELATIONSHIPS = `${FORMATS}/officeDocument/2006/relationships`;
const SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml";
