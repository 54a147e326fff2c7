// The review sheet (지급이체 검토 확인서): a first page that says it all, with boxes to sign, then the requests where they are
// wanted. Made when it is printed, then gone.

import type { PayoutRequestGroup } from "payple-edge/browser";
import { doubtsOf, sentenceOf } from "../expect/comparison";
import {
  differencesOf,
  type Entry,
  gapOf,
  idOfEntry,
  isOfComparison,
  otherTextsOf,
} from "../expect/entries";
import { comparison } from "../expect/state";
import { printOut } from "../files/paper";
import { count, difference, kst, requestTime, visible, won } from "../format";
import { whoIsIn } from "../identity";
import { numbersOf } from "../payout/finding-numbers";
import { idOfFinding, markOf } from "../payout/marks";
import { severityOf } from "../payout/rows";
import { rows as allRows, change, group, heldList, lookup, question } from "../payout/state";
import { nameOf, spoken, Totals } from "../payout/verdict";
import { session } from "../session";
import { inLanguage, t } from "../text";
import css from "./print-sheet.module.css";
import { rowsOnSheet, withRows } from "./sheet-options";

/** Prints the group on the page as a sheet. */
export function printSheet() {
  const progress = lookup.progress.peek();
  const shown = group.peek();
  if (progress.is !== "done" || !shown) return;
  const { groupKey, fingerprint } = shown;
  return printOut(
    { groupKey, rows: rowsOnSheet(shown) },
    () => <Sheet group={shown} at={progress.at} />,
    // On every page: which group it belongs to.
    visible(`${t.value.print.title} · ${groupKey} · ${fingerprint.slice(0, FINGERPRINT_SHOWN)}…`),
  );
}

function Sheet({ group, at }: { group: PayoutRequestGroup; at: Date }) {
  const words = t.value.print;
  const { title, why, tone } = spoken(group, question.peek());
  const { environment } = session.peek()!;
  const { word, mark } = t.value.environment[environment];
  const compared = comparison.peek();
  return (
    <main class={css.sheet} data-part="sheet">
      <header>
        <div>
          <h1>{words.title}</h1>
          <span class={css.environment} data-environment={environment}>
            {word} {mark}
          </span>
        </div>
        <Approval />
      </header>
      <Facts group={group} at={at} />
      <section class={css.verdict} data-tone={tone}>
        <h2>{title}</h2>
        <p>{why}</p>
        {compared && <p>{sentenceOf(compared.summary)}</p>}
        <div>
          <Totals group={group} />
        </div>
      </section>
      <FoundHere group={group} />
      {compared && <Differences groupKey={group.groupKey} entries={compared.entries} />}
      <Requests group={group} />
    </main>
  );
}

