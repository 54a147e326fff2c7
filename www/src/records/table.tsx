// The entries of the access record as a table, of which only the rows in sight exist.

import { useSignal } from "@preact/signals";
import type { AccessRecord } from "payple-edge/browser";
import { count } from "../format";
import common from "../parts/common.module.css";
import { Icon } from "../parts/icon";
import { RowTable } from "../parts/row-table";
import { EntryDialog } from "./entry-dialog";
import { outcomeOf, reasonOf, subjectOf, taskOf, timeOf, whoOf } from "./in-words";
import css from "./records.module.css";
import { asked, entries } from "./state";
import { words } from "./text";

export function EntryTable() {
  const w = words.value;
  const opened = useSignal<AccessRecord | undefined>(undefined);
  return (
    <>
      <RowTable
        part="records"
        label={w.table}
        rows={entries.value}
        rowHeight={2.75}
        narrowRowHeight={6.5}
        about={asked.value}
        class={css.table}
        rowClass={css.row}
        head={
          <>
            {COLUMNS.map((name) => (
              <div key={name} role="columnheader" class={css[name]}>
                {w.columns[name]}
              </div>
            ))}
            <div role="columnheader" class={css.open}>
              <span class={common.unseen}>{w.details}</span>
            </div>
          </>
        }
      >
        {(entry, attributes) => (
          <div
            key={`${entry.chain}.${entry.sequence}`}
            {...attributes}
            class={`${attributes.class} ${entry.outcome === "ok" ? "" : css.failed}`}
          >
            <Cells entry={entry} />
            <div role="cell" class={css.open}>
              <button
                type="button"
                class={common.quiet}
                aria-label={w.detailsOf(timeOf(entry))}
                onClick={() => (opened.value = entry)}
              >
                {w.details}
              </button>
            </div>
          </div>
        )}
      </RowTable>
      {opened.value && (
        <EntryDialog entry={opened.value} onClose={() => (opened.value = undefined)} />
      )}
    </>
  );
}

function Cells({ entry }: { entry: AccessRecord }) {
  const cells: Record<(typeof COLUMNS)[number], string> = {
    at: timeOf(entry),
    who: whoOf(entry.who),
    task: taskOf(entry.task),
    subject: subjectOf(entry),
    outcome: outcomeOf(entry.outcome),
    rows: entry.rows === undefined ? "" : count(entry.rows),
    address: entry.address,
    reason: reasonOf(entry),
  };
  return (
    <>
      {COLUMNS.map((name) => (
        <div key={name} role="cell" class={css[name]} title={cells[name] || undefined}>
          {name === "outcome" && <Icon name={entry.outcome === "ok" ? "good" : "notice"} />}
          {cells[name]}
        </div>
      ))}
    </>
  );
}

const COLUMNS = ["at", "who", "task", "subject", "outcome", "rows", "address", "reason"] as const;
