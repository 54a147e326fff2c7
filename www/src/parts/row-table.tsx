// A table to read: thousands of rows, of which only those in sight exist, scrolled through by mouse or keyboard.

import type { ComponentChildren, CSSProperties, HTMLAttributes } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import common from "./common.module.css";
import { NARROW, remInPixels, useMedia } from "./media";
import css from "./row-table.module.css";
import { useVirtualRows } from "./virtual-rows";
import rowsCss from "./virtual-rows.module.css";

/** What makes an element a row in its place; it goes to the element that stands for the row. */
type RowAttributes = Pick<
  HTMLAttributes<HTMLDivElement>,
  "role" | "aria-rowindex" | "style" | "onFocusIn" | "onFocusOut"
> & { class: string };

interface Props<Row> {
  /** Names the table, its head (`…-head`) and its body (`…-body`). */
  part: string;
  label: string;
  rows: readonly Row[];
  /** In rem. */
  rowHeight: number;
  /** On a phone, where a row has several lines and the head is out of sight; without it the head stays. */
  narrowRowHeight?: number;
  /** What the rows are an answer to: where it is another one, the table begins at its top. */
  about?: unknown;
  /** The table's. */
  class: string;
  /** Of the head and of each row: the columns. */
  rowClass: string;
  style?: CSSProperties;
  /** The cells of the head. */
  head: ComponentChildren;
  children: (row: Row, attributes: RowAttributes) => ComponentChildren;
}

export function RowTable<Row>(props: Props<Row>) {
  const { part, label, rows, rowHeight, narrowRowHeight, about, rowClass, style } = props;
  const scroller = useRef<HTMLDivElement>(null);
  // The row with the focus.
  const [focused, setFocused] = useState(-1);
  const isNarrow = useMedia(NARROW) && narrowRowHeight !== undefined;
  const rem = remInPixels();
  const height = Math.round(rem * (isNarrow ? narrowRowHeight : rowHeight));
  const { items, totalHeight } = useVirtualRows(scroller, {
    count: rows.length,
    rowHeight: height,
    headHeight: isNarrow ? 0 : rem * 2.5,
    kept: focused,
  });
  useEffect(() => void scroller.current?.scrollTo({ top: 0 }), [about]);
  return (
    <div
      ref={scroller}
      class={`${rowsCss.scroller} ${props.class}`}
      data-part={part}
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      tabIndex={0}
      style={style}
    >
      <div
        role="rowgroup"
        class={isNarrow ? common.unseen : rowsCss.head}
        data-part={`${part}-head`}
      >
        <div role="row" aria-rowindex={1} class={`${css.row} ${css.headRow} ${rowClass}`}>
          {props.head}
        </div>
      </div>
      <div
        role="rowgroup"
        class={rowsCss.body}
        data-part={`${part}-body`}
        style={{ height: `${totalHeight}px` }}
      >
        {items.map(({ index, start }) => {
          const row = rows[index];
          return (
            row &&
            props.children(row, {
              role: "row",
              "aria-rowindex": index + 2,
              class: `${css.row} ${css.bodyRow} ${rowClass}`,
              style: { transform: `translateY(${start}px)`, height: `${height}px` },
              onFocusIn: () => setFocused(index),
              onFocusOut: () => setFocused(-1),
            })
          );
        })}
      </div>
    </div>
  );
}
