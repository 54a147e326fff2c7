// What a file of the access record says to another reader: one that takes the first of two equal
// names, where ours may take the last, and cells as they stand.

import { separated } from "./cells";
import { must } from "./finding";

type Json = null | boolean | number | string | Json[] | Map<string, Json>;

/** What the hash covers is what stands there. */
export function mustReadAs(text: string, entries: object[]) {
  const seen = othersRead(text);
  must(seen.length === entries.length, "another reader finds more or fewer entries", seen.length);
  for (const [n, entry] of entries.entries())
    for (const name of COVERED) {
      const [ours, theirs] = [
        (entry as Record<string, unknown>)[name] ?? null,
        seen[n]?.get(name) ?? null,
      ];
      const isOfType =
        ours === null
          ? OPTIONAL.has(name)
          : typeof ours === (NUMBERS.has(name) ? "number" : "string");
      must(isOfType, "a field is of another type", name, ours);
      must(ours === theirs, "another reader reads another content", name, ours, theirs);
    }
}

function othersRead(given: string): Map<string, Json>[] {
  const text = given.replace(/^\ufeff/, "");
  if (!text.trimStart().startsWith("{")) return rowsOf(text);
  const lines = text.startsWith('{"anchor"')
    ? text.split("\n").filter((line) => line.trim())
    : [text];
  const values = lines.map((line) => new Reader(line).read());
  if (text.startsWith('{"anchor"')) return values.slice(1, -1).map(object);
  const records = object(values[0]).get("records");
  return Array.isArray(records) ? records.map(object) : [];
}

function rowsOf(text: string): Map<string, Json>[] {
  const [head, ...rows] = (separated(text, ",") ?? []).map(({ cells }) => cells);
  return rows
    .filter((cells) => cells.join("").trim() !== "" || cells.length > 1)
    .map((cells) => {
      must(cells.length === head?.length, "a row is longer or shorter than the heading", cells);
      const row = new Map<string, Json>();
      for (const [n, heading] of (head ?? []).entries()) {
        const name = /\((\w+)\)$/.exec(heading)?.[1] ?? heading;
        // A formula that is nothing but a text shows it; headings in Korean have the field behind
        // them.
        const cell = (cells[n] ?? "").replace(/^="(.*)"$/s, "$1");
        // A number is written in one way.
        const value = NUMBERS.has(name) && /^(0|[1-9]\d{0,15})$/.test(cell) ? Number(cell) : cell;
        if (!row.has(name)) row.set(name, cell === "" ? null : value);
      }
      return row;
    });
}

function object(value: Json | undefined): Map<string, Json> {
  return value instanceof Map ? value : new Map();
}

/** JSON that is well-formed, with the first of two equal names. */
class Reader {
  #at = 0;
  constructor(readonly text: string) {}

  read(): Json {
    this.#space();
    const letter = this.text[this.#at];
    if (letter === "{") return this.#members();
    if (letter === "[") return this.#list("]", () => this.read());
    if (letter === '"') return this.#string();
    const [word = ""] = /^[^\s,\]}]+/.exec(this.text.slice(this.#at, this.#at + 400)) ?? [];
    this.#at += Math.max(1, word.length);
    return JSON.parse(word);
  }

  #members(): Map<string, Json> {
    const members = new Map<string, Json>();
    this.#list("}", () => {
      this.#space();
      const name = this.#string();
      this.#space();
      this.#at += 1;
      const value = this.read();
      if (!members.has(name)) members.set(name, value);
      return null;
    });
    return members;
  }

  #list(end: string, item: () => Json): Json[] {
    const items: Json[] = [];
    this.#at += 1;
    this.#space();
    while (this.#at < this.text.length && this.text[this.#at] !== end) {
      items.push(item());
      this.#space();
      if (this.text[this.#at] === ",") this.#at += 1;
      this.#space();
    }
    this.#at += 1;
    return items;
  }

  #string(): string {
    const from = this.#at;
    for (this.#at += 1; this.text[this.#at] !== '"' && this.#at < this.text.length; this.#at += 1)
      if (this.text[this.#at] === "\\") this.#at += 1;
    this.#at += 1;
    return JSON.parse(this.text.slice(from, this.#at));
  }

  #space() {
    while (" \t\r\n".includes(this.text[this.#at] ?? "x")) this.#at += 1;
  }
}

const NUMBERS = new Set(["sequence", "rows"]);
const OPTIONAL = new Set(["subject", "subjectHash", "key", "rows", "reason"]);
const COVERED = [
  ...[
    "chain",
    "sequence",
    "at",
    "who",
    "method",
    "address",
    "task",
    "subject",
    "subjectHash",
    "key",
  ],
  ...["outcome", "rows", "reason", "requestId", "previous", "hash"],
];
