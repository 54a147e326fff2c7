// Many billing keys as a table, of which only the rows in sight exist.

import { useEffect, useRef } from "preact/hooks";
import { count, masked, visible } from "../format";
import { Icon, type IconName } from "../parts/icon";
import { NARROW, useMedia } from "../parts/media";
import { useVirtualRows } from "../parts/virtual-rows";
import { t } from "../text";
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
  if (shown.length === 0) return <p class="none">{words.none}</p>;
  return (
    <div
      ref={scroller}
      class="key-table"
      role="table"
      aria-label={words.table}
      aria-rowcount={shown.length + 1}
      tabIndex={0}
    >
      <div role="rowgroup" class="key-table-head">
        <div role="row" aria-rowindex={1} class="key-row">
          {COLUMNS.map((name) => (
            <div key={name} role="columnheader" class={`key-${name}`}>
              {words.head[name]}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" class="key-table-body" style={{ height: `${totalHeight}px` }}>
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
              class={`key-row is-${item.state.is}`}
              style={{ transform: `translateY(${start}px)`, height: `${rowHeight}px` }}
            >
              <div role="cell" class="key-order">
                {count(number)}
              </div>
              <div role="cell" class="key-status">
                <span class="tag">
                  <Icon name={ICONS[item.state.is]} /> {status}
                </span>
              </div>
              <div role="cell" class="key-key">
                <code>{masked(item.key)}</code>
              </div>
              <div role="cell" class="key-method" title={method}>
                {visible(method)}
              </div>
              <div role="cell" class="key-digits">
                {visible(digits)}
              </div>
              <div role="cell" class="key-owner" title={owner}>
                {visible(owner)}
              </div>
              <div role="cell" class="key-note" title={note}>
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