/** Who prepared it, who checked it, who approves: names and dates by hand. */
export function Approval() {
  const { approval, date } = t.value.print;
  return (
    <table class={css.approval}>
      <thead>
        <tr>
          {approval.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr class={css.sign}>
          {approval.map((name) => (
            <td key={name} />
          ))}
        </tr>
        <tr class={css.date}>
          {approval.map((name) => (
            <td key={name}>{date}</td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

function Facts({ group, at }: { group: PayoutRequestGroup; at: Date }) {
  const words = t.value.print;
  const { environment } = session.peek()!;
  const { word, mark } = t.value.environment[environment];
  const list = heldList.peek();
  const before = change.peek();
  const facts: [name: string, value: string, isWide?: true][] = [
    [words.environment, `${word} (${mark})`],
    [words.groupKey, group.groupKey],
    [words.lookedUp, `${kst(at)} KST`],
    [words.by, whoIsIn()],
    [words.printed, `${kst(new Date())} KST`],
    [words.requests, t.value.totals.requests(group.requests.length)],
    [t.value.payout.fingerprint, group.fingerprint, true],
  ];
  if (before)
    facts.push([
      words.before,
      before.rows.length > 0
        ? words.changed(kst(before.at), before.rows.length)
        : t.value.payout.unchanged(kst(before.at)),
      true,
    ]);
  if (!list) facts.push([words.list, words.noList, true]);
  else {
    const { name, sha256, expect, leftOut } = list;
    facts.push([words.list, name === undefined ? t.value.expect.pasted : visible(name), true]);
    if (sha256) facts.push(["SHA-256", sha256, true]);
    const matchedBy = question.peek().freshness === "current" ? expect?.matchBy : undefined;
    if (matchedBy) facts.push([t.value.expect.matchBy, t.value.expect.roles[matchedBy]]);
    facts.push([words.leftOut, words.rows(leftOut)]);
  }
  return (
    <dl class={css.facts}>
      {facts.map(([name, value, isWide]) => (
        <div key={name} class={isWide ? css.wide : undefined}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the group shows by itself. */
function FoundHere({ group }: { group: PayoutRequestGroup }) {
  const words = t.value.findings;
  const found = group.review.findings.filter(({ kind }) => !isOfComparison(kind));
  if (found.length === 0) return null;
  return (
    <section>
      {/* How many there are is in the verdict, counted by requests. */}
      <h2>{words.title}</h2>
      <ul>
        {found.map((finding, index) => {
          const mark = markOf(idOfFinding(group.groupKey, finding));
          return (
            <li key={index}>
              <strong>
                [{finding.severity === "error" ? words.error : words.notice}] {nameOf(finding)}
              </strong>{" "}
              {[inLanguage(finding.message, finding.messageKo), ...numbersOf(finding, group)].join(
                " ",
              )}
              {finding.rows && ` (${placesOf(finding.rows)})`}
              {mark && <em> — {seenWords(mark)}</em>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Differences({ groupKey, entries }: { groupKey: string; entries: Entry[] }) {
  const words = t.value.expect;
  const found = differencesOf(entries);
  if (found.length === 0) return null;
  return (
    <section data-part="sheet-differences">
      <h2>
        {t.value.print.differences} · {t.value.totals.requests(found.length)}
      </h2>
      <table class={`${css.rows} ${css.differences}`}>
        <thead>
          <tr>
            <th>{words.head.kind}</th>
            <th>{t.value.print.who}</th>
            <th class={css.number}>{words.head.expected}</th>
            <th class={css.number}>{words.head.found}</th>
            <th class={css.number}>{words.head.gap}</th>
            <th>{t.value.print.note}</th>
          </tr>
        </thead>
        <tbody>
          {found.map((entry, index) => {
            const { kind, expected, found } = entry;
            const doubts = doubtsOf(entry);
            const { printContent, billingTranId, subId } = found?.request ?? expected!.request;
            const mark = markOf(idOfEntry(groupKey, entry));
            return (
              <tr key={index}>
                <td>
                  {words.kinds[kind]}
                  {doubts && ` (${doubts})`}
                </td>
                <td>
                  {visible(printContent || billingTranId || subId || "–")}
                  {printContent && billingTranId && (
                    <small class={css.account}>{visible(billingTranId)}</small>
                  )}
                  {entry.hasOtherTexts &&
                    otherTextsOf(entry).map(([role, text]) => (
                      <small key={role}>
                        {words.head.expected} – {words.roles[role]}: {visible(text)}
                      </small>
                    ))}
                </td>
                <td class={css.number}>
                  {expected ? won(expected.request.amount) : "–"}
                  {expected && <small>{words.line(expected.line)}</small>}
                </td>
                <td class={css.number}>
                  {found ? won(found.request.amount) : kind === "matched" ? words.isMatched : "–"}
                  {found && <small>#{count(found.index + 1)}</small>}
                </td>
                <td class={css.number}>{gapOf(entry) === 0 ? "–" : difference(gapOf(entry))}</td>
                <td>{mark && seenWords(mark)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Requests({ group }: { group: PayoutRequestGroup }) {
  const words = t.value.print;
  const columns = t.value.table.columns;
  const n = group.requests.length;
  const { error, notice } = t.value.findings;
  if (n === 0) return <p class={css.none}>{t.value.verdict.empty}</p>;
  if (!withRows.peek()) return <p class={css.none}>{words.withoutRows(n)}</p>;
  return (
    <section class={css.requests} data-part="sheet-requests">
      <h2>
        {t.value.table.title} · {t.value.totals.requests(n)}
        {allRows.peek().some(severityOf) && (
          <small>
            {" "}
            ({MARKS.error} {error}, {MARKS.notice} {notice})
          </small>
        )}
      </h2>
      <table class={css.rows}>
        <thead>
          <tr>
            <th class={css.number}>{words.number}</th>
            <th>{columns.printContent}</th>
            <th>{columns.recipient}</th>
            <th>{columns.requestedAt}</th>
            <th class={css.number}>{columns.amount}</th>
            <th class={css.number}>{columns.remainingLimit}</th>
          </tr>
        </thead>
        <tbody>
          {allRows.peek().map((row) => {
            const severity = severityOf(row);
            return (
              <tr key={row.index} data-severity={severity}>
                <td class={css.number}>
                  {severity && `${MARKS[severity]} `}
                  {count(row.index + 1)}
                </td>
                <td>{visible(row.request.printContent ?? "")}</td>
                <td class={css.account}>{visible(row.request.billingTranId)}</td>
                <td>{visible(requestTime(row.request))}</td>
                <td class={css.number}>{won(row.request.amount)}</td>
                <td class={css.number}>{won(row.request.remainingLimit)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function placesOf(rows: number[]): string {
  const shown = rows.slice(0, MOST_PLACES).map((row) => `#${count(row + 1)}`);
  return `${shown.join(", ")}${rows.length > MOST_PLACES ? " …" : ""}`;
}

function seenWords({ note, at }: { note: string; at: Date }): string {
  return t.value.marks.seenAt(kst(at), visible(note));
}

const MARKS = { error: "✕", notice: "△" } as const;
const MOST_PLACES = 20;
/** `v1:` and as much as tells two groups apart at a glance. */
const FINGERPRINT_SHOWN = 15;
