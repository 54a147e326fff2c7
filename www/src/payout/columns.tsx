// The columns of the table: what is in them, and how a cell looks.

import type { ComponentChildren } from "preact";
import { count, requestTime, visible, won } from "../format";
import common from "../parts/common.module.css";
import { Icon } from "../parts/icon";
import { t } from "../text";
import css from "./columns.module.css";
import { type Row, type SortKey, severityOf } from "./rows";
import { nameOf } from "./verdict";

export interface Column {
  key: SortKey;
  /** Shown on narrow screens as well; the others are in a row's details. */
  isEssential: boolean;
  isNumber: boolean;
  cell: (row: Row) => ComponentChildren;
  /** The whole text, where the cell may be too narrow for it. Amounts are never cut. */
  text?: (row: Row) => string;
}

export const COLUMNS: readonly Column[] = [
  { key: "order", isEssential: true, isNumber: true, cell: ({ index }) => count(index + 1) },
  { key: "marks", isEssential: true, isNumber: false, cell: (row) => <Marks row={row} /> },
  text("printContent", true, ({ request }) => request.printContent),
  text("recipient", false, ({ request }) => request.billingTranId),
  text("subId", false, ({ request }) => request.subId),
  text("requestedAt", false, ({ request }) => requestTime(request)),
  { key: "amount", isEssential: true, isNumber: true, cell: ({ request }) => won(request.amount) },
  {
    key: "remainingLimit",
    isEssential: false,
    isNumber: true,
    cell: ({ request }) => <Limit won={request.remainingLimit} />,
  },
];

function text(key: SortKey, isEssential: boolean, of: (row: Row) => string | undefined): Column {
  return {
    key,
    isEssential,
    isNumber: false,
    text: (row) => visible(of(row) ?? ""),
    cell: (row) => (of(row) ? visible(of(row)!) : <Nothing />),
  };
}

function Marks({ row }: { row: Row }) {
  const severity = severityOf(row);
  if (!severity) return null;
  const names = [...new Set(row.findings.map(nameOf))].join(", ");
  return (
    <span class={css.mark} data-severity={severity} title={names}>
      <Icon name={severity === "error" ? "bad" : "notice"} />
      <span class={css.name}>{names}</span>
    </span>
  );
}

function Limit({ won: amount }: { won: number }) {
  return <span class={amount < 0 ? css.overdrawn : undefined}>{won(amount)}</span>;
}

function Nothing() {
  return (
    <span class={common.nothing}>
      <span aria-hidden="true">–</span>
      <span class={common.unseen}>{t.value.table.nothing}</span>
    </span>
  );
}
