// An entry of the access record as an auditor reads it.

import type { AccessRecord } from "payple-edge/browser";
import { masked, visible } from "../format";
import { words } from "./text";

/** 2026-11-28 16:20:11 */
export function timeOf({ at }: Pick<AccessRecord, "at">): string {
  return at.slice(0, 19).replace("T", " ");
}

/** A person by their address or name; what else there is, by what it is. */
export function whoOf(who: string): string {
  const { people } = words.value;
  if (who === "admin" || who === "nobody" || who === "system") return people[who];
  const [kind, name] = [who.slice(0, who.indexOf(" ")), who.slice(who.indexOf(" ") + 1)];
  return kind === "program" ? people.program(visible(name)) : visible(name);
}

export function taskOf(task: string): string {
  return words.value.tasks[task] ?? task;
}

export function outcomeOf(outcome: string): string {
  return words.value.outcomes[outcome] ?? outcome;
}

export function methodOf(method: string): string {
  return words.value.methods[method] ?? method;
}

/** A billing key is as good as money: the list has it masked, the details in full. */
export function subjectOf({ subject, subjectText, task }: AccessRecord): string {
  if (subject === undefined) return "";
  if (subjectText === undefined) return words.value.unreadable;
  // What the Worker writes where the record itself was taken out: no key has a space.
  if (subjectText === "access record") return words.value.accessRecord;
  const isGroup = task === "payout_requests" || subjectText.length <= MOST_OF_GROUP;
  return visible(isGroup ? subjectText : masked(subjectText));
}

export function reasonOf({ reason, reasonText }: AccessRecord): string {
  if (reason === undefined) return "";
  return reasonText === undefined ? words.value.unreadable : visible(reasonText);
}

/** What was taken out does not say which kind of key it was of; billing keys are longer. */
const MOST_OF_GROUP = 16;
