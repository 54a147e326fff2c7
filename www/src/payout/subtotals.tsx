// All recipients, or all sub-customers, each with how many requests it has and what they add up to.

import { useSignal } from "@preact/signals";
import type { PayoutRequestGroup } from "payple-edge/browser";
import { useMemo } from "preact/hooks";
import { download } from "../files/download";
import { handOver } from "../files/hand-over";
import { LeaveButton } from "../files/leave-button";
import { share, visible, won } from "../format";
import { announce } from "../parts/announce";
import { Chips } from "../parts/chips";
import common from "../parts/common.module.css";
import { RowTable } from "../parts/row-table";
import { t } from "../text";
import { type Subtotal, type SubtotalKey, subtotalsOf } from "./recipients";
import { recipientOf } from "./state";
import css from "./subtotals.module.css";
import { showOnly } from "./table-view";

export function Subtotals({ group }: { group: PayoutRequestGroup }) {
  const words = t.value.subtotals;
  const by = useSignal<SubtotalKey>("billingTranId");
  const isOpen = useSignal(false);
  const subtotals = useMemo(() => subtotalsOf(group.requests, by.value), [group, by.value]);
  const save = () =>
    handOver({ action: "export", groupKey: group.groupKey, rows: group.requests.length }, () => {
      // A sub-customer is paid by many names.
      const nameOf = (name: string) => (by.value === "subId" ? [] : [name]);
      const lines = subtotals.map(({ key, printContent, amount, rows }) => [
        ...[key, ...nameOf(printContent)],
        ...[rows.length, amount],
      ]);
      const sum = [...[words.sum, ...nameOf("")], group.requests.length, totalOf(subtotals)];
      const head = [words.keys[by.value], ...nameOf(words.name), words.count, words.amount];
      download(`payout-totals-${by.value}`, [head, ...lines, sum], group.groupKey);
      announce(words.saved(subtotals.length));
    });
  return (
    <details
      class={`${common.panel} ${css.subtotals}`}
      data-part="subtotals"
      onToggle={(event) => (isOpen.value = event.currentTarget.open)}
    >
      <summary>
        <h3>{words.title}</h3>
      </summary>
      {isOpen.value && (
        <>
          <div class={`${common.tools} ${css.tools}`}>
            <Chips
              label={words.by}
              chips={(["billingTranId", "subId"] as const).map((name) => ({
                name,
                words: words.bys[name],
              }))}
              chosen={by.value}
              onChoose={(name) => (by.value = name)}
            />
            <p class={common.shown}>{words.found(subtotals.length, won(totalOf(subtotals)))}</p>
            <span class={common.push} />
            <LeaveButton onLeave={save}>{words.csv}</LeaveButton>
          </div>
          <Table subtotals={subtotals} by={by.value} />
        </>
      )}
    </details>
  );
}

function Table({ subtotals, by }: { subtotals: Subtotal[]; by: SubtotalKey }) {
  const words = t.value.subtotals;
  const total = totalOf(subtotals) || 1;
  const longest = subtotals.reduce((most, { amount }) => Math.max(most, won(amount).length), 0);
  const keyOf = ({ key }: Subtotal) => (key ? visible(key) : t.value.subtotals.noSubId);
  const nameOf = (subtotal: Subtotal) =>
    by === "subId" ? keyOf(subtotal) : recipientOf(subtotal.rows[0]!);
  const show = (subtotal: Subtotal) => {
    showOnly(() => nameOf(subtotal), subtotal.rows);
    document.getElementById("requests")?.scrollIntoView({ block: "start" });
  };
  return (
    <RowTable
      part="subtotals-table"
      label={words.bys[by]}
      rows={subtotals}
      rowHeight={3.25}
      class={css.rows}
      rowClass={css.row}
      style={{ "--amount": `${longest * 0.66 + 1.5}rem` }}
      head={
        <>
          <div role="columnheader">{words.keys[by]}</div>
          <div role="columnheader" class={css.number}>
            {words.count}
          </div>
          <div role="columnheader" class={css.number}>
            {words.amount}
          </div>
          <div role="columnheader" class={`${css.number} ${css.share}`}>
            {words.share}
          </div>
        </>
      }
    >
      {(subtotal, attributes) => {
        const { key, printContent, amount, rows } = subtotal;
        return (
          <div key={key} {...attributes} data-part="subtotal">
            <div role="cell" class={css.who}>
              {by === "billingTranId" && printContent && <span>{visible(printContent)}</span>}
              <code title={key}>{keyOf(subtotal)}</code>
            </div>
            <div role="cell" class={css.number}>
              <button
                type="button"
                aria-label={words.show(nameOf(subtotal), rows.length)}
                onClick={() => show(subtotal)}
              >
                {words.requests(rows.length)}
              </button>
            </div>
            <div role="cell" class={css.number}>
              <strong>{won(amount)}</strong>
            </div>
            <div role="cell" class={`${css.number} ${css.share}`}>
              {share(amount / total)}
            </div>
          </div>
        );
      }}
    </RowTable>
  );
}

function totalOf(subtotals: Subtotal[]): number {
  return subtotals.reduce((sum, { amount }) => sum + amount, 0);
}
