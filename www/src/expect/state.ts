// The list of what is meant to be paid, in this tab's memory alone, and its comparison with the group on the page.

import { batch, computed, effect, signal } from "@preact/signals";
import { Intake } from "../files/intake";
import { type Book, readSingle, readText } from "../files/sheet";
import { hiddenOf, type SheetRow } from "../files/sheet-row";
import { asked, group, type HeldList, heldList, question } from "../payout/state";
import { type Columns, type Layout, layoutOf, likeliestSheet, ROLES, type Role } from "./columns";
import { type Entry, type EntryKind, entriesOf } from "./entries";
import { type Decisions, HARMLESS, NO_DECISIONS, type Payment, paymentsOf } from "./payments";
import {
  forgetChoices,
  isOfMemory,
  recall,
  rememberColumn,
  rememberMatchBy,
  signatureOf,
} from "./remembered";

export interface List extends Book {
  /** The file's; nothing where cells were pasted. */
  name?: string;
  /** Of the file or the pasted text, in hexadecimal: so that the sheet says which list it was. */
  sha256: string;
  /** The place of the sheet that is compared. */
  at: number;
  rows: SheetRow[];
  layout: Layout;
}

export const list = signal<List | undefined>(undefined);
export const columns = signal<Columns>({});
const intake = new Intake();
export const { fault, isReading } = intake;

/** Whether there is anything of a list to be shown, even where there is no group yet. */
export const isListHeld = computed(
  () => list.value !== undefined || fault.value !== undefined || isReading.value,
);

/** What the clerk decided about single rows. */
const decisions = signal<Decisions>(NO_DECISIONS);

/** What of the list is compared. */
export const payments = computed(
  () =>
    list.value && paymentsOf(list.value.rows, list.value.layout, columns.value, decisions.value),
);

/** Why a row is not compared, by its line. */
export const skippedAt = computed(
  () => new Map((payments.value?.skipped ?? []).map((row) => [row.line, row])),
);

/** The rows that ask something. */
export const questions = computed(() =>
  (payments.value?.skipped ?? []).filter(({ reason }) => QUESTIONS.includes(reason)),
);

/** What looks like a payment and is not compared: how many rows, how much, and how many of them say no amount. */
export const leftOut = computed(() => {
  const rows = (payments.value?.skipped ?? []).filter(({ reason }) => !HARMLESS.includes(reason));
  const known = rows.flatMap(({ amount }) => (amount === undefined ? [] : [amount]));
  return {
    rows: rows.length,
    amount: known.reduce((sum, amount) => sum + amount, 0),
    unknown: rows.length - known.length,
  };
});

/** What is paid in rows that a spreadsheet program does not show. */
export const hiddenPayments = computed(() =>
  hiddenOf(list.value?.rows ?? [], payments.value?.payments ?? []),
);

export function leaveOut(...lines: number[]) {
  const { leftOut, amounts } = decisions.peek();
  decisions.value = { amounts, leftOut: new Set([...leftOut, ...lines]) };
}

/** Undoes what was decided about a row. */
export function takeBack(line: number) {
  const { leftOut, amounts } = decisions.peek();
  decisions.value = {
    leftOut: new Set([...leftOut].filter((other) => other !== line)),
    amounts: new Map([...amounts].filter(([other]) => other !== line)),
  };
}

/** Says what the amounts of these lines mean. */
export function answer(amountsOfLines: Iterable<readonly [line: number, amount: number]>) {
  const { leftOut, amounts } = decisions.peek();
  decisions.value = { leftOut, amounts: new Map([...amounts, ...amountsOfLines]) };
}

export function isDecided(line: number): boolean {
  return decisions.value.leftOut.has(line) || decisions.value.amounts.has(line);
}

/** Another column for a role, or none; remembered for lists with such headings. */
export function chooseColumn(role: Role, at: number | undefined) {
  const { layout } = list.peek()!;
  const { [role]: before, ...others } = columns.peek();
  batch(() => {
    columns.value = at === undefined ? others : { ...others, [role]: at };
    // They answered what stood in the column before.
    if (role === "amount") decisions.value = { ...decisions.peek(), amounts: new Map() };
  });
  const heading = (column: number | undefined) =>
    column === undefined || layout.header < 0 ? undefined : layout.names[column];
  if (layout.header >= 0) rememberColumn(role, heading(at), heading(before));
}

/** Another key to match by; remembered for lists with these headings. */
export function chooseKey(role: Role) {
  chosenKey.value = role;
  const { layout } = list.peek()!;
  if (layout.header >= 0) rememberMatchBy(layout.names, role);
}

/** Whether an earlier choice decided about a column or the key of the list as it was taken in. */
export const isRemembered = signal(false);

/** Forgets them, and proposes anew. */
export function proposeAnew() {
  forgetChoices();
  const { value } = list;
  if (value) hold(value);
}

/** The key that the clerk chose to match by, if any. */
export const chosenKey = signal<Role | undefined>(undefined);

/** Those that the list can be matched by: whatever has a column, and the amount. */
export const possibleKeys = computed(() =>
  ROLES.filter((role) => role === "amount" || columns.value[role] !== undefined),
);

