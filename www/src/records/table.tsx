// The entries of the access record as a table, of which only the rows in sight exist.

import { useSignal } from "@preact/signals";
import type { AccessRecord } from "payple-edge/browser";
import { useEffect, useRef } from "preact/hooks";
import { count } from "../format";
import common from "../parts/common.module.css";
import { Icon } from "../parts/icon";
import { NARROW, useMedia } from "../parts/media";
import { useVirtualRows } from "../parts/virtual-rows";
import { EntryDialog } from "./entry-dialog";
import { outcomeOf, reasonOf, subjectOf, taskOf, timeOf, whoOf } from "./in-words";
import css from "./records.module.css";
import { asked, entries } from "./state";
import { words } from "./text";

export function EntryTable() {
  const w = words.value;
  const shown = entries.value;
  const scroller = useRef<HTMLDivElement>(null);
  const opened = useSignal<AccessRecord | undefined>(undefined);
  /** The row whose button has the focus. */
  const focused = useSignal(-1);
  const isNarrow = useMedia(NARROW);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const rowHeight = Math.round(rem * (isNarrow ? 6.5 : 2.75));
  const { items, totalHeight } = useVirtualRows(scroller, {
    count: shown.length,
    rowHeight,
    headHeight: isNarrow ? 0 : rem * 2.5,
    kept: focused.value,
  });
  useEffect(() => void scroller.current?.scrollTo({ top: 0 }), [asked.value]);
  return (
    <>
      <div
        ref={scroller}
        class={css.table}
        role="table"
        aria-label={w.table}
        aria-rowcount={shown.length + 1}
        tabIndex={0}
      >
        <div role="rowgroup" class={css.head}>
          <div role="row" aria-rowindex={1} class={css.row}>
            {COLUMNS.map((name) => (
              <div key={name} role="columnheader" class={css[name]}>
                {w.columns[name]}
              </div>
            ))}
            <div role="columnheader" class={css.open}>
              <span class={common.unseen}>{w.details}</span>
            </div>
          </div>
        </div>
        <div role="rowgroup" class={css.body} style={{ height: `${totalHeight}px` }}>
          {items.map(({ index, start }) => {
            const entry = shown[index];
            return (
              entry && (
                <div
                  key={`${entry.chain}.${entry.sequence}`}
                  role="row"
                  aria-rowindex={index + 2}
                  class={`${css.row} ${entry.outcome === "ok" ? "" : css.failed}`}
                  style={{ transform: `translateY(${start}px)`, height: `${rowHeight}px` }}
                  onFocusIn={() => (focused.value = index)}
                  onFocusOut={() => (focused.value = -1)}
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
              )
            );
          })}
        </div>
      </div>
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
