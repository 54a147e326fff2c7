// A workbook as the standard has it (ECMA-376): the five parts that every spreadsheet program
// reads.

import { strToU8, zipSync } from "fflate";

/**
 * The bytes of a workbook with one sheet; texts and numbers are cells of their kind.
 * @param {string} name of the sheet
 * @param {(string | number)[][]} rows
 */
export function workbook(name, rows) {
  const parts = {
    "[Content_Types].xml": `<Types xmlns="${PACKAGE}/content-types">
      <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
      <Default Extension="xml" ContentType="application/xml"/>
      <Override PartName="/xl/workbook.xml" ContentType="${SPREADSHEET}.sheet.main+xml"/>
      <Override PartName="/xl/worksheets/sheet1.xml" ContentType="${SPREADSHEET}.worksheet+xml"/>
    </Types>`,
    "_rels/.rels": relationship("officeDocument", "xl/workbook.xml"),
    "xl/_rels/workbook.xml.rels": relationship("worksheet", "worksheets/sheet1.xml"),
    "xl/workbook.xml": `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONSHIPS}">
      <sheets><sheet name="${escaped(name)}" sheetId="1" r:id="rId1"/></sheets>
    </workbook>`,
    "xl/worksheets/sheet1.xml": `<worksheet xmlns="${MAIN}">
      <sheetData>${rows.map(rowOf).join("")}</sheetData>
    </worksheet>`,
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

/** @param {string} type @param {string} target */
function relationship(type, target) {
  return `<Relationships xmlns="${PACKAGE}/relationships">
    <Relationship Id="rId1" Type="${RELATIONSHIPS}/${type}" Target="${target}"/>
  </Relationships>`;
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
