// The answer to 'is this group right?': one sentence, the sums, and what was found with a way to each row.

import type { Finding, PayoutRequestGroup } from "payple-edge/browser";
import { count, difference, kst, won } from "../format";
import { Icon, type IconName } from "../parts/icon";
import { inLanguage, t } from "../text";
import { ALL_ROWS } from "./rows";
import { showRow, tableView } from "./state";

export interface Judgement {
  tone: IconName & ("good" | "notice" | "bad" | "empty");
  title: string;
  why: string;
}

export function judge(group: PayoutRequestGroup): Judgement {
  const words = t.value.verdict;
  const { consistent, findings, computedCount, computedTotal } = group.review;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (!consistent) return { tone: "bad", title: words.bad(errors), why: words.badWhy };
  if (computedCount === 0) return { tone: "empty", title: words.empty, why: words.emptyWhy };
  if (findings.length > 0)
    return { tone: "notice", title: words.notice(findings.length), why: words.noticeWhy };
  return { tone: "good", title: words.good, why: words.goodWhy(computedCount, won(computedTotal)) };
}

export function Verdict({ group, at }: { group: PayoutRequestGroup; at: Date }) {
  const { tone, title, why } = judge(group);
  return (
    <section class={`verdict verdict-${tone}`} aria-labelledby="verdict">
      <Icon name={tone} />
      <div class="verdict-words">
        <h2 id="verdict">{title}</h2>
        <p>{why}</p>
        <p class="aside">
          <code>{group.groupKey}</code> · {t.value.payout.lookedUp(kst(at))}
        </p>
      </div>
      <Totals group={group} />
    </section>
  );
}

export function Totals({ group }: { group: PayoutRequestGroup }) {
  const words = t.value.totals;
  const { computedTotal, computedCount } = group.review;
  const lines = [
    {
      name: words.total,
      declared: won(group.total),
      computed: won(computedTotal),
      gap: computedTotal - group.total,
      show: difference,
    },
    {
      name: words.count,
      declared: words.requests(group.count),
      computed: words.requests(computedCount),
      gap: computedCount - group.count,
      show: (gap: number) => `${gap > 0 ? "+" : "−"}${words.requests(Math.abs(gap))}`,
    },
  ];
  return (
    <table class="totals">
      <caption class="unseen">{words.title}</caption>
      <thead>
        <tr>
          <td />
          {lines.map(({ name }) => (
            <th scope="col" key={name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{words.declared}</th>
          {lines.map(({ name, declared }) => (
            <td key={name}>{declared}</td>
          ))}
        </tr>
        <tr>
          <th scope="row">{words.computed}</th>
          {lines.map(({ name, computed }) => (
            <td key={name}>{computed}</td>
          ))}
        </tr>
        <tr class="gap">
          <th scope="row">{words.difference}</th>
          {lines.map(({ name, gap, show }) => (
            <td key={name} class={gap === 0 ? "same" : "differs"}>
              {gap === 0 ? words.same : show(gap)}
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

export function Findings({ findings }: { findings: Finding[] }) {
  const words = t.value.findings;
  if (findings.length === 0) return null;
  const shown = inOrder(findings).slice(0, MOST_FINDINGS);
  return (
    <section class="panel" aria-labelledby="findings">
      <h3 id="findings">{words.title}</h3>
      <ul class="findings">
        {shown.map((finding, index) => (
          <li key={index} class={finding.severity}>
            <span class="tag">
              <Icon name={finding.severity === "error" ? "bad" : "notice"} />
              {finding.severity === "error" ? words.error : words.notice}
            </span>
            <div>
              <strong>{nameOf(finding)}</strong>
              <p>{inLanguage(finding.message, finding.messageKo)}</p>
              <Ways finding={finding} />
            </div>
          </li>
        ))}
      </ul>
      {findings.length > shown.length && (
        <p class="aside">{words.more(findings.length - shown.length)}</p>
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
  const showOnly = () => {
    tableView.value = { ...ALL_ROWS, only: { name: nameOf(finding), rows: new Set(rows) } };
    document.getElementById("requests")?.scrollIntoView({ block: "start" });
  };
  return (
    <p class="ways">
      {rows.slice(0, MOST_WAYS).map((row) => (
        <button
          type="button"
          class="way"
          key={row}
          aria-label={words.row(`#${count(row + 1)}`)}
          onClick={() => showRow(row)}
        >
          #{count(row + 1)}
        </button>
      ))}
      {rows.length > MOST_WAYS && <span class="aside">…</span>}
      {rows.length > 1 && (
        <button type="button" class="quiet" onClick={showOnly}>
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
