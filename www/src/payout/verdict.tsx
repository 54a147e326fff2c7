// The answer to 'is this group right?': one sentence, the sums, and what was found with a way to each row.

import type { Finding, PayoutRequestGroup } from "payple-edge/browser";
import { count, difference, kst, won } from "../format";
import common from "../parts/common.module.css";
import { CopyButton } from "../parts/copy-button";
import { Icon } from "../parts/icon";
import tones from "../parts/tone.module.css";
import { inLanguage, t } from "../text";
import { numbersOf } from "./finding-numbers";
import findingsCss from "./findings.module.css";
import { type Judgement, judge, type Question } from "./judgement";
import { MarkButton } from "./mark-button";
import { idOfFinding } from "./marks";
import { change, isChanged, isOld, lookUp, minutesOld, question, showRow, typed } from "./state";
import { showOnly } from "./table-view";
import css from "./verdict.module.css";

/** A judgement in words. */
export interface Spoken {
  tone: Judgement["tone"];
  title: string;
  why: string;
}

export function spoken(group: PayoutRequestGroup, question: Question): Spoken {
  const words = t.value.verdict;
  const { computedCount, computedTotal } = group.review;
  const judgement = judge(question, group.review);
  const { tone } = judgement;
  switch (tone) {
    case "stale":
      return judgement.because === "otherKey"
        ? {
            tone,
            title: typed.value.trim() === "" ? words.noKey : words.otherKey,
            why: words.otherKeyWhy(group.groupKey),
          }
        : { tone, title: words.otherList, why: words.otherListWhy };
    case "bad":
      return { tone, title: words.bad(judgement.problems), why: words.badWhy };
    case "empty":
      return { tone, title: words.empty, why: words.emptyWhy };
    case "notice": {
      const { notices, doubts } = judgement;
      const why = doubts.map((doubt) =>
        doubt === "leftOut"
          ? words.doubts.leftOut(question.list?.leftOut ?? 0)
          : words.doubts[doubt],
      );
      // Where time is all that is against it, that is what to say.
      const [only] = notices === 0 && doubts.length === 1 ? doubts : [];
      return {
        tone,
        title: only === "old" ? words.old : words.notice(notices + doubts.length),
        why: [...why, words.noticeWhy].join(" "),
      };
    }
    case "good": {
      const why = words.goodWhy(computedCount, won(computedTotal));
      return judgement.isCompared
        ? { tone, title: words.goodCompared, why }
        : { tone, title: words.good, why: `${why} ${words.notCompared}` };
    }
  }
}

export function Verdict({ group, at }: { group: PayoutRequestGroup; at: Date }) {
  const { tone, title, why } = spoken(group, question.value);
  return (
    <section
      class={`${tones.toned} ${css.verdict}`}
      data-part="verdict"
      data-tone={tone}
      aria-labelledby="verdict"
    >
      <Icon name={tone === "stale" ? "notice" : tone} />
      <div class={css.words}>
        <h2 id="verdict">{title}</h2>
        <p>{why}</p>
        <p class={`${common.aside} ${css.aside}`}>
          <code>{group.groupKey}</code> · {t.value.payout.lookedUp(kst(at))}
        </p>
        <Freshness groupKey={group.groupKey} />
        <p class={`${common.aside} ${css.aside}`}>
          {t.value.payout.fingerprint}{" "}
          <code title={group.fingerprint}>{group.fingerprint.slice(0, FINGERPRINT_SHOWN)}…</code>{" "}
          <CopyButton text={group.fingerprint} what={t.value.payout.fingerprint} />
        </p>
      </div>
      <Totals group={group} />
    </section>
  );
}

/** How old the answer is, a way to a new one, and whether this one is as the one before. */
function Freshness({ groupKey }: { groupKey: string }) {
  const words = t.value.payout;
  const { at, rows } = change.value ?? {};
  return (
    <p class={css.freshness} data-part="freshness" data-old={isOld.value || undefined}>
      {isOld.value && <Icon name="notice" />}
      <strong>{words.ago(minutesOld.value)}</strong>
      {question.value.freshness !== "otherKey" && (
        <button type="button" onClick={() => void lookUp(groupKey)}>
          {t.value.retry}
        </button>
      )}
      {at && !isChanged.value && rows?.length === 0 && (
        <span class={`${common.aside} ${css.aside}`}>{words.unchanged(kst(at))}</span>
      )}
    </p>
  );
}

