// The list of what is meant to be paid, in this tab's memory alone, and its comparison with the group on the page.

import { computed, signal } from "@preact/signals";
import { group, lookUp } from "../payout/state";
import { type Columns, type Layout, layoutOf } from "./columns";
import { type Entry, type EntryKind, entriesOf } from "./entries";
import { type Payment, paymentsOf } from "./payments";
import { readFile, readText, type Sheet, SheetError, type SheetFault } from "./sheet";

export interface List extends Sheet {
  /** The file's; nothing where cells were pasted. */
  name?: string;
  layout: Layout;
}

export type Fault = SheetFault | { is: "unreadable" };

export const list = signal<List | undefined>(undefined);
export const fault = signal<Fault | undefined>(undefined);
export const columns = signal<Columns>({});

/** What of the list is compared. */
export const payments = computed(
  () => list.value && paymentsOf(list.value.rows, list.value.layout, columns.value),
);

/** The payments as they were when the group on the page was asked for. */
const compared = signal<Payment[] | undefined>(undefined);

export const comparison = computed(() => {
  const summary = group.value?.review.expectation;
  if (!group.value || !summary || !compared.value) return undefined;
  return { summary, entries: entriesOf(group.value, compared.value) };
});

export const shownKind = signal<EntryKind | "differences" | "ambiguous">("differences");
export const shownEntries = computed(() =>
  (comparison.value?.entries ?? []).filter(isShown(shownKind.value)),
);

export async function takeFile(file: File) {
  await take(async () => ({ ...(await readFile(file)), name: file.name }));
}

export async function takeText(text: string) {
  await take(async () => ({ rows: await readText(text) }));
}

export function forget() {
  list.value = fault.value = undefined;
  columns.value = {};
}

/** Looks the group up anew, so that what is compared is what would be paid now. */
export async function compare(groupKey: string) {
  const held = payments.peek();
  if (!held) return;
  compared.value = held.payments;
  shownKind.value = "differences";
  await lookUp(groupKey, { requests: held.payments.map(({ request }) => request) });
}

/** Whether the Worker would take the list. */
export function isTooLong({ payments }: { payments: Payment[] }): boolean {
  return (
    new TextEncoder().encode(JSON.stringify(payments.map(({ request }) => request))).length >
    MAX_LIST_BYTES
  );
}

async function take(read: () => Promise<Sheet & { name?: string }>) {
  try {
    const sheet = await read();
    const layout = layoutOf(sheet.rows);
    list.value = { ...sheet, layout };
    columns.value = layout.columns;
    fault.value = undefined;
  } catch (error) {
    forget();
    fault.value = error instanceof SheetError ? error.fault : { is: "unreadable" };
  }
}

function isShown(kind: EntryKind | "differences" | "ambiguous"): (entry: Entry) => boolean {
  if (kind === "differences") return (entry) => entry.kind !== "matched";
  if (kind === "ambiguous") return ({ isAmbiguous }) => isAmbiguous;
  return (entry) => entry.kind === kind;
}

/** The Worker takes 4 MiB, the key and all. */
const MAX_LIST_BYTES = 4 * 1024 * 1024 - 1_000;
