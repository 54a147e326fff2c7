// What goes onto the sheet, and the way to print it.

import { computed, signal } from "@preact/signals";
import { handOver } from "../files/hand-over";
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

export function printSheet() {
  const { groupKey, requests } = group.peek()!;
  const rows = withRows.peek() ? requests.length : 0;
  return handOver({ action: "print", groupKey, rows }, () => window.print());
}

const ROWS_UNASKED = 1_000;
