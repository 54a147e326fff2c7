// A file or pasted cells as rows of texts, each with its line: what a Korean spreadsheet program writes, and no guessing.

export interface Sheet {
  rows: SheetRow[];
  /** How the file was written; nothing where cells were pasted. */
  encoding?: Encoding;
}

export interface SheetRow {
  /** In the file, from 1. A cell may hold line breaks, so that rows are not lines. */
  line: number;
  cells: string[];
}

export type Encoding = "UTF-8" | "CP949" | "UTF-16";

/** Why a file is not read; `line` where it is one line's fault. */
export type SheetFault =
  | { is: "tooLarge" | "workbook" | "notText" | "empty" }
  | { is: "quotes"; line: number };

export class SheetError extends Error {
  constructor(readonly fault: SheetFault) {
    super(fault.is);
  }
}

export async function readFile(file: Blob): Promise<Sheet> {
  // Asked of the name tag first: a file of gigabytes is not even opened.
  if (file.size > MAX_BYTES) throw new SheetError({ is: "tooLarge" });
  const { text, encoding } = decode(new Uint8Array(await file.arrayBuffer()));
  return { rows: await readText(text), encoding };
}

/** Commas, tabs or semicolons, whichever fit. */
export async function readText(text: string): Promise<SheetRow[]> {
  if (text.length > MAX_BYTES) throw new SheetError({ is: "tooLarge" });
  if (text.trim() === "") throw new SheetError({ is: "empty" });
  const { default: papaparse } = await import("papaparse");
  const rows: SheetRow[] = [];
  let line = 1;
  let start = 0;
  let brokenAt: number | undefined;
  papaparse.parse<string[]>(text, {
    delimitersToGuess: [",", "\t", ";", "|"],
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
  return rows;
}

/**
 * Excel writes CSV as CP949 (which browsers call EUC-KR), as UTF-8 with a mark, or as UTF-16 ("Unicode text"). Bytes that
 * are UTF-8 throughout are UTF-8: Korean in CP949 practically never is.
 */
export function decode(bytes: Uint8Array): { text: string; encoding: Encoding } {
  const begins = (...mark: number[]) => mark.every((byte, at) => bytes[at] === byte);
  if (begins(0x50, 0x4b, 3, 4) || begins(0xd0, 0xcf, 0x11, 0xe0))
    throw new SheetError({ is: "workbook" });
  const mark = begins(0xff, 0xfe) ? "utf-16le" : begins(0xfe, 0xff) ? "utf-16be" : undefined;
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

function lineBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) count += 1;
  }
  return count;
}

/** Ten thousand payouts need a tenth of it. */
const MAX_BYTES = 10_000_000;
