// A CSV file that Excel opens rightly: UTF-8 with a byte order mark, no text that it would run, none that it would spoil.

export function csv(lines: (string | number)[][]): string {
  return `\ufeff${lines.map((cells) => cells.map(cell).join(",")).join("\r\n")}\r\n`;
}

/**
 * A text of digits that a spreadsheet would take for a number, a date or a time, and spoil (007, 1234567890123456789, 1E5,
 * 3-1), stands as a formula that is nothing but this text. Numbers of our own are harmless; a text that a spreadsheet would take for a formula gets an apostrophe in front. White
 * space and characters that nobody sees are passed over, as some spreadsheets do.
 */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value)
    ? `'${value}`
    : SPOILT_AS_NUMBER.test(value)
      ? `="${value}"`
      : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A text as it was before `csv` guarded it: our own files are read again as what they say. */
export function unguarded(text: string): string {
  const inFormula = /^="(.*)"$/s.exec(text)?.[1];
  if (inFormula !== undefined && SPOILT_AS_NUMBER.test(inFormula)) return inFormula;
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text;
}

/**
 * A leading zero, more than eleven digits (a spreadsheet shows 123456789012 as 1.23457E+11, and saves it so), an exponent,
 * or digits apart by what dates and times are written with.
 */
const SPOILT_AS_NUMBER = /^(?:0\d+|\d{12,}|\d+(?:[.]\d*)?[eE][+-]?\d+|\d+(?:[-/:.]\d+)+)$/;
/** Behind apostrophes as well: one more tells such a text from one that was guarded. */
const FORMULA = /^'*(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠])/u;
