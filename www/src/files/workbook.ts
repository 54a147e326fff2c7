// An Excel workbook (.xlsx) as sheets of texts, as a spreadsheet program shows them. Needs no browser.

import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import readWorkbookFile from "read-excel-file/universal";
import type { SheetRow } from "./sheet-row";

export interface WorkbookSheet {
  name: string;
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
  const unpacked = unpack(bytes);
  try {
    const sheets = await readWorkbookFile(unpacked, { parseNumber: textOfNumber });
    return sheets
      .map(({ sheet, data }) => ({
        name: sheet,
        rows: data.map((cells, at) => ({ line: at + 1, cells: cells.map(textOf) })),
      }))
      .filter(({ rows }) => rows.length > 0);
  } catch (cause) {
    throw Object.assign(new WorkbookError("broken"), { cause });
  }
}

/**
 * The same archive, uncompressed. The library unpacks large files in a worker made of a blob, which the page's policy
 * forbids; and it would unpack gigabytes out of a small file.
 */
function unpack(bytes: Uint8Array): ArrayBuffer {
  let size = 0;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!/\.xml(\.rels)?$/.test(name)) return false;
        size += originalSize;
        if (size > MAX_UNPACKED_BYTES) throw new WorkbookError("tooLarge");
        return true;
      },
    });
    for (const [name, file] of Object.entries(files))
      if (name.startsWith("xl/worksheets/") && name.endsWith(".xml"))
        files[name] = strToU8(withErrors(strFromU8(file)));
    return zipSync(files, { level: 0 }).buffer as ArrayBuffer;
  } catch (cause) {
    throw cause instanceof WorkbookError
      ? cause
      : Object.assign(new WorkbookError("broken"), { cause });
  }
}

/** The library reads a cell with an error as an empty one; as a text, `#REF!` stays `#REF!`. */
function withErrors(sheet: string): string {
  return sheet.replace(/(<c\s[^>]*\bt=)(["'])e\2/g, "$1$2str$2");
}

/**
 * As a spreadsheet program shows it, with 15 digits: what is beyond them is the error of its own calculation. A longer
 * whole number has lost digits already, and is shown as what it is.
 */
function textOfNumber(digits: string): string {
  const number = Number(Number(digits).toPrecision(15));
  if (Number.isNaN(number)) return digits;
  return Math.abs(number) >= 1e15 ? number.toExponential() : String(number);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString().slice(0, 19).replace("T00:00:00", "");
  return String(value);
}

/** A hundred thousand rows need a third of it. */
const MAX_UNPACKED_BYTES = 150_000_000;
