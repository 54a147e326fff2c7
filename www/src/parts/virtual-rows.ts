// Only the rows in sight, out of thousands of the same height.

import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type Range,
  type VirtualItem,
  Virtualizer,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

export interface VirtualRows {
  items: VirtualItem[];
  totalHeight: number;
  scrollTo(index: number): void;
}

interface Rows {
  count: number;
  rowHeight: number;
  headHeight: number;
  /** A row that exists even out of sight: the one with the focus, which would be lost with it. */
  kept: number;
}

export function useVirtualRows(
  scroller: RefObject<HTMLElement | null>,
  { count, rowHeight, headHeight, kept }: Rows,
): VirtualRows {
  const [, redraw] = useReducer((turn: number, _: void) => turn + 1, 0);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    rangeExtractor: (range: Range) => {
      const indexes = defaultRangeExtractor(range);
      return kept < 0 || kept >= count || indexes.includes(kept) ? indexes : [...indexes, kept];
    },
    // The sticky head covers what is scrolled below it.
    scrollPaddingStart: headHeight,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw(),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => virtualizer.measure(), [rowHeight]);
  return {
    items: virtualizer.getVirtualItems(),
    totalHeight: virtualizer.getTotalSize(),
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: "auto" }),
  };
}
