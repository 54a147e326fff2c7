// The unit that a sheet gives its amounts in, as its headings and titles say: 금액(천원), (단위: 백만원).

const WON: Record<string, number> = {
  원: 1,
  천원: 1e3,
  만원: 1e4,
  십만원: 1e5,
  백만원: 1e6,
  천만원: 1e7,
  억원: 1e8,
};

/** A unit's name in a pattern. */
export const UNIT_NAMES = Object.keys(WON).join("|");
// Nothing follows but another unit: `(천원 미만 절사)` says how amounts are rounded, not what they count.
const UNIT = new RegExp(
  String.raw`(?:[([]|단위)\s*(?:단위)?\s*:?\s*(${UNIT_NAMES})\s*(?:[)\],/]|$)`,
  "u",
);

/** How many won the unit is that the first of these texts names; 1 where none does. */
export function unitIn(texts: string[]): number {
  for (const text of texts) {
    const [, name] = UNIT.exec(text.normalize("NFKC")) ?? [];
    if (name !== undefined) return WON[name]!;
  }
  return 1;
}
