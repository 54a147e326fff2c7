// An amount as people write it in a sheet: 77,000 · ₩77,000 · 77,000원 · ７７０００. Nothing is rounded and nothing guessed.

/** Why a cell is no amount to pay. */
export type AmountFault =
  | "empty"
  | "formula"
  | "sheetError"
  | "scientific"
  | "negative"
  | "fraction"
  | "zero"
  | "tooLarge"
  | "noNumber";

// CP949 has no ₩: Excel writes a backslash for it, LibreOffice a question mark.
export function amountOf(cell: string): number | AmountFault {
  const text = cell
    .normalize("NFKC")
    .replace(/[\s\u200b\ufeff]/g, "")
    .replace(/^'/, "")
    .replace(/^(krw|[₩\\?])/i, "")
    .replace(/(원정?|krw|won)$/i, "");
  if (text === "" || text === "-") return "empty";
  if (text.startsWith("#")) return "sheetError";
  if (text.startsWith("=")) return "formula";
  const unsigned = text
    .replace(/^[-−–△▲]₩?|^\((?=.*\)$)/, "")
    .replace(/\)$/, "")
    .replace(/^\+/, "");
  if (/^\d+([.,]\d+)?e[+-]?\d+$/i.test(unsigned)) return "scientific";
  const [, whole, fraction] = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?$/.exec(unsigned) ?? [];
  if (whole === undefined) return "noNumber";
  if (/[1-9]/.test(fraction ?? "")) return "fraction";
  const amount = Number(whole.replaceAll(",", ""));
  if (amount === 0) return "zero";
  if (/^[-−–△▲(]/.test(text)) return "negative";
  return Number.isSafeInteger(amount) ? amount : "tooLarge";
}
