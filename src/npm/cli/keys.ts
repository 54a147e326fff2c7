// Billing keys from a file: one a line, or the column of a table that is named for them, read as
// the page reads them. A line without a key is an error, and nothing is sent to Payple.

import {
  columnNamed,
  type FoundKey,
  KEY_HEADINGS,
  type Keys,
  keysInColumn,
} from "../../../www/src/billing/keys";
import { cleaned } from "../../../www/src/files/clean";
import { plain } from "../../../www/src/files/headings";
import { hiddenOf, type SheetRow } from "../../../www/src/files/sheet-row";
import { type Language, wordsIn } from "./language.js";
import { ListError, linesTold, readBook, sheetOf } from "./list.js";

export async function readKeys(
  path: string,
  {
    sheet,
    column,
    language,
  }: { sheet: string | undefined; column: string | undefined; language: Language },
): Promise<Keys & { hidden: FoundKey[] }> {
  const book = await readBook(path, language);
  const headings = column === undefined ? KEY_HEADINGS : [plain(column)];
  // As on the page, the first sheet that has such a column, one that is shown before a hidden one,
  // unless another one is asked for.
  const withColumn = book.sheets.filter(({ rows }) => columnNamed(rows, headings));
  const named = withColumn.find(({ isHidden }) => !isHidden) ?? withColumn[0];
  const rows = (sheet === undefined && named ? named : sheetOf(book, sheet, language))?.rows ?? [];
  const { header, at } = columnOf(rows, headings, column, path, language);
  const found = keysInColumn(rows, header, at);
  if (found.leftOut.length > 0) {
    const { reasons } = wordsIn(language).billing.file;
    // Without their texts, which may be anybody's name.
    const told = linesTold(found.leftOut, ({ reason }) => reasons[reason], language);
    throw new ListError(`${path}: ${WITHOUT_KEY[language](found.leftOut.length)}\n${told}`);
  }
  return { ...found, hidden: hiddenOf(rows, found.keys) };
}

/**
 * Which column holds the keys, and the row of its heading, -1 where there is none. Where that is
 * not plain, nothing is guessed.
 */
function columnOf(
  rows: SheetRow[],
  headings: readonly string[],
  asked: string | undefined,
  path: string,
  language: Language,
) {
  const named = columnNamed(rows, headings);
  if (named) {
    const { header, column } = named;
    if (column === undefined) throw new ListError(`${path}: ${SHARED[language]}`);
    return { header, at: column };
  }
  if (asked !== undefined) throw new ListError(`${path}: ${NO_COLUMN[language](asked)}`);
  const filled = new Set(
    rows.flatMap(({ cells }) => cells.flatMap((cell, at) => (cleaned(cell) === "" ? [] : [at]))),
  );
  const [first = 0, ...others] = filled;
  if (others.length > 0) throw new ListError(`${path}: ${UNNAMED[language]}`);
  return { header: -1, at: first };
}

const NO_COLUMN = {
  en: (name: string) => `there is no column ${name}`,
  ko: (name: string) => `‘${name}’ 열이 없습니다`,
};
const UNNAMED = {
  en: "of several columns none is named for billing keys (빌링키, PCD_PAYER_ID, payer_id, billing_key); say --column NAME",
  ko: "어느 열이 빌링키인지 알 수 없습니다. 머리글에 ‘빌링키’, ‘PCD_PAYER_ID’, ‘payer_id’, ‘billing_key’ 중 하나를 적거나, --column으로 열 이름을 지정하세요.",
};
const SHARED = {
  en: "several columns have the same name for billing keys. Name one of them otherwise",
  ko: "빌링키 열의 이름이 여러 열에 쓰였습니다. 사용할 열만 그 이름을 쓰도록 머리글을 고쳐 주세요.",
};
const WITHOUT_KEY = {
  en: (n: number) =>
    `${n} ${n === 1 ? "row has" : "rows have"} no billing key, so that none is looked up`,
  ko: (n: number) => `빌링키가 없는 행이 ${n}개 있어 조회하지 않았습니다`,
};
