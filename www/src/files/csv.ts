// A CSV file that Excel opens rightly: UTF-8 with a byte order mark, and no text that it would run.

export function csv(lines: (string | number)[][]): string {
  return `\ufeff${lines.map((cells) => cells.map(cell).join(",")).join("\r\n")}\r\n`;
}

/**
 * Numbers of our own are harmless; a text that a spreadsheet would take for a formula gets an apostrophe in front. White
 * space and characters that nobody sees are passed over, as some spreadsheets do.
 */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const FORMULA = /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠])/u;
