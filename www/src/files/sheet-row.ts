// One row of a sheet, whatever file it comes from.

export interface SheetRow {
  /** In the file, from 1. A cell may hold line breaks, so that rows are not lines. */
  line: number;
  cells: string[];
  /** A spreadsheet program does not show it, by hand or by a filter. */
  isHidden?: true;
}
