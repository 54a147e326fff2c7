// Many billing keys as a table, of which only the rows in sight exist.

import { count, masked, visible } from "../format";
import common from "../parts/common.module.css";
import { Icon, type IconName } from "../parts/icon";
import { RowTable } from "../parts/row-table";
import { t } from "../text";
import css from "./key-table.module.css";
import { type ItemKind, shownItems, shownKind } from "./state";
import { wordsOf } from "./words";

export function KeyTable() {
  const words = t.value.billing;
  return (
    <RowTable
      part="key-table"
      label={words.table}
      rows={shownItems.value}
      rowHeight={2.75}
      narrowRowHeight={5.25}
      about={shownKind.value}
      class={css.table}
      rowClass={css.row}
      head={COLUMNS.map((name) => (
        <div key={name} role="columnheader" data-field={name}>
          {words.head[name]}
        </div>
      ))}
    >
      {({ item, number }, attributes) => {
        const { status, method, digits, owner, note } = wordsOf(item);
        return (
          <div key={number} {...attributes} data-part="key-row" data-state={item.state.is}>
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
            <div role="cell" data-field="method" title={visible(method)}>
              {visible(method)}
            </div>
            <div role="cell" data-field="digits">
              {visible(digits)}
            </div>
            <div role="cell" data-field="owner" title={visible(owner)}>
              {visible(owner)}
            </div>
            <div role="cell" data-field="note" title={visible(note)}>
              {visible(note)}
            </div>
          </div>
        );
      }}
    </RowTable>
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
