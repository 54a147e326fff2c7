// The sheet of paper: verdict, sums, findings, who looked and when, every request. Made when it is printed, then gone.

import { effect } from "@preact/signals";
import type { PayoutRequestGroup } from "payple-edge/browser";
import { render } from "preact";
import { count, kst, requestTime, visible, won } from "../format";
import { severityOf } from "../payout/rows";
import { lookup, question, shownRows } from "../payout/state";
import { nameOf, spoken, Totals } from "../payout/verdict";
import { session, signIn } from "../session";
import { inLanguage, t } from "../text";

/** Fills `paper` whenever a group on the page is about to be printed, by our button or the browser's menu. */
export function printable(paper: HTMLElement) {
  addEventListener("beforeprint", () => {
    const progress = lookup.progress.peek();
    const isShown = document.querySelector("#requests")?.checkVisibility();
    if (progress.is !== "done" || !isShown) return;
    document.documentElement.classList.add("has-paper");
    render(<Sheet group={progress.answer} at={progress.at} />, paper);
  });
  const clear = () => {
    document.documentElement.classList.remove("has-paper");
    render(null, paper);
  };
  addEventListener("afterprint", clear);
  effect(() => {
    if (signIn.value.is !== "in") clear();
  });
}

function Sheet({ group, at }: { group: PayoutRequestGroup; at: Date }) {
  const words = t.value.print;
  const { title, why, tone } = spoken(group, question.peek());
  const { environment, method, subject } = session.peek()!;
  const { word, mark } = t.value.environment[environment];
  const columns = t.value.table.columns;
  const rows = shownRows.peek();
  const facts = [
    [words.environment, `${word} (${mark})`],
    [words.groupKey, group.groupKey],
    [words.lookedUp, `${kst(at)} KST`],
    [t.value.payout.fingerprint, group.fingerprint],
    [words.by, subject && subject !== method ? subject : t.value.signIn.by[method]],
    [words.printed, `${kst(new Date())} KST`],
  ];
  return (
    <article class="sheet">
      <header>
        <h1>{words.title}</h1>
        <span class={`sheet-environment ${environment}`}>
          {word} {mark}
        </span>
      </header>
      <dl class="sheet-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <section class={`sheet-verdict ${tone}`}>
        <h2>{title}</h2>
        <p>{why}</p>
        <Totals group={group} />
      </section>
      {group.review.findings.length > 0 && (
        <section>
          <h2>{t.value.findings.title}</h2>
          <ul>
            {group.review.findings.map((finding, index) => (
              <li key={index}>
                <strong>
                  [{finding.severity === "error" ? t.value.findings.error : t.value.findings.notice}
                  ] {nameOf(finding)}
                </strong>{" "}
                {inLanguage(finding.message, finding.messageKo)}
                {finding.rows &&
                  ` (${finding.rows
                    .slice(0, 20)
                    .map((row) => `#${row + 1}`)
                    .join(", ")}${finding.rows.length > 20 ? " …" : ""})`}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>
          {t.value.table.title} · {t.value.table.showing(rows.length, group.requests.length)}
        </h2>
        <table class="sheet-rows">
          <thead>
            <tr>
              <th class="number">{columns.order}</th>
              <th>{columns.printContent}</th>
              <th>{columns.recipient}</th>
              <th>{columns.requestedAt}</th>
              <th class="number">{columns.amount}</th>
              <th class="number">{columns.remainingLimit}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.index} class={severityOf(row) ?? ""}>
                <td class="number">
                  {severityOf(row) ? (severityOf(row) === "error" ? "✕ " : "△ ") : ""}
                  {count(row.index + 1)}
                </td>
                <td>{visible(row.request.printContent ?? "")}</td>
                <td class="key">{visible(row.request.billingTranId)}</td>
                <td>{visible(requestTime(row.request))}</td>
                <td class="number">{won(row.request.amount)}</td>
                <td class="number">{won(row.request.remainingLimit)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <footer>
        <span>{words.check} ______________________</span>
        <span>{words.signature} ______________________</span>
      </footer>
    </article>
  );
}