/** The one key for the whole list: as chosen, else the first that any payment has, as the core has it. */
export const matchBy = computed<Role>(() => {
  const chosen = chosenKey.value;
  if (chosen !== undefined && possibleKeys.value.includes(chosen)) return chosen;
  const held = payments.value?.payments ?? [];
  const isGiven = (role: Role) =>
    role !== "amount" && held.some(({ request }) => request[role] !== undefined);
  return ROLES.find(isGiven) ?? "amount";
});

/** The payments that lack that key: as long as there are any, the list cannot be compared. */
export const lacking = computed(() =>
  (payments.value?.payments ?? []).filter(({ request }) => request[matchBy.value] === undefined),
);

/** Why the list cannot be compared as it is. */
export const problem = computed<"needsAmount" | "noPayments" | "tooLong" | "lacksKey" | undefined>(
  () => {
    const held = payments.value;
    if (!held) return undefined;
    if (columns.value.amount === undefined) return "needsAmount";
    if (held.payments.length === 0) return "noPayments";
    if (lacking.value.length > 0) return "lacksKey";
    return isTooLong(held) ? "tooLong" : undefined;
  },
);

/** The list as part of the question, with what is needed to show the answer. */
interface ComparedList extends HeldList {
  payments: Payment[];
}
const asQuestion = computed<ComparedList | undefined>(() => {
  const held = payments.value;
  if (!held) return undefined;
  const requests = held.payments.map(({ request }) => request);
  return {
    payments: held.payments,
    ...(list.value?.name !== undefined && { name: list.value.name }),
    ...(list.value && { sha256: list.value.sha256 }),
    leftOut: leftOut.value.rows,
    ...(problem.value === undefined && { expect: { requests, matchBy: matchBy.value } }),
  };
});
effect(() => {
  heldList.value = asQuestion.value;
});

/** Only while it is about the key and the list that stand on the page. */
export const comparison = computed(() => {
  const summary = group.value?.review.expectation;
  const list = asked.value?.list as ComparedList | undefined;
  if (!group.value || !summary || !list || question.value.freshness !== "current") return undefined;
  return { summary, entries: entriesOf(group.value, list.payments), leftOut: list.leftOut };
});

export type ShownKind = EntryKind | "differences" | "otherTexts" | "ambiguous";

export const shownKind = signal<ShownKind>("differences");
// Of another answer the differences come first again.
effect(() => {
  if (asked.value) shownKind.value = "differences";
});
export const shownEntries = computed(() =>
  (comparison.value?.entries ?? []).filter(isShown(shownKind.value)),
);

export async function takeFile(...files: File[]) {
  await take(async () => {
    const { file, ...book } = await readSingle(files);
    return { ...book, sha256: await sha256(await file.arrayBuffer()) };
  });
}

export async function takeText(text: string) {
  await take(async () => ({
    sheets: [{ rows: await readText(text) }],
    sha256: await sha256(new TextEncoder().encode(text)),
  }));
}

export function chooseSheet(at: number) {
  const { value } = list;
  if (value?.sheets[at]) hold({ ...value, at });
}

export function forget() {
  intake.forget();
  list.value = chosenKey.value = undefined;
  columns.value = {};
  decisions.value = NO_DECISIONS;
}

/** Whether the Worker would take the list. */
function isTooLong({ payments }: { payments: Payment[] }): boolean {
  return (
    payments.length > MAX_PAYMENTS ||
    new TextEncoder().encode(JSON.stringify(payments.map(({ request }) => request))).length >
      MAX_LIST_BYTES
  );
}

async function sha256(bytes: BufferSource): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function take(read: () => Promise<Pick<List, "sheets" | "encoding" | "name" | "sha256">>) {
  // The list before is no part of the question any more, whatever becomes of this one.
  forget();
  await intake.take(read, (book) => hold({ ...book, at: likeliestSheet(book.sheets, recall()) }));
}

function hold(book: Omit<List, "rows" | "layout">) {
  const { rows } = book.sheets[book.at]!;
  const remembered = recall();
  const layout = layoutOf(rows, remembered);
  batch(() => {
    list.value = { ...book, rows, layout };
    columns.value = layout.columns;
    chosenKey.value = layout.header < 0 ? undefined : remembered.matchBy[signatureOf(layout.names)];
    decisions.value = NO_DECISIONS;
    isRemembered.value =
      layout.header >= 0 &&
      (chosenKey.value !== undefined || isOfMemory(remembered, layout.columns, layout.names));
  });
}

export function isShown(kind: ShownKind): (entry: Entry) => boolean {
  if (kind === "differences") return (entry) => entry.kind !== "matched";
  if (kind === "otherTexts") return ({ hasOtherTexts }) => hasOtherTexts;
  if (kind === "ambiguous") return ({ isAmbiguous }) => isAmbiguous;
  return (entry) => entry.kind === kind;
}

const QUESTIONS: string[] = ["dots", "scientific", "words", "unit"];
/** The Worker takes so many in so many bytes, the key and all. */
const MAX_PAYMENTS = 20_000;
const MAX_LIST_BYTES = 2 * 1024 * 1024 - 1_000;
