// What the billing-key view holds, in this tab's memory alone: the keys typed, a file of them, and a run of look-ups.

import { batch, computed, signal } from "@preact/signals";
import type { BillingKey, BillingKeyResult, PaypleError } from "payple-edge/browser";
import { recordAction } from "../actions";
import { Intake } from "../files/intake";
import { type Book, readSingle, readText } from "../files/sheet";
import { hiddenOf, type SheetRow } from "../files/sheet-row";
import { maskedBillingKey } from "../masking";
import { ask, asPaypleError } from "../session";
import { sleep } from "../sleep";
import { type FoundKey, type KeyColumn, keyColumnOf, keysInColumn, withoutDoubtful } from "./keys";

export type Answer =
  | { is: "registered"; found: BillingKey }
  | { is: "missing"; error: Pick<PaypleError, "code" | "message"> }
  | { is: "failed"; error: PaypleError };

export interface Item extends FoundKey {
  state: Answer | { is: "waiting" } | { is: "asking" };
}

export type ItemKind = Item["state"]["is"];

export const typed = signal("");
/** Why typed keys were not looked up. */
export const fault = signal<"empty" | "tooMany" | "tooLong" | "notAKey" | undefined>(undefined);
export const items = signal<Item[]>([]);
/** The text that they stood in; empty where they are of a file. */
const typedThen = signal("");
/** Whether other keys stand on the page than those that the results are of. */
export const isStale = computed(() => {
  const now = typed.value.trim();
  const isOther = now !== "" && now !== typedThen.value.trim();
  return items.value.length > 0 && (isOther || source.value !== undefined);
});
/** How many of the keys last asked for were there twice. */
export const repeated = signal(0);
export const isUnderWay = signal(false);
/** Why a run ended before its time. */
export const ended = signal<PaypleError | undefined>(undefined);

export const tally = computed(() => {
  const counts = { registered: 0, missing: 0, failed: 0, waiting: 0, asking: 0 };
  for (const { state } of items.value) counts[state.is] += 1;
  const { registered, missing, failed } = counts;
  return { ...counts, all: items.value.length, settled: registered + missing + failed };
});

export const shownKind = signal<"all" | "registered" | "missing" | "failed" | "waiting">("all");

/** The keys whose names and telephone numbers are shown. */
const named = signal<ReadonlySet<string>>(new Set());
const registered = computed(() => items.value.filter(({ state }) => state.is === "registered"));
/** Whether there is nothing masked among what was found. */
export const isNamed = computed(() => registered.value.every(({ key }) => named.value.has(key)));

/** Shows the names of what was found once that is on the access record. */
export async function showNames(signal: AbortSignal) {
  const payerIds = registered
    .peek()
    .map(({ key }) => key)
    .filter((key) => !named.peek().has(key));
  await recordAction({ action: "show", payerIds, rows: payerIds.length }, signal);
  named.value = new Set([...named.peek(), ...payerIds]);
}

export function maskNames() {
  named.value = new Set();
}

/** As they are shown: masked until somebody wants to see them. */
export const shownItems = computed(() => {
  const kind = shownKind.value;
  const all = items.value.map((item, at) => ({ item: asShown(item), number: at + 1 }));
  if (kind === "all") return all;
  const kinds: ItemKind[] = kind === "waiting" ? ["waiting", "asking"] : [kind];
  return all.filter(({ item: { state } }) => kinds.includes(state.is));
});

/** The clerk's own choice; few are cards, many a table. */
export const chosenLook = signal<"cards" | "table" | undefined>(undefined);
export const look = computed(
  () => chosenLook.value ?? (items.value.length > MOST_AS_CARDS ? "table" : "cards"),
);

function asShown(item: Item): Item {
  const { state } = item;
  if (state.is !== "registered" || named.value.has(item.key)) return item;
  return { ...item, state: { is: "registered", found: maskedBillingKey(state.found) } };
}

let turn = 0;
let abort = new AbortController();

