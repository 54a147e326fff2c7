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
  /**
   * `dots`: 1.000 may be one or a thousand. `scientific`: digits may be lost. `words`: 오백만. `unit`: the sheet says that its
   * amounts are in thousands of won or the like.
   */
  asks: "dots" | "scientific" | "words" | "unit";
  /** What it most likely means. */
  suggestion?: number;
}

// CP949 has no ₩: Excel writes a backslash for it, LibreOffice a question mark.
export function amountOf(cell: string): number | AmountFault | AmountQuestion {
  // A mark beside a number would become a digit of it (1000①, 10²), two numbers in a cell one.
  if (/\p{No}|[\p{Nd}.,]\s+[\p{Nd}.,]/u.test(cell)) return "noNumber";
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
    .replace(/^[-−–△▲]₩?/, "")
    .replace(/^\((.*)\)$/, "$1")
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

/** An amount of a sheet whose unit is so many won: what it would be in won is a question. */
export function inUnit(
  amount: ReturnType<typeof amountOf>,
  unit: number,
): ReturnType<typeof amountOf> {
  if (unit === 1) return amount;
  if (typeof amount === "number") return asking("unit", amount * unit);
  if (typeof amount === "object")
    return asking(amount.asks, (amount.suggestion ?? Number.NaN) * unit);
  // Half a thousand is no fraction of a won; how much it is, the clerk says.
  return amount === "fraction" ? { asks: "unit" } : amount;
}

function questionOf(text: string): AmountQuestion | undefined {
  const [, mantissa] = /^(\d+(?:[.,]\d+)?)e[+-]?\d+$/i.exec(text) ?? [];
  // Of more than 15 digits a number may keep fewer.
  if (mantissa !== undefined)
    return asking("scientific", mantissa.length > 16 ? Number.NaN : Number(text.replace(",", ".")));
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
  let [total, section] = [0, 0];
  let digit: number | undefined;
  let [leastSmall, leastLarge] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const [part] of text.matchAll(/\d{1,3}(?:,\d{3})+|\d+|./gu)) {
    const word = "영일이삼사오육칠팔구".indexOf(part);
    const isDigits = /^\d/.test(part);
    const small = { 십: 10, 백: 100, 천: 1_000 }[part];
    const large = { 만: 1e4, 억: 1e8, 조: 1e12 }[part];
    if ((isDigits || word >= 0) && digit === undefined) {
      digit = isDigits ? Number(part.replaceAll(",", "")) : word;
      continue;
    }
    if (small && small < leastSmall) {
      section += (digit ?? 1) * small;
      leastSmall = small;
    } else if (large && large < leastLarge) {
      const isBare = digit === undefined && leastSmall === Number.POSITIVE_INFINITY;
      total += (isBare ? 1 : section + (digit ?? 0)) * large;
      [section, leastSmall, leastLarge] = [0, Number.POSITIVE_INFINITY, large];
    } else return Number.NaN;
    digit = undefined;
  }
  return total + section + (digit ?? 0);
}
