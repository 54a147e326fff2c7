// The table of requests: thousands of rows, of which only those in sight exist; moved through by keyboard as a grid.

import { useSignalEffect } from "@preact/signals";
import type { PayoutRequestGroup } from "payple-edge/browser";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { download } from "../files/download";
import { handOver } from "../files/hand-over";
import { LeaveButton } from "../files/leave-button";
import { won } from "../format";
import { announce } from "../parts/announce";
import common from "../parts/common.module.css";
import { Icon } from "../parts/icon";
import { NARROW, remInPixels, useMedia, useWidth } from "../parts/media";
import { useVirtualRows } from "../parts/virtual-rows";
import rowsCss from "../parts/virtual-rows.module.css";
import { t } from "../text";
import { COLUMNS, type Column } from "./columns";
import { linesOf } from "./requests-csv";
import { RowDialog } from "./row-dialog";
import { type Row, type SortKey, severityOf } from "./rows";
import { isNamed, rows, shownRows, shownSum, wanted } from "./state";
import css from "./table.module.css";
import { searchFor, showAll, showOnlyMarked, sortBy, tableView } from "./table-view";

export function RequestTable({ group }: { group: PayoutRequestGroup }) {
  const [opened, setOpened] = useState<Row | undefined>();
  return (
    <section
      class={`${common.panel} ${css.requests}`}
      data-part="requests"
      id="requests"
      aria-labelledby="requests-title"
    >
      <div class={css.tableHead}>
        <h3 id="requests-title">{t.value.table.title}</h3>
        <Tools group={group} />
      </div>
      <Grid onOpen={setOpened} />
      {opened && <RowDialog row={opened} onClose={() => setOpened(undefined)} />}
    </section>
  );
}

function Tools({ group }: { group: PayoutRequestGroup }) {
  const words = t.value.table;
  const view = tableView.value;
  const save = () => {
    const { groupKey } = group;
    const shown = shownRows.peek();
    return handOver({ action: "export", groupKey, rows: shown.length }, () => {
      download("payout-requests", linesOf(groupKey, shown), groupKey);
      announce(words.saved(shown.length));
    });
  };
  return (
    <div class={`${common.tools} ${css.tools}`}>
      <label class={common.fieldInline}>
        <span class={common.unseen}>{words.filter}</span>
        <input
          type="search"
          placeholder={`${words.filter}: ${words.filterHelp}`}
          value={view.text}
          onInput={(event) => searchFor(event.currentTarget.value)}
        />
      </label>
      {group.review.findings.some((finding) => finding.rows?.length) && (
        <label class={common.check}>
          <input
            type="checkbox"
            checked={view.onlyMarked}
            onChange={(event) => showOnlyMarked(event.currentTarget.checked)}
          />
          {words.onlyMarked}
        </label>
      )}
      <p class={common.shown} data-part="shown" role="status">
        {words.showing(shownRows.value.length, rows.value.length)} ·{" "}
        {words.sum(won(shownSum.value))}
      </p>
      <span class={common.push} />
      <LeaveButton onLeave={save}>{words.csv}</LeaveButton>
      {view.only && (
        <p class={css.only} data-part="only">
          {words.only(view.only.name())}
          <button type="button" class={common.quiet} onClick={showAll}>
            {words.showAll}
          </button>
        </p>
      )}
    </div>
  );
}

/** Row -1 is the head. */
interface Place {
  row: number;
  column: number;
}

