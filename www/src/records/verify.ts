// Checks a file of the access record against its own hashes (docs/access-record.md): as it was downloaded, JSON or CSV,
// or as it lies in the archive. The page and the command `payple-edge verify-record` use it.

import Papa from "papaparse";

/** An entry's place and hash. */
export interface Link {
  sequence: number;
  hash: string;
}

/** What the hash of an entry covers, and the hash. */
export interface Entry {
  chain: string;
  sequence: number;
  at: string;
  who: string;
  method: string;
  address: string;
  task: string;
  subject?: string | null;
  subjectHash?: string | null;
  key?: string | null;
  outcome: string;
  rows?: number | null;
  reason?: string | null;
  requestId: string;
  previous: string;
  hash: string;
}

/** What a JSON file says of one chain: what it let go of, and where it was when the file was made. */
export interface Reach {
  chain: string;
  anchor: Link;
  head: Link;
}

export interface RecordFile {
  /** In the file's order. */
  entries: Entry[];
  /** Of several chains, of which the file may be a part alone. */
  chains?: Reach[];
  /** What the file says comes before its entries, and where its chain is after them. */
  anchor?: Link;
  head?: Link;
  /** A file of the archive whose last line, the head, is not there. */
  lacksHead?: boolean;
}

export type FaultKind =
  /** The entry is not what was hashed. */
  | "changed"
  /** Entries before it are not in the file, or were removed. */
  | "missing"
  /** It does not follow the one before, though it is numbered so. */
  | "unlinked"
  /** It is not in its place. */
  | "reordered"
  /** It is there twice. */
  | "repeated"
  /** The file does not begin or end where it says. */
  | "cut"
  /** The file does not say where it ends: its last line is missing. */
  | "noHead";

export interface Fault {
  kind: FaultKind;
  chain: string;
  sequence: number;
}

/** One chain, as far as the file has it. */
export interface Checked {
  chain: string;
  from: number;
  to: number;
  count: number;
  /** Of the last entry. */
  hash: string;
}

export interface Verdict {
  faults: Fault[];
  chains: Checked[];
}

/** Not a file of the access record. */
export class FormError extends Error {}

/** Reads a file, whichever of the three it is. */
export function parseRecordFile(given: string): RecordFile {
  const text = given.replace(/^\uFEFF/, "");
  if (text.trimStart().startsWith("{")) {
    // A file of the archive is JSON Lines, and begins with what comes before it.
    if (text.startsWith('{"anchor"'))
      return archiveFile(text.split("\n").filter((line) => line.trim() !== ""));
    const whole = parsed(text);
    if (isObject(whole) && Array.isArray(whole["records"]))
      return { entries: whole["records"].map(entryOf), chains: reachesIn(whole["chains"]) };
  } else if (CSV_HEAD.test(text)) {
    const form = { delimiter: ",", skipEmptyLines: true };
    const { data, errors, meta } = Papa.parse<Record<string, string>>(text, {
      ...form,
      header: true,
      transformHeader: fieldOf,
    });
    // Papa Parse takes one kind of line break for all; a program that takes each would read more rows.
    const rows = Papa.parse(text.replace(/\r\n?/g, "\n"), { ...form, newline: "\n" }).data;
    // Cells that no column has, and columns of one name, would be read by nobody, or by others otherwise.
    const hasAll = COLUMNS.every((name) => meta.fields?.includes(name));
    const isOneTable = errors.length === 0 && rows.length === data.length + 1;
    if (!isOneTable || meta.renamedHeaders || !hasAll)
      throw new FormError("the rows of this file do not fit its heading");
    return { entries: data.map((row) => entryOf(ofCells(row))) };
  }
  throw new FormError("this is no file of the access record");
}

/** Checks every entry, and that they follow one another. */
export async function verify({
  entries,
  chains: reaches = [],
  anchor,
  head,
  lacksHead = false,
}: RecordFile): Promise<Verdict> {
  const faults: Fault[] = [];
  const chains: Checked[] = [];
  const hashes = await Promise.all(entries.map(hashOf));
  for (const [n, { chain, sequence, hash }] of entries.entries())
    if (hashes[n] !== hash) faults.push({ kind: "changed", chain, sequence });
  for (const chain of new Set(entries.map((entry) => entry.chain))) {
    const own = entries.filter((entry) => entry.chain === chain);
    faults.push(...misplaced(own));
    const sorted = own.toSorted((a, b) => a.sequence - b.sequence);
    for (const [n, entry] of sorted.entries()) {
      const before: Link | undefined = sorted[n - 1] ?? anchor;
      if (before === undefined) continue;
      const { sequence, previous } = entry;
      const step = sequence - before.sequence;
      const add = (kind: FaultKind) => faults.push({ kind, chain, sequence });
      if (step <= 0) add("repeated");
      else if (step > 1) add("missing");
      else if (previous !== before.hash) add("unlinked");
    }
    const [first, last] = [sorted[0], sorted.at(-1)];
    if (first === undefined || last === undefined) continue;
    if (head !== undefined && (head.sequence !== last.sequence || head.hash !== last.hash))
      faults.push({ kind: "cut", chain, sequence: head.sequence });
    if (lacksHead) faults.push({ kind: "noHead", chain, sequence: last.sequence });
    const reach = reaches.find((told) => told.chain === chain);
    if (reach) faults.push(...beyond(reach, first, last));
    chains.push({
      chain,
      from: first.sequence,
      to: last.sequence,
      count: own.length,
      hash: last.hash,
    });
  }
  if (head !== undefined && entries.length === 0 && head.sequence !== anchor?.sequence)
    faults.push({ kind: "cut", chain: "", sequence: head.sequence });
  if (lacksHead && entries.length === 0)
    faults.push({ kind: "noHead", chain: "", sequence: anchor?.sequence ?? 0 });
  return { faults, chains };
}

