// Everything about one entry of the access record.

import type { AccessRecord } from "payple-edge/browser";
import { useEffect, useRef } from "preact/hooks";
import { count, visible } from "../format";
import { DialogHead } from "../parts/dialog-head";
import { type CopyableFact, Facts } from "../parts/facts";
import { methodOf, outcomeOf, reasonOf, taskOf, timeOf, whoOf } from "./in-words";
import css from "./records.module.css";
import { words } from "./text";

export function EntryDialog({ entry, onClose }: { entry: AccessRecord; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const { columns, fields, nothing, unreadable, detailsOf } = words.value;
  const { subject, subjectText, rows, chain, sequence, requestId, previous, hash, key } = entry;
  const subjectShown = subjectText ?? (subject === undefined ? nothing : unreadable);
  const facts: CopyableFact[] = [
    [columns.at, timeOf(entry)],
    [columns.who, whoOf(entry.who)],
    [fields.method, methodOf(entry.method)],
    [columns.address, entry.address],
    [columns.task, taskOf(entry.task)],
    [columns.subject, <code>{visible(subjectShown)}</code>, subjectText],
    [columns.outcome, outcomeOf(entry.outcome)],
    [columns.rows, rows === undefined ? nothing : count(rows)],
    [columns.reason, reasonOf(entry) || nothing],
    [fields.requestId, <code>{visible(requestId)}</code>, requestId],
    [`${fields.chain} · ${fields.sequence}`, `${chain} · ${count(sequence)}`],
    [fields.hash, <code>{hash}</code>, hash],
    [fields.previous, <code>{previous}</code>, previous],
    [fields.key, key ?? nothing],
  ];
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="entry-title" class={css.dialog}>
      <DialogHead id="entry-title" title={detailsOf(timeOf(entry))} dialog={dialog} />
      <Facts facts={facts} />
    </dialog>
  );
}
