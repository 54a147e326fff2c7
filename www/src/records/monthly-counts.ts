// What a month's entries of the access record come to, by person, by file and print, and by address.

import type { AccessRecord, AccessSummaryLine, RecordTask } from "payple-edge/browser";

/** What one person or program did. */
export interface Person {
  who: string;
  /** How many acts by task, of those that came to something. */
  tasks: Map<RecordTask, number>;
  /** Those that were refused, or failed. */
  refused: number;
  outsideHours: number;
  all: number;
}

/** Rows that were taken out at once: a file of many billing keys has an entry for each of them. */
export interface Taken {
  first: AccessRecord;
  /** Of how many group keys or billing keys. */
  subjects: number;
  /** Of all of them. */
  rows: number;
}

/** Sign-ins that failed, by where they came from. */
export interface Failures {
  address: string;
  count: number;
  first: string;
  last: string;
}

/** People first, who did most before the others. */
export function peopleOf(lines: AccessSummaryLine[]): Person[] {
  const people = new Map<string, Person>();
  for (const { who, task, outcome, count, outsideHours } of lines) {
    const person = people.get(who) ?? {
      who,
      tasks: new Map<RecordTask, number>(),
      refused: 0,
      outsideHours: 0,
      all: 0,
    };
    people.set(who, person);
    if (outcome === "ok") person.tasks.set(task, (person.tasks.get(task) ?? 0) + count);
    else person.refused += count;
    person.outsideHours += outsideHours;
    person.all += count;
  }
  const isProgram = ({ who }: Person) => Number(who.startsWith("program "));
  return [...people.values()].sort((a, b) => isProgram(a) - isProgram(b) || b.all - a.all);
}

/** What was refused did not leave. */
export function takenOf(records: AccessRecord[]): Taken[] {
  const taken = new Map<string, Taken>();
  for (const record of records) {
    if (record.outcome !== "ok") continue;
    const { requestId, task, rows = 0 } = record;
    const before = taken.get(`${task} ${requestId}`);
    if (before) {
      before.subjects += 1;
      before.rows += rows;
    } else taken.set(`${task} ${requestId}`, { first: record, subjects: 1, rows });
  }
  return [...taken.values()];
}

export function failuresOf(signIns: AccessRecord[]): Failures[] {
  const failures = new Map<string, Failures>();
  for (const { address, at, outcome } of signIns) {
    if (outcome === "ok") continue;
    const before = failures.get(address) ?? { address, count: 0, first: at, last: at };
    failures.set(address, {
      address,
      count: before.count + 1,
      first: at < before.first ? at : before.first,
      last: at > before.last ? at : before.last,
    });
  }
  return [...failures.values()].sort((a, b) => b.count - a.count);
}
