// Separated values, read a second time: RFC 4180 letter by letter, with any line break and any one
// delimiter.

export interface Line {
  /** From 1, in the text. */
  line: number;
  cells: string[];
}

/** The rows, line breaks in cells as \n; nothing where a quotation mark is out of place. */
export function separated(text: string, delimiter: string): Line[] | undefined {
  const letters = text.replace(/\r\n?/g, "\n");
  const rows: Line[] = [];
  let [line, at] = [1, 0];
  let row: Line = { line, cells: [] };
  while (true) {
    let cell = "";
    if (letters[at] === '"') {
      at += 1;
      for (; ; at += 1) {
        if (at >= letters.length) return undefined;
        if (letters[at] === '"' && letters[at + 1] === '"') at += 1;
        else if (letters[at] === '"') break;
        else if (letters[at] === "\n") line += 1;
        cell += letters[at];
      }
      at += 1;
      while (at < letters.length && isSpace(letters[at], delimiter)) at += 1;
      if (at < letters.length && letters[at] !== delimiter && letters[at] !== "\n")
        return undefined;
    } else
      for (; at < letters.length && letters[at] !== delimiter && letters[at] !== "\n"; at += 1)
        cell += letters[at];
    row.cells.push(cell);
    if (at < letters.length && letters[at] === delimiter) {
      at += 1;
      continue;
    }
    rows.push(row);
    if (at >= letters.length) return rows;
    at += 1;
    line += 1;
    row = { line, cells: [] };
  }
}

/** White space may stand behind a closing quotation mark. */
function isSpace(letter: string | undefined, delimiter: string): boolean {
  return letter !== undefined && letter !== delimiter && letter !== "\n" && letter.trim() === "";
}

export const DELIMITERS = [",", "\t", ";", "|"];
