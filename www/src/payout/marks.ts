// What somebody has looked at and said a word about: findings and differences, in this tab's memory alone. A mark changes no
// verdict; it goes into the CSV and onto the sheet.

import { signal } from "@preact/signals";
import type { Finding } from "payple-edge/browser";

export interface Mark {
  note: string;
  at: Date;
}

/** By what is marked: the same thing found again at another look-up is marked still. */
const marks = signal<ReadonlyMap<string, Mark>>(new Map());

export function markOf(id: string): Mark | undefined {
  return marks.value.get(id);
}

export function setMark(id: string, note: string) {
  marks.value = new Map([...marks.peek(), [id, { note: note.trim(), at: new Date() }]]);
}

export function removeMark(id: string) {
  marks.value = new Map([...marks.peek()].filter(([other]) => other !== id));
}

export function idOfFinding(groupKey: string, { kind, message, rows = [] }: Finding): string {
  return JSON.stringify([groupKey, kind, message, rows]);
}
