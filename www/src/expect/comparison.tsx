// What the comparison says: one sentence, then the differences side by side.

import type { ExpectationSummary } from "payple-edge/browser";
import { useMemo } from "preact/hooks";
import { download } from "../files/download";
import { handOver } from "../files/hand-over";
import { LeaveButton } from "../files/leave-button";
import { count, difference, kst, visible, won } from "../format";
import { announce } from "../parts/announce";
import { Chips } from "../parts/chips";
import common from "../parts/common.module.css";
import { Icon } from "../parts/icon";
import { NARROW, remInPixels, useMedia, widthInRem } from "../parts/media";
import { Outcome } from "../parts/outcome";
import { RowTable } from "../parts/row-table";
import { MarkButton } from "../payout/mark-button";
import { markOf } from "../payout/marks";
import { group, isOld, showRow } from "../payout/state";
import { t } from "../text";
import css from "./comparison.module.css";
import {
  differencesOf,
  type Entry,
  type EntryKind,
  gapOf,
  idOfEntry,
  isDifference,
} from "./entries";
import { isShown, shownEntries, shownKind } from "./state";

export function Comparison({
  summary,
  entries,
  leftOut,
}: {
  summary: ExpectationSummary;
  entries: Entry[];
  leftOut: number;
}) {
  const words = t.value.expect;
  const sentence = sentenceOf(summary);
  const isWhole = summary.missing + summary.unexpected + summary.different === 0;
  const otherTexts = group.value?.review.findings.find(({ kind }) => kind === "text_mismatch");
  const doubts = [
    isOld.value && t.value.verdict.doubts.old,
    leftOut > 0 && words.notCompared(leftOut),
    summary.matchedBy === "amount" && summary.matched > 0 && words.amountOnly,
    otherTexts && words.otherTexts(otherTexts.rows?.length ?? 0),
    summary.ambiguous > 0 && words.ambiguous(summary.ambiguous),
  ].filter((doubt) => typeof doubt === "string");
  const tone = !isWhole ? "bad" : doubts.length > 0 ? "notice" : "good";
  return (
    <div class={css.comparison} data-part="comparison">
      <Outcome tone={tone}>
        <h4>{sentence}</h4>
        {tone === "good" && <p>{words.allMatch}</p>}
        {doubts.map((doubt) => (
          <p key={doubt}>{doubt}</p>
        ))}
      </Outcome>
      <Filter entries={entries} />
      <Entries />
    </div>
  );
}

export function sentenceOf({
  matched,
  missing,
  different,
  unexpected,
}: ExpectationSummary): string {
  const { verdict, parts } = t.value.expect;
  const rest = [
    missing > 0 && parts.missing(missing),
    different > 0 && parts.different(different),
    unexpected > 0 && parts.unexpected(unexpected),
  ];
  return verdict(
    matched + missing + different,
    matched,
    rest.filter((part) => part !== false),
  );
}

function Filter({ entries }: { entries: Entry[] }) {
  const words = t.value.expect;
  const chips = KINDS.map((name) => ({
    name,
    words: words.kinds[name],
    n: entries.filter(isShown(name)).length,
  }));
  const groupKey = group.value?.groupKey ?? "";
  const found = differencesOf(entries);
  const seen = found.filter((entry) => markOf(idOfEntry(groupKey, entry))).length;
  // Whatever is shown: who gets the file takes it for all there is.
  const save = () =>
    handOver({ action: "export", groupKey, rows: found.length }, () => {
      download("payout-differences", linesOf(groupKey, found), groupKey);
      announce(words.saved(found.length));
    });
  return (
    <div class={`${common.tools} ${css.tools}`}>
      <Chips
        label={words.filter}
        chips={chips.filter(({ name, n }) => n > 0 || name === "differences")}
        chosen={shownKind.value}
        onChoose={(kind) => (shownKind.value = kind)}
      />
      <span class={common.push} />
      {found.length > 0 && <p class={common.shown}>{t.value.marks.progress(seen, found.length)}</p>}
      <LeaveButton onLeave={save} disabled={found.length === 0}>
        {words.csv}
      </LeaveButton>
    </div>
  );
}

function Entries() {
  const words = t.value.expect;
  const shown = shownEntries.value;
  const isNarrow = useMedia(NARROW);
  const isUnsure = shown.some(doubtsOf);
  const isMarkable = shown.some(isDifference);
  const lines = isUnsure ? 10.5 : isMarkable ? 8.75 : 7.25;
  const longest = useMemo(() => longestOf(shown), [shown]);
  if (shown.length === 0) return <p class={common.none}>{words.none}</p>;
  // Two amounts beside each other on a phone: in small figures where they are long, and below each other where even those
  // do not fit.
  const half = (innerWidth / remInPixels() - AROUND_REM) / 2;
  const isHuge = longest.amount * AMOUNT_REM > half;
  const isTight = isNarrow && longest.amount * (isHuge ? SMALL_AMOUNT_REM : AMOUNT_REM) > half;
  return (
    <RowTable
      part="entries"
      label={words.table}
      rows={shown}
      rowHeight={3.75}
      narrowRowHeight={isTight ? lines + 6.75 : lines}
      about={shown}
      class={`${css.entries} ${isHuge ? css.huge : ""} ${isTight ? css.tight : ""}`}
      rowClass={css.entry}
      style={{ "--gap": `${longest.gap}rem` }}
      head={(["kind", "expected", "found", "gap"] as const).map((name) => (
        <div key={name} role="columnheader" data-field={name}>
          {words.head[name]}
        </div>
      ))}
    >
      {(entry, attributes) => (
        <div
          key={attributes["aria-rowindex"]}
          {...attributes}
          data-part="entry"
          data-kind={entry.kind}
        >
          <EntryCells entry={entry} />
        </div>
      )}
    </RowTable>
  );
}

