// Billing keys from a file: one a line, or the column of a table that is named for them.

import { columnNamed, KEY_HEADINGS } from "../../../www/src/billing/keys";
import { cleaned } from "../../../www/src/files/clean";
import { plain } from "../../../www/src/files/headings";
import type { SheetRow } from "../../../www/src/files/sheet-row";
import type { Language } from "./language.js";
import { ListError, readBook, sheetOf } from "./list.js";

export async function readKeys(
  path: string,
  {
    sheet,
    column,
    language,
  }: { sheet: string | undefined; column: string | undefined; language: Language },
): Promise<string[]> {
  const rows = sheetOf(await readBook(path, language), sheet)?.rows ?? [];
  const { at, from } = columnOf(rows, column, path);
  const keys = rows.slice(from).map(({ cells }) => cleaned(cells[at] ?? ""));
  return keys.filter((key) => key !== "");
}

/**
 * Which column holds the keys, and from which row on. Where that is not plain, nothing is guessed.
 */
function columnOf(rows: SheetRow[], asked: string | undefined, path: string) {
  const named = columnNamed(rows, asked === undefined ? KEY_HEADINGS : [plain(asked)]);
  if (named) return { at: named.column, from: named.header + 1 };
  if (asked !== undefined) throw new ListError(`${path}: there is no column ${asked}`);
  const filled = new Set(
    rows.flatMap(({ cells }) => cells.flatMap((cell, at) => (cleaned(cell) === "" ? [] : [at]))),
  );
  const [first = 0, ...others] = filled;
  if (others.length > 0)
    throw new ListError(
      `${path}: of several columns none is named for billing keys (빌링키, PCD_PAYER_ID, payer_id, billing_key); say --column NAME`,
    );
  return { at: first, from: 0 };
}
