// A file or pasted cells as rows of texts, each with its line: what a Korean spreadsheet program writes, and no guessing.

import type Papa from "papaparse";
import { withoutTail } from "./headings";
import type { SheetRow } from "./sheet-row";

/** A file, or what was pasted: a workbook has several sheets, anything else is one. */
export interface Book {
  sheets: Sheet[];
  /** How a file of text was written; nothing where cells were pasted. */
  encoding?: Encoding;
}

export interface Sheet {
  /** Only the sheets of a workbook have one. */
  name?: string;
  /** A spreadsheet program does not show it. */
  isHidden?: true;
  rows: SheetRow[];
}

export type Encoding = "UTF-8" | "CP949" | "UTF-16";

/** Why a file is not read; `line` where it is one line's fault. */
export type SheetFault =
  | {
      is:
        | "tooLarge"
        | "oldWorkbook"
        | "brokenWorkbook"
        | "webPage"
        | "notText"
        | "empty"
        | "several";
    }
  | { is: "quotes"; line: number };

export class SheetError extends Error {
  constructor(readonly fault: SheetFault) {
    super(fault.is);
  }
}

/** The file that was chosen or dropped, which must be one alone. */
export async function readSingle(files: File[]): Promise<Book & { name: string; file: File }> {
  const [file, ...others] = files;
  if (!file) throw new SheetError({ is: "empty" });
  if (others.length > 0) throw new SheetError({ is: "several" });
  return { ...(await readFile(file)), name: file.name, file };
}

export async function readFile(file: Blob): Promise<Book> {
  // Asked of the name tag first: a file of gigabytes is not even opened.
  if (file.size > MAX_BYTES) throw new SheetError({ is: "tooLarge" });
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (begins(bytes, 0x50, 0x4b, 3, 4)) return { sheets: await sheetsOf(bytes) };
  const { text, encoding } = decode(bytes);
  return { sheets: [{ rows: await readText(text) }], encoding };
}

/** What reads workbooks is loaded only now: most of a first view's weight. */
async function sheetsOf(bytes: Uint8Array): Promise<Sheet[]> {
  const { readWorkbook, WorkbookError } = await import("./workbook");
  try {
    const sheets = await readWorkbook(bytes);
    if (sheets.length === 0) throw new SheetError({ is: "empty" });
    return sheets;
  } catch (error) {
    if (!(error instanceof WorkbookError)) throw error;
    throw new SheetError({ is: error.reason === "tooLarge" ? "tooLarge" : "brokenWorkbook" });
  }
}

/** Commas, tabs, semicolons or bars, whichever fit. */
export async function readText(given: string): Promise<SheetRow[]> {
  if (given.length > MAX_BYTES) throw new SheetError({ is: "tooLarge" });
  if (given.trim() === "") throw new SheetError({ is: "empty" });
  if (MARKUP.test(given)) throw new SheetError({ is: "webPage" });
  const { default: papaparse } = await import("papaparse");
  // Papa Parse takes one kind of line break for the whole of a text; of two files put together each may have its own.
  const text = given.replace(/^\ufeff+/, "").replace(/\r\n?/g, "\n");
  const delimiter = RARE_DELIMITERS.find((each) => isTableOf(each, papaparse.parse, text));
  const rows: SheetRow[] = [];
  let line = 1;
  let start = 0;
  let brokenAt: number | undefined;
  papaparse.parse<string[]>(text, {
    newline: "\n",
    ...(delimiter ? { delimiter } : { delimitersToGuess: [",", ...RARE_DELIMITERS] }),
    step: ({ data, errors, meta }, parser) => {
      if (errors.some(({ type }) => type === "Quotes")) {
        brokenAt = line;
        parser.abort();
        return;
      }
      rows.push({ line, cells: data });
      line += lineBreaks(text, start, meta.cursor);
      start = meta.cursor;
    },
  });
  if (brokenAt !== undefined) throw new SheetError({ is: "quotes", line: brokenAt });
  return withoutTail(rows);
}

/**
 * Whether a text is a table by a delimiter that hardly stands in a cell. These are asked before the comma, which stands in
 * amounts: `A<tab>1,500` is no row of `A<tab>1` and `500`.
 */
function isTableOf(delimiter: string, parse: typeof Papa.parse, text: string): boolean {
  const { data, errors } = parse<string[]>(text, { newline: "\n", delimiter, preview: 20 });
  const widths = data.filter((cells) => cells.some((cell) => cell.trim())).map((row) => row.length);
  if (errors.some(({ type }) => type === "Quotes")) return false;
  // Titles and notes stand around a table, but no tab in a text.
  if (delimiter === "\t") return widths.filter((width) => width > 1).length * 2 > widths.length;
  return widths.every((width) => width > 1 && width === widths[0]);
}

/**
 * Excel writes CSV as CP949 (which browsers call EUC-KR), as UTF-8 with a mark, or as UTF-16 ("Unicode text"). Bytes that
 * are UTF-8 throughout are UTF-8: Korean in CP949 practically never is.
 */
export function decode(bytes: Uint8Array): { text: string; encoding: Encoding } {
  // The form of .xls, and of every workbook under a password.
  if (begins(bytes, 0xd0, 0xcf, 0x11, 0xe0)) throw new SheetError({ is: "oldWorkbook" });
  const mark = begins(bytes, 0xff, 0xfe)
    ? "utf-16le"
    : begins(bytes, 0xfe, 0xff)
      ? "utf-16be"
      : undefined;
  if (mark) return { text: new TextDecoder(mark).decode(bytes), encoding: "UTF-16" };
  if (bytes.includes(0)) throw new SheetError({ is: "notText" });
  for (const [label, encoding] of [
    ["utf-8", "UTF-8"],
    ["euc-kr", "CP949"],
  ] as const) {
    try {
      return { text: new TextDecoder(label, { fatal: true }).decode(bytes), encoding };
    } catch {
      // The next one.
    }
  }
  throw new SheetError({ is: "notText" });
}

function begins(bytes: Uint8Array, ...mark: number[]): boolean {
  return mark.every((byte, at) => bytes[at] === byte);
}

function lineBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1))
    count += 1;
  return count;
}

/** What many a company's system writes and calls .xls: a table in HTML, or Excel's XML of 2003. */
const MARKUP = /^[\s\ufeff]*<(?:!doctype|!--|html|head|meta|style|body|table|\?xml)/i;

const RARE_DELIMITERS = ["\t", ";", "|"];

/** Ten thousand payouts need a tenth of it. */
const MAX_BYTES = 10_000_000;