function Grid({ onOpen }: { onOpen: (row: Row) => void }) {
  const shown = shownRows.value;
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = Math.round(remInPixels() * ROW_HEIGHT_REM);
  const [place, setPlace] = useState<Place>({ row: -1, column: 0 });
  const size = { count: shown.length, rowHeight, headHeight: rowHeight, kept: place.row };
  const { items, totalHeight, scrollTo } = useVirtualRows(scroller, size);
  // The cell to focus as soon as it exists: a row far away has to be drawn first.
  const due = useRef<Place | undefined>(undefined);
  const { columns, isNarrow, widths, isHuge } = useLayout(scroller);
  const active: Place = {
    row: Math.min(place.row, shown.length - 1),
    column: Math.min(place.column, columns.length - 1),
  };

  useLayoutEffect(() => {
    if (!due.current) return;
    const { row, column } = due.current;
    const cell = scroller.current?.querySelector<HTMLElement>(
      `[data-row="${row}"] [data-column="${column}"]`,
    );
    if (!cell) return;
    due.current = undefined;
    cell.focus({ preventScroll: true });
  });

  useEffect(() => void scroller.current?.scrollTo({ top: 0 }), [tableView.value]);

  const go = (to: Place) => {
    due.current = to;
    setPlace(to);
    if (to.row >= 0) scrollTo(to.row);
  };

  useSignalEffect(() => {
    if (!wanted.value) return;
    const row = shownRows.peek().findIndex(({ index }) => index === wanted.value!.row);
    if (row < 0) return;
    scroller.current?.scrollIntoView({ block: "nearest" });
    // After the effect above has put a changed list to its top.
    requestAnimationFrame(() => {
      // Once: when the table is drawn anew, nobody asks for it any more.
      wanted.value = undefined;
      go({ row, column: 0 });
    });
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const to = destination(
      event,
      active,
      { row: shown.length - 1, column: columns.length - 1 },
      pageOf(scroller.current, rowHeight),
    );
    const row = shown[active.row];
    if (to) go(to);
    else if (event.key === "Enter" && row) onOpen(row);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <p class={common.unseen} id="grid-help">
        {t.value.table.help}
      </p>
      <div
        ref={scroller}
        class={`${rowsCss.scroller} ${css.grid}`}
        data-part="grid"
        data-huge={isHuge || undefined}
        role="grid"
        aria-labelledby="requests-title"
        aria-describedby="grid-help"
        aria-rowcount={shown.length + 1}
        aria-colcount={columns.length}
        onKeyDown={onKeyDown}
        style={{ "--columns": widths }}
      >
        <div role="rowgroup" class={`${rowsCss.head} ${css.head}`} data-part="grid-head">
          <div role="row" aria-rowindex={1} class={css.row} data-row={-1}>
            {columns.map((column, at) => (
              <HeadCell
                key={column.key}
                column={column}
                at={at}
                isActive={active.row === -1 && active.column === at}
                isShort={isNarrow && column.key === "marks"}
                onFocus={() => setPlace({ row: -1, column: at })}
              />
            ))}
          </div>
        </div>
        <div
          role="rowgroup"
          class={`${rowsCss.body} ${css.body}`}
          data-part="grid-body"
          style={{ height: `${totalHeight}px` }}
        >
          {items.map(({ index, start }) => {
            const row = shown[index];
            if (!row) return null;
            return (
              <div
                key={row.index}
                role="row"
                aria-rowindex={index + 2}
                data-row={index}
                class={css.row}
                data-part="grid-row"
                data-severity={severityOf(row)}
                style={{ transform: `translateY(${start}px)`, height: `${rowHeight}px` }}
                onClick={() => document.getSelection()?.isCollapsed !== false && onOpen(row)}
              >
                {columns.map((column, at) => (
                  <div
                    key={column.key}
                    role="gridcell"
                    aria-colindex={at + 1}
                    data-column={at}
                    class={column.isNumber ? `${css.cell} ${css.number}` : css.cell}
                    data-field={column.key}
                    tabIndex={active.row === index && active.column === at ? 0 : -1}
                    onFocus={() => setPlace({ row: index, column: at })}
                    title={column.text?.(row) || undefined}
                  >
                    {column.cell(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {shown.length === 0 && rows.value.length > 0 && (
        <p class={common.none} data-part="none">
          {t.value.table.none}
          {tableView.value.text.trim() !== "" &&
            !isNamed.value &&
            rows.value.some(({ request }) => request.printContent) &&
            ` ${t.value.table.noneMasked(t.value.masking.group)}`}
        </p>
      )}
    </>
  );
}

interface HeadCellProps {
  column: Column;
  at: number;
  isActive: boolean;
  /** A picture instead of its name. */
  isShort: boolean;
  onFocus: () => void;
}

function HeadCell({ column, at, isActive, isShort, onFocus }: HeadCellProps) {
  const { by, down } = tableView.value.sort;
  const isSorted = by === column.key;
  const name = t.value.table.columns[column.key];
  return (
    <div
      role="columnheader"
      aria-colindex={at + 1}
      aria-sort={isSorted ? (down ? "descending" : "ascending") : "none"}
      class={column.isNumber ? `${css.cell} ${css.number}` : css.cell}
      data-field={column.key}
    >
      <button
        type="button"
        data-column={at}
        tabIndex={isActive ? 0 : -1}
        onFocus={onFocus}
        onClick={() => sort(column.key, name)}
      >
        {isShort ? <Icon name="notice" /> : null}
        <span class={isShort ? common.unseen : undefined}>{name}</span>
        {isSorted && !isShort && <Icon name={down ? "down" : "up"} />}
      </button>
    </div>
  );
}

function sort(key: SortKey, name: string) {
  sortBy(key);
  announce(t.value.table.sortedBy(name, tableView.peek().sort.down));
}

/** Where a key leads in a grid; `undefined` for keys that lead nowhere. */
function destination(
  event: KeyboardEvent,
  from: Place,
  last: Place,
  page: number,
): Place | undefined {
  if (event.altKey || event.metaKey) return undefined;
  const to = (row: number, column: number) => ({
    row: Math.max(-1, Math.min(row, last.row)),
    column: Math.max(0, Math.min(column, last.column)),
  });
  switch (event.key) {
    case "ArrowDown":
      return to(from.row + 1, from.column);
    case "ArrowUp":
      return to(from.row - 1, from.column);
    case "ArrowRight":
      return to(from.row, from.column + 1);
    case "ArrowLeft":
      return to(from.row, from.column - 1);
    case "PageDown":
      return to(from.row + page, from.column);
    case "PageUp":
      return to(Math.max(from.row - page, Math.min(from.row, 0)), from.column);
    case "Home":
      return event.ctrlKey ? to(0, 0) : to(from.row, 0);
    case "End":
      return event.ctrlKey ? to(last.row, last.column) : to(from.row, last.column);
    default:
      return undefined;
  }
}

function pageOf(scroller: HTMLElement | null, rowHeight: number): number {
  return Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / rowHeight) - 2);
}

interface Layout {
  columns: readonly Column[];
  isNarrow: boolean;
  /** For the style sheet: every row is a grid of its own, so the widths must not depend on what is in one. */
  widths: string;
  /** Amounts so long that a narrow screen needs smaller digits. */
  isHuge: boolean;
}

/** Leaves out the column for findings where there are none, and of those that are not essential what has no room. */
function useLayout(scroller: RefObject<HTMLElement | null>): Layout {
  const isNarrow = useMedia(NARROW);
  const widthInRem = useWidth(scroller) / remInPixels();
  const all = rows.value;
  const longest = useMemo(() => {
    const length = (of: (row: Row) => number) =>
      all.reduce((most, row) => Math.max(most, won(of(row)).length), 0);
    return {
      amount: length(({ request }) => request.amount),
      remainingLimit: length(({ request }) => request.remainingLimit),
    };
  }, [all]);
  const hasFindings = all.some(({ findings }) => findings.length > 0);
  const leastRem = ({ key }: Column) =>
    key === "amount" || key === "remainingLimit"
      ? Math.max(LEAST_REM[key], longest[key] * 0.62 + 1.5)
      : LEAST_REM[key];
  const essential = COLUMNS.filter(
    ({ key, isEssential }) => isEssential && (key !== "marks" || hasFindings),
  );
  let left = widthInRem - essential.reduce((sum, column) => sum + leastRem(column), 0);
  const fitting = OPTIONAL.filter((key) => {
    const needed = leastRem(COLUMNS.find((column) => column.key === key)!);
    if (needed > left) return false;
    left -= needed;
    return true;
  });
  const columns = COLUMNS.filter(
    (column) => essential.includes(column) || fitting.includes(column.key),
  );
  const isHuge = longest.amount > 14;
  // An amount must never be cut: the digits make the width.
  const ofAmount = (length: number) =>
    `max(${isNarrow ? 6 : 8.5}rem, ${length * (isNarrow && isHuge ? 0.9 : 1.1)}ch + 1.5rem)`;
  const width = ({ key }: Column) => {
    if (key === "order")
      return `max(${isNarrow ? 3.25 : 5}rem, ${String(all.length).length * 0.65 + 1.25}rem)`;
    if (key === "amount" || key === "remainingLimit") return ofAmount(longest[key]);
    return (isNarrow ? NARROW_WIDTHS : WIDTHS)[key];
  };
  return { columns, isNarrow, widths: columns.map(width).join(" "), isHuge };
}

const WIDTHS: Record<Exclude<SortKey, "order" | "amount" | "remainingLimit">, string> = {
  marks: "9.5rem",
  printContent: "minmax(8rem, 1.6fr)",
  recipient: "minmax(9rem, 1fr)",
  subId: "minmax(8rem, 0.8fr)",
  requestedAt: "11.5rem",
};
const NARROW_WIDTHS: typeof WIDTHS = {
  ...WIDTHS,
  marks: "2.5rem",
  printContent: "minmax(5rem, 1fr)",
};

/** What there is room for comes in this order. */
const OPTIONAL: readonly SortKey[] = ["remainingLimit", "requestedAt", "recipient", "subId"];
/** How wide a column is at least; amounts by their digits. */
const LEAST_REM: Record<SortKey, number> = {
  order: 5,
  marks: 9.5,
  printContent: 8,
  recipient: 9,
  subId: 8,
  requestedAt: 11.5,
  amount: 8.5,
  remainingLimit: 8.5,
};

const ROW_HEIGHT_REM = 2.75;
