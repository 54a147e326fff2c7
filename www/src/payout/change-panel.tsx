// What changed in the group since it was last looked up, shown until somebody confirms having seen it.

import type { PayoutRequest } from "payple-edge/browser";
import { count, kst, visible, won } from "../format";
import common from "../parts/common.module.css";
import { Icon } from "../parts/icon";
import { t } from "../text";
import type { RowChange } from "./change";
import css from "./change-panel.module.css";
import findings from "./findings.module.css";
import { change, group, isChanged, seeChange, shownName, showRow } from "./state";

export function ChangePanel() {
  const words = t.value.change;
  if (!change.value || !group.value || !isChanged.value) return null;
  const { before, at, rows } = change.value;
  const counts = { added: 0, removed: 0, changed: 0 };
  for (const { kind } of rows) counts[kind] += 1;
  const [was, is] = [before.review.computedTotal, group.value.review.computedTotal];
  return (
    <section class={`${common.panel} ${css.changes}`} data-part="changes" aria-labelledby="changes">
      <h3 id="changes">{words.title}</h3>
      <p>
        {words.since(kst(at), counts)}{" "}
        {was === is ? words.sameTotal(won(is)) : words.total(won(was), won(is))}
      </p>
      <ul class={findings.findings}>
        {rows.slice(0, MOST_CHANGES).map((each, index) => (
          <li key={index} data-severity="notice">
            <span class={common.tag}>
              <Icon name="notice" />
              {words.kinds[each.kind]}
            </span>
            <ChangedRow change={each} />
          </li>
        ))}
      </ul>
      {rows.length > MOST_CHANGES && (
        <p class={common.aside}>{words.more(rows.length - MOST_CHANGES)}</p>
      )}
      <p>
        <button type="button" onClick={seeChange}>
          {words.seen}
        </button>
      </p>
    </section>
  );
}

function ChangedRow({ change }: { change: RowChange }) {
  const words = t.value.change;
  const { index, after } = change.kind === "removed" ? {} : change;
  const before = change.kind === "added" ? undefined : change.before;
  const request = after ?? before!;
  return (
    <div>
      <strong>
        {visible(request.printContent ? shownName(request.printContent) : request.billingTranId)}
      </strong>
      <p>{before && after ? differencesOf(before, after).join(" · ") : won(request.amount)}</p>
      {index !== undefined && (
        <p class={findings.ways}>
          <button
            type="button"
            class={findings.way}
            aria-label={t.value.findings.row(`#${count(index + 1)}`)}
            onClick={() => showRow(index)}
          >
            #{count(index + 1)}
          </button>
        </p>
      )}
    </div>
  );

  function differencesOf(before: PayoutRequest, after: PayoutRequest): string[] {
    const { columns, nothing } = t.value.table;
    const fields: Field[] = [
      [columns.amount, ({ amount }) => won(amount)],
      [columns.printContent, ({ printContent }) => printContent, shownName],
      [columns.subId, ({ subId }) => subId],
      [columns.requestedAt, ({ requestedAtRaw }) => requestedAtRaw],
      [columns.partner, ({ cstId }) => cstId],
    ];
    return fields
      .filter(([, of]) => of(before) !== of(after))
      .map(([name, of, masked = (text) => text]) => {
        const shown = (request: PayoutRequest) => {
          const text = of(request);
          return visible(text === undefined ? nothing : masked(text));
        };
        const [was, is] = [shown(before), shown(after)];
        return was === is ? words.underMask(name, is) : words.field(name, was, is);
      });
  }
}

const MOST_CHANGES = 50;

type Field = [
  name: string,
  of: (request: PayoutRequest) => string | undefined,
  masked?: (text: string) => string,
];
