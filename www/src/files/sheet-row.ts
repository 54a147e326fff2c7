// One row of a sheet, whatever file it comes from, and what of a sheet stands in hidden rows.

export interface SheetRow {
  /** In the file, from 1. A cell may hold line breaks, so that rows are not lines. */
  line: number;
  cells: string[];
  /** A spreadsheet program does not show it, by hand or by a filter. */
  isHidden?: true;
}

/** What of this stands in rows that a spreadsheet program does not show. */
export function hiddenOf<Found extends { line: number }>(
  rows: SheetRow[],
  found: Found[],
): Found[] {
  const hidden = new Set(rows.flatMap(({ isHidden, line }) => (isHidden ? [line] : [])));
  return hidden.size === 0 ? [] : found.filter(({ line }) => hidden.has(line));
}
