// Checks the access record in the page: every entry's hash, that entries follow one another, and where the chains begin and end.

import { signal } from "@preact/signals";
import type { AccessRecord, PaypleError, RecordChain } from "payple-edge/browser";
import { decode, SheetError } from "../files/sheet";
import { asPaypleError } from "../session";
import { dayOf } from "./korean-days";
import { NO_FILTER, pages } from "./read";
import { type Checked, type Fault, FormError, parseRecordFile, verify } from "./verify";

export interface CheckResult {
  /** What was checked: a time range of the record, or a file. */
  what: { from: string; to: string } | { file: string };
  count: number;
  faults: Fault[];
  /** As far as each was checked. */
  chains: Checked[];
  /** Whether the newest entries are among them, and the oldest that are kept. */
  reach: { newest: boolean; oldest: boolean };
  /** The hash noted at an earlier check, and where it is. */
  known?: { hash: string; at?: { chain: string; sequence: number } };
  at: Date;
}

export type Check =
  | { is: "none" }
  | { is: "reading"; count: number }
  | { is: "done"; result: CheckResult }
  | { is: "failed"; error: PaypleError }
  /** Not a file of the access record. */
  | { is: "noFile" };

export const check = signal<Check>({ is: "none" });
/** The hash to be found, as typed. */
export const knownHash = signal("");

let abort = new AbortController();

export function stopCheck() {
  abort.abort();
  abort = new AbortController();
  check.value = { is: "none" };
}

/** Reads and checks all entries of a time range, whoever they are of. */
export async function checkRange(range: { from: string; to: string }) {
  stopCheck();
  const { signal } = abort;
  const walk = new Walk(range, knownHash.peek());
  check.value = { is: "reading", count: 0 };
  try {
    for await (const page of pages({ ...NO_FILTER, ...range }, signal)) {
      await walk.take(page.records, page.chains);
      if (signal.aborted) return;
      check.value = { is: "reading", count: walk.count };
    }
    if (!signal.aborted) check.value = { is: "done", result: walk.result() };
  } catch (error) {
    if (!signal.aborted) check.value = { is: "failed", error: asPaypleError(error) };
  }
}

/** Checks a file that was downloaded, or one of the archive. */
export async function checkFile(file: File) {
  stopCheck();
  const { signal } = abort;
  check.value = { is: "reading", count: 0 };
  try {
    // A spreadsheet program may have saved it again, in CP949.
    const { text } = decode(new Uint8Array(await file.arrayBuffer()));
    const whole = parseRecordFile(text);
    const { faults, chains } = await verify(whole);
    if (signal.aborted) return;
    const reach = { newest: false, oldest: false };
    const [what, count, at] = [{ file: file.name }, whole.entries.length, new Date()];
    check.value = { is: "done", result: { what, count, faults, chains, reach, at } };
  } catch (error) {
    if (signal.aborted) return;
    const isOther = error instanceof FormError || error instanceof SheetError;
    check.value = isOther ? { is: "noFile" } : { is: "failed", error: asPaypleError(error) };
  }
}

/** As it is compared. */
export function hashOf(typed: string): string {
  return typed.trim().toLowerCase();
}

/** Goes through the record page by page, the newest entry first, and holds of each chain no more than its last entry. */
export class Walk {
  count = 0;
  readonly #range: { from: string; to: string };
  readonly #known: { hash: string; at?: { chain: string; sequence: number } } | undefined;
  readonly #faults = new Map<string, Fault>();
  readonly #chains = new Map<string, Checked>();
  /** The oldest entry of each chain so far. */
  readonly #oldest = new Map<string, AccessRecord>();
  /** The chains as they were when the first page was read, and the last. */
  #before: RecordChain[] = [];
  #after: RecordChain[] = [];
  /** Hashes that the chains have said to be their last ones. */
  readonly #heads = new Map<string, string>();

  constructor(range: { from: string; to: string }, knownHash: string) {
    this.#range = range;
    const hash = hashOf(knownHash);
    this.#known = hash === "" ? undefined : { hash };
  }

  async take(records: AccessRecord[], chains: RecordChain[]) {
    if (this.count === 0 && this.#before.length === 0) this.#before = chains;
    this.#after = chains;
    // With the last entry of each chain once more, so that the next one is seen to come before it.
    const { faults, chains: checked } = await verify({
      entries: [...this.#oldest.values(), ...records],
    });
    for (const fault of faults)
      this.#faults.set(`${fault.kind} ${fault.chain} ${fault.sequence}`, fault);
    for (const part of checked) this.#add(part);
    for (const record of records) {
      this.#look(record);
      this.#oldest.set(record.chain, record);
    }
    this.count += records.length;
  }

  result(): CheckResult {
    const { from, to } = this.#range;
    const reach = { newest: to === "" || to >= dayOf(new Date()), oldest: from === "" };
    const ends = [
      ...(reach.newest ? this.#before.flatMap((chain) => this.#faultAtHead(chain)) : []),
      ...(reach.oldest ? this.#after.flatMap((chain) => this.#faultAtAnchor(chain)) : []),
    ];
    return {
      what: this.#range,
      count: this.count,
      faults: [...this.#faults.values(), ...ends],
      chains: [...this.#chains.values()],
      reach,
      ...(this.#known && { known: this.#known }),
      at: new Date(),
    };
  }

  #add(part: Checked) {
    const before = this.#chains.get(part.chain);
    const isNewer = before === undefined || part.to > before.to;
    this.#chains.set(part.chain, {
      chain: part.chain,
      from: Math.min(part.from, before?.from ?? part.from),
      to: isNewer ? part.to : before.to,
      count: part.count + (before ? before.count - 1 : 0),
      hash: isNewer ? part.hash : before.hash,
    });
  }

  /** Whether this is where an earlier check ended, or the entry after it. */
  #look({ chain, sequence, hash, previous }: AccessRecord) {
    const head = this.#before.find((each) => each.chain === chain)?.head;
    if (head?.sequence === sequence) this.#heads.set(chain, hash);
    if (this.#known === undefined) return;
    if (hash === this.#known.hash) this.#known.at = { chain, sequence };
    else if (previous === this.#known.hash) this.#known.at ??= { chain, sequence: sequence - 1 };
  }

  /** The newest entry is the one that the chain itself says is. */
  #faultAtHead({ chain, anchor, head }: RecordChain): Fault[] {
    // Nothing of it may be in the range.
    const isOlder = this.#range.from !== "" && !this.#chains.has(chain);
    if (isOlder || head.sequence === anchor.sequence) return [];
    return this.#heads.get(chain) === head.hash
      ? []
      : [{ kind: "cut", chain, sequence: head.sequence }];
  }

  /** The oldest entry must follow the last one that was deleted. */
  #faultAtAnchor({ chain, anchor, head }: RecordChain): Fault[] {
    const oldest = this.#oldest.get(chain);
    if (head.sequence === anchor.sequence && oldest === undefined) return [];
    const isWhole =
      oldest !== undefined &&
      // While this was read, more may have been deleted.
      (oldest.sequence <= anchor.sequence ||
        (oldest.sequence === anchor.sequence + 1 && oldest.previous === anchor.hash));
    return isWhole ? [] : [{ kind: "cut", chain, sequence: anchor.sequence + 1 }];
  }
}