function EntryCells({ entry }: { entry: Entry }) {
  const words = t.value.expect;
  const { kind, expected, found } = entry;
  const gap = gapOf(entry);
  const doubts = doubtsOf(entry);
  return (
    <>
      <div role="cell" data-field="kind">
        <span class={common.tag} data-part="tag">
          <Icon name={ICONS[kind]} />
          {words.kinds[kind]}
        </span>
        {doubts && (
          <span class={css.unsure} data-part="unsure">
            {doubts}
          </span>
        )}
        {isDifference(entry) && <EntryMark entry={entry} />}
      </div>
      <div role="cell" class={css.side} data-field="expected" data-head={words.head.expected}>
        {expected ? (
          <Side
            who={expected.request}
            amount={expected.request.amount}
            where={words.line(expected.line)}
          />
        ) : (
          <span class={css.nothing}>{words.isUnexpected}</span>
        )}
      </div>
      <div role="cell" class={css.side} data-field="found" data-head={words.head.found}>
        {found ? (
          <Side
            who={found.request}
            amount={found.request.amount}
            where={`#${count(found.index + 1)}`}
            onShow={() => showRow(found.index)}
          />
        ) : (
          <span class={css.nothing}>{kind === "matched" ? words.isMatched : words.isMissing}</span>
        )}
      </div>
      <div role="cell" data-field="gap">
        {gap === 0 ? "–" : difference(gap)}
      </div>
    </>
  );
}

/** What is not certain of an entry, in words. */
export function doubtsOf({ isAmbiguous, hasOtherTexts }: Entry): string {
  const { ambiguous, otherTexts } = t.value.expect.kinds;
  return [isAmbiguous && ambiguous, hasOtherTexts && otherTexts].filter(Boolean).join(", ");
}

function EntryMark({ entry }: { entry: Entry }) {
  const { kind, expected, found } = entry;
  const { printContent, billingTranId, amount } = found?.request ?? expected!.request;
  const who = visible(printContent || billingTranId || won(amount));
  return (
    <MarkButton
      id={idOfEntry(group.value?.groupKey ?? "", entry)}
      what={`${t.value.expect.kinds[kind]} · ${who}`}
    />
  );
}

interface SideProps {
  who: { billingTranId?: string | null; subId?: string | null; printContent?: string | null };
  amount: number;
  where: string;
  onShow?: () => void;
}

/** Who, how much, and where it stands. */
function Side({ who: { billingTranId, subId, printContent }, amount, where, onShow }: SideProps) {
  const [name, ...rest] = [printContent, billingTranId, subId]
    .filter((text): text is string => Boolean(text))
    .map(visible);
  return (
    <>
      <span class={css.sideName} title={[name, ...rest].join("\n")}>
        {name ?? "–"}
      </span>
      <span class={css.sideAmount} data-part="side-amount">
        {won(amount)}
      </span>
      <span class={css.sideRest}>{rest.join(" · ")}</span>
      {onShow ? (
        <button
          type="button"
          class={css.way}
          data-part="way"
          aria-label={t.value.findings.row(where)}
          onClick={onShow}
        >
          {where}
        </button>
      ) : (
        <span class={css.sideWhere}>{where}</span>
      )}
    </>
  );
}

/** In rem. Every row is a grid of its own, so the width of a column must not depend on what is in one. */
function longestOf(entries: Entry[]): { amount: number; gap: number } {
  let [amount, gap] = [0, 0];
  for (const entry of entries) {
    for (const side of [entry.expected, entry.found])
      amount = Math.max(amount, side?.request.amount ?? 0);
    gap = Math.max(gap, Math.abs(gapOf(entry)));
  }
  // The largest are the longest: of ten thousand rows two are put into words.
  return {
    amount: widthInRem(won(amount)),
    // The two signs differ in some fonts.
    gap: Math.max(widthInRem(difference(gap)), widthInRem(difference(-gap))),
  };
}

function linesOf(groupKey: string, entries: Entry[]): (string | number)[][] {
  const words = t.value.expect;
  const lines = entries.map((entry) => {
    const { kind, expected, found } = entry;
    const { billingTranId, subId, printContent, amount } = expected?.request ?? { amount: "" };
    const request = found?.request;
    const mark = markOf(idOfEntry(groupKey, entry));
    return [
      ...[words.kinds[kind], doubtsOf(entry)],
      ...[expected?.line ?? "", billingTranId ?? "", subId ?? "", printContent ?? "", amount],
      ...[
        found ? found.index + 1 : "",
        request?.billingTranId ?? "",
        request?.subId ?? "",
        request?.printContent ?? "",
        request?.amount ?? "",
      ],
      gapOf(entry),
      mark?.note ?? "",
      mark ? kst(mark.at) : "",
    ];
  });
  return [[...words.csvColumns, ...t.value.marks.csvColumns], ...lines];
}

const KINDS = [
  "differences",
  "missing",
  "different",
  "unexpected",
  "otherTexts",
  "ambiguous",
  "matched",
] as const;
const ICONS: Record<EntryKind, "bad" | "notice" | "good" | "empty"> = {
  missing: "empty",
  different: "bad",
  unexpected: "notice",
  matched: "good",
};
/** The size of an amount on a phone, and that of a long one; as the style sheet has them. */
const AMOUNT_REM = 0.9375;
const SMALL_AMOUNT_REM = 0.75;
/** What stands left, right and between two amounts on a phone. */
const AROUND_REM = 6;