/** The first and the last entry of a chain where they are not what the file itself says of it. */
function beyond({ chain, anchor, head }: Reach, first: Entry, last: Entry): Fault[] {
  const faults: Fault[] = [];
  if (first.sequence === anchor.sequence + 1 && first.previous !== anchor.hash)
    faults.push({ kind: "unlinked", chain, sequence: first.sequence });
  const isOther = last.sequence === head.sequence && last.hash !== head.hash;
  if (isOther || last.sequence > head.sequence)
    faults.push({ kind: "cut", chain, sequence: head.sequence });
  return faults;
}

/** What the hash of an entry covers. */
export function canonical(entry: Entry): string {
  const { chain, sequence, at, who, method, address, task, outcome, requestId, previous } = entry;
  const [subject, subjectHash, key] = [entry.subject, entry.subjectHash, entry.key];
  return JSON.stringify([
    "payple-edge record v1",
    ...[chain, sequence, at, who, method, address, task],
    ...[subject, subjectHash, key].map((value) => value ?? null),
    outcome,
    entry.rows ?? null,
    entry.reason ?? null,
    requestId,
    previous,
  ]);
}

async function hashOf(entry: Entry): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(entry)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Entries stand in one order: the newest first, or the oldest first. */
function misplaced(entries: Entry[]): Fault[] {
  const steps = entries
    .slice(1)
    .map((entry, n) => Math.sign(entry.sequence - (entries[n]?.sequence ?? 0)));
  const ups = steps.filter((step) => step > 0).length;
  const direction = ups * 2 >= steps.length ? 1 : -1;
  return entries
    .slice(1)
    .flatMap(({ chain, sequence }, n) =>
      steps[n] === -direction ? [{ kind: "reordered" as const, chain, sequence }] : [],
    );
}

function archiveFile(lines: string[]): RecordFile {
  const [first, ...others] = lines.map(parsed);
  const [anchor, head] = [linkIn(first, "anchor"), linkIn(others.at(-1), "head")];
  if (anchor === undefined) throw new FormError("this is no file of the access record");
  const entries = (head === undefined ? others : others.slice(0, -1)).map(entryOf);
  return { entries, anchor, ...(head ? { head } : { lacksHead: true }) };
}

function reachesIn(chains: unknown): Reach[] {
  const isReach = (value: unknown): value is Reach =>
    isObject(value) &&
    typeof value["chain"] === "string" &&
    isLink(value["anchor"]) &&
    isLink(value["head"]);
  if (chains === undefined) return [];
  if (Array.isArray(chains) && chains.every(isReach)) return chains;
  throw new FormError("this is no file of the access record");
}

function linkIn(line: unknown, name: string): Link | undefined {
  return isObject(line) && isLink(line[name]) ? line[name] : undefined;
}

/** The page's own file has its headings in words, with the field in brackets. */
function fieldOf(heading: string): string {
  return /\((\w+)\)$/.exec(heading)?.[1] ?? heading;
}

/** Cells are texts, an empty one is none; what a spreadsheet would spoil stands as a formula (`="203.0.113.7"`). */
function ofCells(cells: Record<string, string>): Record<string, unknown> {
  const row: Record<string, string> = {};
  for (const [name, cell] of Object.entries(cells)) row[name] = cell.replace(/^="(.*)"$/s, "$1");
  const text = (name: string) => (row[name] === "" ? null : row[name]);
  // What would be the same number, but is another text, is not what was written.
  const number = (cell = "") => (/^(?:0|[1-9]\d*)$/.test(cell) ? Number(cell) : Number.NaN);
  return {
    ...row,
    sequence: number(row["sequence"]),
    rows: row["rows"] === "" ? null : number(row["rows"]),
    subject: text("subject"),
    subjectHash: text("subjectHash"),
    key: text("key"),
    reason: text("reason"),
  };
}

function entryOf(value: unknown): Entry {
  const isEntry =
    isObject(value) &&
    isLink(value) &&
    TEXTS.every((name) => typeof value[name] === "string") &&
    OPTIONAL_TEXTS.every((name) => typeof (value[name] ?? "") === "string") &&
    Number.isSafeInteger(value["rows"] ?? 0);
  if (!isEntry) throw new FormError("an entry of this file is not whole");
  return value as unknown as Entry;
}

function isLink(value: unknown): value is Link {
  return (
    isObject(value) && Number.isSafeInteger(value["sequence"]) && typeof value["hash"] === "string"
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (namesIn(value) === namesWrittenIn(text)) return value;
  } catch {
    // Told below.
  }
  throw new FormError("this is no file of the access record");
}

/** Of two equal names in an object JSON.parse takes the last: a program that takes the first would read what was not checked. */
function namesWrittenIn(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)) if (colon) count += 1;
  return count;
}

function namesIn(value: unknown): number {
  let count = 0;
  const inside = [value];
  for (let each = inside.pop(); inside.length > 0 || each !== undefined; each = inside.pop()) {
    if (!isObject(each)) continue;
    const values = Object.values(each);
    if (!Array.isArray(each)) count += values.length;
    for (const value of values) if (isObject(value)) inside.push(value);
  }
  return count;
}

/** The Worker's file, or the page's. */
const CSV_HEAD = /^(?:chain,|[^\r\n]*\(chain\),)/;
const PLACE_AND_WHO = ["chain", "previous", "at", "who", "method", "address"];
const TEXTS = [...PLACE_AND_WHO, "task", "outcome", "requestId"];
const OPTIONAL_TEXTS = ["subject", "subjectHash", "key", "reason"];
const COLUMNS = [...TEXTS, ...OPTIONAL_TEXTS, "sequence", "rows", "hash"];
