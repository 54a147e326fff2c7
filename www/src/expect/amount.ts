// An amount as people write it in a sheet: 77,000 · ₩77,000 · 77,000원 · ７７０００. Nothing is rounded and nothing guessed:
// what may mean two things is a question.

/** Why a cell is no amount to pay. */
export type AmountFault =
  | "empty"
  | "formula"
  | "sheetError"
  | "negative"
  | "fraction"
  | "zero"
  | "tooLarge"
  | "noNumber";

/** What only a person can tell. */
export interface AmountQuestion {
  /** `dots`: 1.000 may be one or a thousand. `scientific`: digits may be lost. `words`: 오백만. */
  asks: "dots" | "scientific" | "words";
  /** What it most likely means. */
  suggestion?: number;
}

// CP949 has no ₩: Excel writes a backslash for it, LibreOffice a question mark.
export function amountOf(cell: string): number | AmountFault | AmountQuestion {
  const text = cell
    .normalize("NFKC")
    .replace(/[\s\u200b\ufeff]/g, "")
    .replace(/^'/, "")
    .replace(/^(금|krw|[₩\\?])/i, "")
    .replace(/(원정?|정|krw|won)$/i, "");
  if (text === "" || text === "-") return "empty";
  if (text.startsWith("#")) return "sheetError";
  if (text.startsWith("=")) return "formula";
  const isNegative = /^[-−–△▲(]/.test(text);
  const unsigned = text
    .replace(/^[-−–△▲]₩?|^\((?=.*\)$)/, "")
    .replace(/\)$/, "")
    .replace(/^\+/, "");
  const question = questionOf(unsigned);
  if (question) return isNegative ? "negative" : question;
  const [, whole, fraction] = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?$/.exec(unsigned) ?? [];
  if (whole === undefined) return "noNumber";
  if (/[1-9]/.test(fraction ?? "")) return "fraction";
  const amount = Number(whole.replaceAll(",", ""));
  if (amount === 0) return "zero";
  if (isNegative) return "negative";
  return Number.isSafeInteger(amount) ? amount : "tooLarge";
}

function questionOf(text: string): AmountQuestion | undefined {
  if (/^\d+([.,]\d+)?e[+-]?\d+$/i.test(text))
    return asking("scientific", Number(text.replace(",", ".")));
  if (/^\d{1,3}(\.\d{3})+(,\d{1,2})?$/.test(text)) {
    const [whole = "", fraction = ""] = text.split(",");
    return asking("dots", /[1-9]/.test(fraction) ? Number.NaN : Number(whole.replaceAll(".", "")));
  }
  if (/^[\d.,영일이삼사오육칠팔구십백천만억조]*[십백천만억조영일이삼사오육칠팔구]$/.test(text))
    return asking("words", numberInWords(text));
  return undefined;
}

function asking(asks: AmountQuestion["asks"], suggestion: number): AmountQuestion {
  return Number.isSafeInteger(suggestion) && suggestion > 0 ? { asks, suggestion } : { asks };
}

/** 오백만 · 5백만 · 3만5천 · 1억 2,000만; NaN where the order is none. */
function numberInWords(text: string): number {
  let [total, section, digit] = [0, 0, 0];
  let isDigit = false;
  let least = Number.POSITIVE_INFINITY;
  for (const [part] of text.replaceAll(",", "").matchAll(/\d+|./gu)) {
    if (/^\d+$/.test(part) || "영일이삼사오육칠팔구".includes(part)) {
      if (isDigit) return Number.NaN;
      digit = /^\d+$/.test(part) ? Number(part) : "영일이삼사오육칠팔구".indexOf(part);
      isDigit = true;
      continue;
    }
    const small = { 십: 10, 백: 100, 천: 1_000 }[part];
    const large = { 만: 1e4, 억: 1e8, 조: 1e12 }[part];
    if (small) section += (isDigit ? digit : 1) * small;
    else if (large && large < least) {
      section += isDigit ? digit : 0;
      total += (section || 1) * large;
      section = 0;
      least = large;
    } else return Number.NaN;
    [digit, isDigit] = [0, false];
  }
  return total + section + digit;
}
