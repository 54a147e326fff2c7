// An Excel workbook (.xlsx) as sheets of texts, as a spreadsheet program shows them. Needs no browser.

import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import readWorkbookFile from "read-excel-file/universal";
import { withoutTail } from "./headings";
import { hiddenRowsIn, sheetsIn } from "./hidden";
import type { SheetRow } from "./sheet-row";
import { plainXml } from "./xml";

export interface WorkbookSheet {
  name: string;
  isHidden?: true;
  rows: SheetRow[];
}

/** Why a workbook is not read. */
export class WorkbookError extends Error {
  constructor(readonly reason: "tooLarge" | "broken") {
    super(reason);
  }
}

/** Every sheet in which something stands. */
export async function readWorkbook(bytes: Uint8Array): Promise<WorkbookSheet[]> {
  const { archive, places } = unpack(bytes);
  try {
    const sheets = await readWorkbookFile(archive, { parseNumber: textOfNumber });
    return sheets
      .map(({ sheet, data }, place) => {
        const { isHidden, hiddenRows } = places[place] ?? {};
        return {
          name: sheet,
          ...(isHidden && { isHidden }),
          rows: withoutTail(
            data.map((cells, at): SheetRow => {
              const line = at + 1;
              const row = { line, cells: cells.map(textOf) };
              return hiddenRows?.has(line) ? { ...row, isHidden: true } : row;
            }),
          ),
        };
      })
      .filter(({ rows }) => rows.length > 0);
  } catch (cause) {
    throw Object.assign(new WorkbookError("broken"), { cause });
  }
}

/** What a spreadsheet program does not show of a sheet. */
interface Place {
  isHidden?: true;
  hiddenRows: ReadonlySet<number> | undefined;
}

/** Which sheets there are, and which part of the archive each is. */
const PARTS = ["xl/workbook.xml", "xl/_rels/workbook.xml.rels"];

/**
 * The same archive, uncompressed. The library unpacks large files in a worker made of a blob, which the page's policy
 * forbids; and it would unpack gigabytes out of a small file.
 */
function unpack(bytes: Uint8Array): { archive: ArrayBuffer; places: Place[] } {
  let size = 0;
  const texts = new Map<string, string>();
  const hiddenRows = new Map<string, ReadonlySet<number>>();
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!/\.xml(\.rels)?$/.test(name)) return false;
        size += originalSize;
        if (size > MAX_UNPACKED_BYTES) throw new WorkbookError("tooLarge");
        return true;
      },
    });
    for (const [name, file] of Object.entries(files)) {
      const text = plainXml(strFromU8(file));
      if (text === undefined) throw new WorkbookError("broken");
      // Which part is a sheet, another part says; none but a sheet has rows.
      mustFit(text);
      if (PARTS.includes(name)) texts.set(name, text);
      if (name.startsWith("xl/worksheets/")) hiddenRows.set(name, hiddenRowsIn(text));
      files[name] = strToU8(
        name.startsWith("xl/worksheets/") ? withFormulas(withErrors(text)) : text,
      );
    }
    const [workbook = "", relationships = ""] = PARTS.map((name) => texts.get(name));
    return {
      archive: zipSync(files, { level: 0 }).buffer as ArrayBuffer,
      places: sheetsIn(workbook, relationships).map(({ path, isHidden }) => ({
        ...(isHidden && { isHidden }),
        hiddenRows: hiddenRows.get(path),
      })),
    };
  } catch (cause) {
    throw cause instanceof WorkbookError
      ? cause
      : Object.assign(new WorkbookError("broken"), { cause });
  }
}

/** The library fills what is empty between the cells: one far away would take gigabytes of nothing. */
function mustFit(sheet: string) {
  let [rows, columns] = [0, 0];
  for (const [, element, attributes = ""] of sheet.matchAll(/<(?:[^\s<>/:]+:)?(row|c)\s([^<]*)/g)) {
    const place = /(?:^|\s)r\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(attributes);
    if (!place) continue;
    const [, letters = "", digits] = PLACE.exec(place[1] ?? place[2] ?? "") ?? [];
    const [row, column] = [Number(digits), columnOf(letters)];
    if (!(row >= 1 && row <= MAX_ROWS && column <= MAX_COLUMNS)) throw new WorkbookError("broken");
    // Of an element without content nothing is kept, however it is formatted.
    if (element === "row" || /\/\s*>\s*$/.test(attributes)) continue;
    [rows, columns] = [Math.max(rows, row), Math.max(columns, column)];
  }
  if (rows * columns > MAX_CELLS) throw new WorkbookError("tooLarge");
}

/** Of A, B, …, Z, AA; 0 of none. */
function columnOf(letters: string): number {
  return Array.from(letters).reduce((sum, each) => sum * 26 + each.charCodeAt(0) - 64, 0);
}

/** The library reads a cell with an error as an empty one; as a text, `#REF!` stays `#REF!`. */
function withErrors(sheet: string): string {
  return sheet.replace(/(<c\s[^<>]*\bt=)(["'])e\2/g, "$1$2str$2");
}

/**
 * Of a formula that no program has worked out yet there is no value. That is not an empty cell, as which the library reads
 * it; an empty text is one.
 */
function withFormulas(sheet: string): string {
  return sheet.replace(UNSOLVED, (cell, attributes: string, formula = "") =>
    /\st\s*=\s*["']str["']/.test(attributes)
      ? cell
      : `<c${attributes} t="str"><v>=${formula}</v></c>`,
  );
}

const UNSOLVED =
  /<c(\s[^<>]*)>\s*<f(?:\s[^<>]*)?(?:\/>|>([^<]*)<\/f>)\s*(?:<v\s*\/>\s*|<v>\s*<\/v>\s*)?<\/c>/g;

/**
 * As a spreadsheet program shows it, with 15 digits: what is beyond them is the error of its own calculation. A longer
 * whole number has lost digits already, and is shown as what it is.
 */
function textOfNumber(digits: string): string {
  if (!/^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(digits)) return digits;
  const number = Number(Number(digits).toPrecision(15));
  return Math.abs(number) >= 1e15 ? number.toExponential() : String(number);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString().slice(0, 19).replace("T00:00:00", "");
  return String(value);
}

/** A hundred thousand rows need a third of it. */
const MAX_UNPACKED_BYTES = 150_000_000;

/** What a spreadsheet has. */
const MAX_ROWS = 1_048_576;
const MAX_COLUMNS = 16_384;
const PLACE = /^([A-Z]{0,3})(\d{1,7})$/;

/** Empty ones counted. */
const MAX_CELLS = 20_000_000;