export function Totals({ group }: { group: PayoutRequestGroup }) {
  const words = t.value.totals;
  const { computedTotal, computedCount, expectation } = group.review;
  // What the list adds up to; nothing where there is none, or where the answer is not about it.
  const expected = expectation?.matchedBy !== undefined &&
    question.value.freshness === "current" && {
      total:
        expectation.matchedTotal + expectation.missingTotal + expectation.differentExpectedTotal,
      count: expectation.matched + expectation.missing + expectation.different,
    };
  return (
    <table
      class={css.totals}
      data-part="totals"
      data-huge={Math.max(group.total, computedTotal) >= HUGE || undefined}
    >
      <caption class={common.unseen}>{words.title}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{words.total}</th>
          <th scope="col">{words.count}</th>
        </tr>
      </thead>
      <tbody>
        <Sums name={words.declared} total={group.total} n={group.count} />
        <Sums name={words.computed} total={computedTotal} n={computedCount} />
        <Gaps
          name={words.difference}
          total={computedTotal - group.total}
          n={computedCount - group.count}
        />
        {expected && (
          <>
            <Sums name={words.expected} total={expected.total} n={expected.count} />
            <Gaps
              name={words.expectedDifference}
              total={computedTotal - expected.total}
              n={computedCount - expected.count}
            />
          </>
        )}
      </tbody>
    </table>
  );
}

interface TotalsRow {
  name: string;
  total: number;
  n: number;
}

function Sums({ name, total, n }: TotalsRow) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{won(total)}</td>
      <td>{t.value.totals.requests(n)}</td>
    </tr>
  );
}

function Gaps({ name, total, n }: TotalsRow) {
  const { same, requests } = t.value.totals;
  return (
    <tr class={css.gap}>
      <th scope="row">{name}</th>
      <td data-gap={total === 0 ? "same" : "differs"}>{total === 0 ? same : difference(total)}</td>
      <td data-gap={n === 0 ? "same" : "differs"}>
        {n === 0 ? same : `${n > 0 ? "+" : "−"}${requests(Math.abs(n))}`}
      </td>
    </tr>
  );
}

export function Findings({ group, findings }: { group: PayoutRequestGroup; findings: Finding[] }) {
  const words = t.value.findings;
  if (findings.length === 0) return null;
  const shown = inOrder(findings).slice(0, MOST_FINDINGS);
  return (
    <section class={common.panel} aria-labelledby="findings">
      <h3 id="findings">{words.title}</h3>
      <ul class={findingsCss.findings} data-part="findings">
        {shown.map((finding, index) => (
          <li key={index} data-severity={finding.severity}>
            <span class={common.tag}>
              <Icon name={finding.severity === "error" ? "bad" : "notice"} />
              {finding.severity === "error" ? words.error : words.notice}
            </span>
            <div>
              <strong>{nameOf(finding)}</strong>
              <p>
                {inLanguage(finding.message, finding.messageKo)}{" "}
                {numbersOf(finding, group).join(" ")}
              </p>
              <Ways finding={finding} />
              <MarkButton id={idOfFinding(group.groupKey, finding)} what={nameOf(finding)} />
            </div>
          </li>
        ))}
      </ul>
      {findings.length > shown.length && (
        <p class={common.aside}>{words.more(findings.length - shown.length)}</p>
      )}
    </section>
  );
}

export function nameOf({ kind }: Finding): string {
  return t.value.findings.kinds[kind] ?? kind;
}

/** From a finding to its rows. */
function Ways({ finding }: { finding: Finding }) {
  const words = t.value.findings;
  const rows = finding.rows ?? [];
  if (rows.length === 0) return null;
  const showThese = () => {
    showOnly(() => nameOf(finding), rows);
    document.getElementById("requests")?.scrollIntoView({ block: "start" });
  };
  return (
    <p class={findingsCss.ways}>
      {rows.slice(0, MOST_WAYS).map((row) => (
        <button
          type="button"
          class={findingsCss.way}
          data-part="way"
          key={row}
          aria-label={words.row(`#${count(row + 1)}`)}
          onClick={() => showRow(row)}
        >
          #{count(row + 1)}
        </button>
      ))}
      {rows.length > MOST_WAYS && <span class={common.aside}>…</span>}
      {rows.length > 1 && (
        <button type="button" class={common.quiet} onClick={showThese}>
          {words.onlyThese(rows.length)}
        </button>
      )}
    </p>
  );
}

/** Problems before notices. */
function inOrder(findings: Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) => Number(a.severity === "notice") - Number(b.severity === "notice"),
  );
}

const MOST_WAYS = 6;
const MOST_FINDINGS = 30;
/** `v1:` and as much as tells two groups apart at a glance. */
const FINGERPRINT_SHOWN = 15;
/** A thousand billion won: no phone has room for such amounts in the usual size. */
const HUGE = 1_000_000_000_000;
