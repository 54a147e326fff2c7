// What goes onto the sheet.

import { computed, signal } from "@preact/signals";
import type { PayoutRequestGroup } from "payple-edge/browser";
import { differencesOf } from "../expect/entries";
import { comparison } from "../expect/state";
import { group } from "../payout/state";

/** As chosen for the group on the page; nothing where nobody chose. */
const chosen = signal<{ groupKey: string; withRows: boolean } | undefined>(undefined);

/** Whether every request is printed. Hundreds of pages are printed on purpose alone. */
export const withRows = computed(() => {
  const { groupKey, requests } = group.value ?? { groupKey: "", requests: [] };
  if (chosen.value?.groupKey === groupKey) return chosen.value.withRows;
  return requests.length <= ROWS_UNASKED;
});

export function chooseRows(withRows: boolean) {
  chosen.value = { groupKey: group.peek()?.groupKey ?? "", withRows };
}

/** How many rows stand on the sheet: the differences from the list always do. */
export function rowsOnSheet({ requests }: PayoutRequestGroup): number {
  const differences = differencesOf(comparison.peek()?.entries ?? []).length;
  return differences + (withRows.peek() ? requests.length : 0);
}

const ROWS_UNASKED = 1_000;