/** Asks for every key, those of a text or of a file, a few at a time; each is shown as it arrives. */
export async function lookUpAll(keys: FoundKey[], repeats: number, text = "") {
  stop();
  batch(() => {
    // What was wrong with another text or file.
    fault.value = sourceFault.value = undefined;
    repeated.value = repeats;
    typedThen.value = text;
    maskNames();
    shownKind.value = "all";
    items.value = keys.map((key) => ({ ...key, state: { is: "waiting" } }));
  });
  await run(keys.map((_, at) => at));
}

/** Asks for the keys of the file. */
export async function lookUpSource() {
  const found = keysInSource.peek();
  if (!found) return;
  // A text whose answers were shown until now does not stand above others.
  if (typed.peek().trim() === typedThen.peek().trim()) typed.value = "";
  forgetSource();
  await lookUpAll(found.keys, found.repeated);
}

/** Asks again for these: the failed ones, or those that a stop left over. */
export async function lookUpAgain(kind: "failed" | "waiting") {
  if (isUnderWay.peek()) return;
  const which = items.peek().flatMap(({ state }, at) => (state.is === kind ? [at] : []));
  shownKind.value = "all";
  await run(which);
}

export async function lookUpOne(at: number) {
  if (isUnderWay.peek()) return;
  shownKind.value = "all";
  await run([at]);
}

/** Ends what is under way; what was found stays. */
export function stop() {
  turn += 1;
  abort.abort();
  isUnderWay.value = false;
  items.value = items
    .peek()
    .map((item) => (item.state.is === "asking" ? { ...item, state: { is: "waiting" } } : item));
}

