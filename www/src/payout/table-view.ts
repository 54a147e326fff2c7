// How the table of requests is looked at, and all that changes it.

import { type ReadonlySignal, signal } from "@preact/signals";
import { ALL_ROWS, type SortKey, type TableView } from "./rows";

const view = signal<TableView>(ALL_ROWS);

export const tableView: ReadonlySignal<TableView> = view;

/** For another group. */
export function resetTable() {
  view.value = ALL_ROWS;
}

export function searchFor(text: string) {
  change({ text });
}

export function showOnlyMarked(onlyMarked: boolean) {
  change({ onlyMarked });
}

/** Some rows and nothing else; `name` says which they are. */
export function showOnly(name: () => string, rows: Iterable<number>) {
  view.value = { ...ALL_ROWS, only: { name, rows: new Set(rows) } };
}

/** Every row, in the order that was chosen. */
export function showAll() {
  view.value = { ...ALL_ROWS, sort: view.peek().sort };
}

/** By this column; once more, the other way round. */
export function sortBy(by: SortKey) {
  const { sort } = view.peek();
  change({ sort: { by, down: sort.by === by && !sort.down } });
}

function change(part: Partial<TableView>) {
  view.value = { ...view.peek(), ...part };
}
