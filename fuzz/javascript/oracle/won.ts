// What an amount in a cell is, read a second time: by its characters, one after the other, and by
// whole numbers without a bound. Stricter than the page may be, and never more lenient.

import { must } from "./finding";

/** An amount that was read without a question stands in the cell as just this number. */
export function mustBeWritten(cell: string, amount: number) {
  must(
    Number.isSafeInteger(amount) && amount > 0,
    "an amount is no whole positive number",
    cell,
    amount,
  );
  const digits = plainDigits(cell);
  must(
    digits !== undefined && BigInt(digits) === BigInt(amount),
    "an amount is a guess",
    cell,
    amount,
  );
}

/**
 * The digits of a whole number in plain sight: ASCII or full-width, in groups of three where there
 * are commas.
 */
function plainDigits(cell: string): string | undefined {
  const around =
    /^[\s\u200b\ufeff]*'?[\s\u200b\ufeff]*(?:금|krw|ｋｒｗ|[₩￦\\＼?？])?[\s\u200b\ufeff]*[+＋]?[\s\u200b\ufeff]*/iu;
  const behind = /[\s\u200b\ufeff]*(?:원정?|정|krw|won|ｋｒｗ|ｗｏｎ)?[\s\u200b\ufeff]*$/iu;
  const text = cell
    .normalize("NFC")
    .replace(around, "")
    .replace(behind, "")
    .replace(/[\u200b\ufeff]/g, "");
  let whole = "";
  let fraction: string | undefined;
  let sinceComma: number | undefined;
  for (const letter of text) {
    const digit = digitOf(letter);
    if (digit !== undefined && fraction !== undefined) fraction += digit;
    else if (digit !== undefined) {
      whole += digit;
      if (sinceComma !== undefined) sinceComma += 1;
    } else if ((letter === "," || letter === "，") && fraction === undefined) {
      const isWellPlaced = sinceComma === undefined ? /^\d{1,3}$/.test(whole) : sinceComma === 3;
      if (!isWellPlaced) return undefined;
      sinceComma = 0;
    } else if ((letter === "." || letter === "．") && fraction === undefined) fraction = "";
    else return undefined;
  }
  const isWhole = /^0*$/.test(fraction ?? "");
  return whole !== "" && isWhole && (sinceComma ?? 3) === 3 ? whole : undefined;
}

/** A decimal digit as it looks; a circled or raised one is a mark beside a number. */
function digitOf(letter: string): string | undefined {
  if (!/^\p{Nd}$/u.test(letter)) return undefined;
  const plain = letter.normalize("NFKC");
  return /^\d$/.test(plain) ? plain : undefined;
}

/**
 * What a question proposes is exactly what stands there; nothing where there is no such whole
 * number.
 */
export function mustBeMeant(cell: string, asks: string, suggestion: number) {
  must(
    Number.isSafeInteger(suggestion) && suggestion > 0,
    "a proposal is no amount",
    cell,
    suggestion,
  );
  const text = cell.normalize("NFKC").replace(/[\s\u200b\ufeff]/g, "");
  if (asks === "dots") {
    const [whole = ""] = /[\d.]+/.exec(text) ?? [];
    const isGrouped = /^\d{1,3}(\.\d{3})+$/.test(whole);
    must(
      isGrouped && BigInt(whole.replaceAll(".", "")) === BigInt(suggestion),
      "dots are guessed",
      cell,
      suggestion,
    );
  } else if (asks === "scientific") {
    const [, whole = "", fraction = "", exponent = ""] =
      /(\d+)(?:[.,](\d+))?e([+-]?\d+)/i.exec(text) ?? [];
    must(
      equals(whole, fraction, Number(exponent), suggestion),
      "an exponent is guessed",
      cell,
      suggestion,
    );
  } else {
    const [words = ""] =
      /[\d.,영일이삼사오육칠팔구십백천만억조]+/.exec(text.replace(/^금/, "")) ?? [];
    must(inWords(words) === BigInt(suggestion), "words are guessed", cell, suggestion);
  }
}

/** Whether whole.fraction · 10^exponent is the number, without rounding. */
function equals(whole: string, fraction: string, exponent: number, number: number): boolean {
  const digits = (whole + fraction).replace(/0+$/, "");
  const zeros = (whole + fraction).length - digits.length;
  const shift = exponent - fraction.length + zeros;
  return (
    shift >= 0 && shift < 20 && BigInt(digits || "0") * 10n ** BigInt(shift) === BigInt(number)
  );
}

/** 1억 2,000만 as a sum of 억, 만 and units, each of 천, 백, 십 and units. */
function inWords(text: string): bigint | undefined {
  const parts = /^(?:(.*?)조)?(?:(.*?)억)?(?:(.*?)만)?(.*)$/.exec(text);
  if (!parts) return undefined;
  let sum = 0n;
  for (const [n, unit] of [10n ** 12n, 10n ** 8n, 10n ** 4n, 1n].entries()) {
    const part = parts[n + 1];
    if (part === undefined) continue;
    const below = part === "" && unit > 1n ? 1n : part === "" ? 0n : belowTenThousand(part);
    if (below === undefined) return undefined;
    sum += below * unit;
  }
  return sum;
}

function belowTenThousand(text: string): bigint | undefined {
  if (PLAIN.test(text)) return BigInt(text.replaceAll(",", ""));
  // Each of the units once, the greatest first.
  const count = "(\\d{1,3}(?:,\\d{3})+|\\d+|[영일이삼사오육칠팔구]|)";
  const parts = new RegExp(`^(?:${count}천)?(?:${count}백)?(?:${count}십)?${count}$`).exec(text);
  if (!parts) return undefined;
  const worth = [1_000n, 100n, 10n];
  const units = worth.map((unit, n) => {
    const part = parts[n + 1];
    return part === undefined ? 0n : (part === "" ? 1n : wordOf(part)) * unit;
  });
  return units.reduce((sum, each) => sum + each, parts[4] === "" ? 0n : wordOf(parts[4] ?? "0"));
}

const PLAIN = /^(?:\d+|\d{1,3}(?:,\d{3})+)$/;

function wordOf(count: string): bigint {
  const at = "영일이삼사오육칠팔구".indexOf(count);
  return at >= 0 ? BigInt(at) : BigInt(count.replaceAll(",", ""));
}