/** The Worker paces the keys of one request; of two, the second begins when all of the first have begun. */
async function run(which: number[]) {
  const mine = ++turn;
  abort = new AbortController();
  const { signal } = abort;
  batch(() => {
    isUnderWay.value = true;
    ended.value = undefined;
    set(new Map(which.map((at) => [at, { is: "waiting" }])));
  });
  const underWay = new Set<Promise<void>>();
  let unanswered = 0;
  for (let next = 0; next < which.length && mine === turn; next += AT_ONCE) {
    const part = which.slice(next, next + AT_ONCE);
    const asked = askFor(part, signal).then((error) => {
      underWay.delete(asked);
      if (mine !== turn) return;
      unanswered = error ? unanswered + 1 : 0;
      if (!error || !(endsAll(error) || unanswered >= MOST_UNANSWERED)) return;
      batch(() => {
        stop();
        ended.value = error;
      });
    });
    underWay.add(asked);
    const isLast = next + AT_ONCE >= which.length;
    if (!isLast) await sleep(part.length * INTERVAL_MS, signal);
    if (underWay.size > 1) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  if (mine === turn) isUnderWay.value = false;
}

/** Asks for a few keys and shows what came; resolves to why none of them was answered. */
async function askFor(which: number[], signal: AbortSignal): Promise<PaypleError | undefined> {
  const payerIds = which.map((at) => items.peek()[at]!.key);
  set(new Map(which.map((at) => [at, { is: "asking" }])));
  for (let attempt = 0; ; attempt += 1) {
    try {
      const results = await ask(
        (client) => client.lookupBillingKeys(payerIds, { signal, timeoutMs: TIMEOUT_MS }),
        signal,
      );
      if (!signal.aborted)
        set(new Map(results.map((result) => [which[result.index]!, of(result)])));
      return undefined;
    } catch (thrown) {
      const error = asPaypleError(thrown);
      if (signal.aborted) return undefined;
      if (error.httpStatus === 429 && attempt < MOST_WAITS) {
        await sleep(error.retryAfterMs ?? 10_000, signal);
        continue;
      }
      set(new Map(which.map((at) => [at, { is: "failed", error }])));
      return error;
    }
  }
}

function of(result: BillingKeyResult): Answer {
  switch (result.status) {
    case "registered":
      return { is: "registered", found: result.billingKey };
    case "not_registered":
      return { is: "missing", error: result };
    case "failed":
      return { is: "failed", error: result.error };
  }
}

function set(states: Map<number, Item["state"]>) {
  const all = [...items.peek()];
  for (const [at, state] of states) {
    const item = all[at];
    if (item) all[at] = { ...item, state };
  }
  items.value = all;
}

/** No other key would fare better. */
function endsAll({ kind, code, httpStatus }: PaypleError): boolean {
  return (
    kind === "authentication" ||
    kind === "invalid_config" ||
    httpStatus === 403 ||
    code === "T0996" ||
    code === "T0997"
  );
}

/** A file or pasted table in which the keys stand. */
export interface KeySource extends Book, KeyColumn {
  /** The file's; nothing where it was pasted. */
  name?: string;
  /** The place of the sheet. */
  at: number;
  rows: SheetRow[];
}

export const source = signal<KeySource | undefined>(undefined);
const intake = new Intake();
export const { fault: sourceFault, isReading } = intake;

/** What becomes of that which may be no key: for the clerk to say, of each column anew. */
export const doubt = signal<"leaveOut" | "send" | undefined>(undefined);

/** Whether keys in rows that a spreadsheet program does not show are left out. */
export const leavesHidden = signal(false);

const inColumn = computed(() => {
  const { value } = source;
  return value?.column === undefined
    ? undefined
    : keysInColumn(value.rows, value.header, value.column);
});
/** Those of them in rows that a spreadsheet program does not show, by hand or by a filter. */
export const hiddenKeys = computed(() =>
  hiddenOf(source.value?.rows ?? [], inColumn.value?.keys ?? []),
);
const inSight = computed(() => {
  const { value } = source;
  if (!leavesHidden.value || value?.column === undefined) return inColumn.value;
  const rows = value.rows.filter(({ isHidden }, at) => at <= value.header || !isHidden);
  return keysInColumn(rows, value.header, value.column);
});
export const keysInSource = computed(() => {
  const { value } = inSight;
  return value && doubt.value === "leaveOut" ? withoutDoubtful(value) : value;
});

export async function takeFile(...files: File[]) {
  await take(async () => {
    const { file: _, ...book } = await readSingle(files);
    return book;
  });
}

export async function takeText(text: string) {
  await take(async () => ({ sheets: [{ rows: await rowsOf(text) }] }));
}

export function chooseSheet(at: number) {
  const { value } = source;
  if (value?.sheets[at]) hold({ ...value, at });
}

export function chooseColumn(column: number | undefined) {
  const { value } = source;
  if (value) batch(() => ((source.value = { ...value, column }), (doubt.value = undefined)));
}

export function forgetSource() {
  intake.forget();
  source.value = undefined;
}

async function take(read: () => Promise<Book & { name?: string }>) {
  forgetSource();
  fault.value = undefined;
  await intake.take(read, (book) => {
    // A hidden one only where none that is shown has keys.
    const ranks: number[] = book.sheets.map(({ rows, isHidden }) =>
      keyColumnOf(rows).column === undefined ? 2 : isHidden ? 1 : 0,
    );
    hold({ ...book, at: ranks.indexOf(Math.min(...ranks)) });
  });
}

function hold(book: Book & { name?: string; at: number }) {
  const { rows } = book.sheets[book.at]!;
  batch(() => {
    source.value = { ...book, rows, ...keyColumnOf(rows) };
    doubt.value = undefined;
    leavesHidden.value = false;
  });
}

/** A table that was typed may have nothing but spaces between its columns. */
async function rowsOf(text: string): Promise<SheetRow[]> {
  const rows = await readText(text);
  if (rows.some(({ cells }) => cells.length > 1)) return rows;
  return rows.map(({ line, cells }) => ({ line, cells: (cells[0] ?? "").trim().split(/\s+/) }));
}

/** Keys in one request. */
const AT_ONCE = 5;
/** As the Worker paces them. */
const INTERVAL_MS = 200;
/** Every key may take its three tries. */
const TIMEOUT_MS = 120_000;
/** Requests in a row without any answer. */
const MOST_UNANSWERED = 3;
/** For a limit to pass. */
const MOST_WAITS = 3;
const MOST_AS_CARDS = 50;
/** Half an hour. */
export const MAX_KEYS = 10_000;
/** How many minutes so many keys take. */
export function minutesFor(keys: number): number {
  return Math.ceil((keys * INTERVAL_MS) / 60_000);
}
