// Many billing keys as a table, of which only the rows in sight exist.

import { useEffect, useRef } from "preact/hooks";
import { count, masked, visible } from "../format";
import common from "../parts/common.module.css";
import { Icon, type IconName } from "../parts/icon";
import { NARROW, useMedia } from "../parts/media";
import { useVirtualRows } from "../parts/virtual-rows";
import rows from "../parts/virtual-rows.module.css";
import { t } from "../text";
import css from "./key-table.module.css";
import { type ItemKind, shownItems, shownKind } from "./state";
import { wordsOf } from "./words";

export function KeyTable() {
  const words = t.value.billing;
  const shown = shownItems.value;
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useMedia(NARROW);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const rowHeight = Math.round(rem * (isNarrow ? 5.25 : 2.75));
  const { items, totalHeight } = useVirtualRows(scroller, {
    count: shown.length,
    rowHeight,
    headHeight: isNarrow ? 0 : rem * 2.5,
    kept: -1,
  });
  useEffect(() => void scroller.current?.scrollTo({ top: 0 }), [shownKind.value]);
  if (shown.length === 0)
    return (
      <p class={common.none} data-part="none">
        {words.none}
      </p>
    );
  return (
    <div
      ref={scroller}
      class={`${rows.scroller} ${css.table}`}
      data-part="key-table"
      role="table"
      aria-label={words.table}
      aria-rowcount={shown.length + 1}
      tabIndex={0}
    >
      <div role="rowgroup" class={`${rows.head} ${css.head}`}>
        <div role="row" aria-rowindex={1} class={css.row}>
          {COLUMNS.map((name) => (
            <div key={name} role="columnheader" data-field={name}>
              {words.head[name]}
            </div>
          ))}
        </div>
      </div>
      <div
        role="rowgroup"
        class={`${rows.body} ${css.body}`}
        data-part="key-table-body"
        style={{ height: `${totalHeight}px` }}
      >
        {items.map(({ index, start }) => {
          const row = shown[index];
          if (!row) return null;
          const { item, number } = row;
          const { status, method, digits, owner, note } = wordsOf(item);
          return (
            <div
              key={number}
              role="row"
              aria-rowindex={index + 2}
              class={css.row}
              data-part="key-row"
              data-state={item.state.is}
              style={{ transform: `translateY(${start}px)`, height: `${rowHeight}px` }}
            >
              <div role="cell" data-field="order">
                {count(number)}
              </div>
              <div role="cell" data-field="status">
                <span class={common.tag}>
                  <Icon name={ICONS[item.state.is]} /> {status}
                </span>
              </div>
              <div role="cell" data-field="key">
                <code>{masked(item.key)}</code>
              </div>
              <div role="cell" data-field="method" title={method}>
                {visible(method)}
              </div>
              <div role="cell" data-field="digits">
                {visible(digits)}
              </div>
              <div role="cell" data-field="owner" title={owner}>
                {visible(owner)}
              </div>
              <div role="cell" data-field="note" title={note}>
                {visible(note)}
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
}

const COLUMNS = ["order", "status", "key", "method", "digits", "owner", "note"] as const;
const ICONS: Record<ItemKind, IconName> = {
  registered: "good",
  missing: "empty",
  failed: "bad",
  waiting: "other",
  asking: "other",
};
