// The monthly review sheet (접속기록 월간 점검표): what the record has of a month, and boxes for whoever reviews it.

import { type ComponentChildren, createContext } from "preact";
import { useContext } from "preact/hooks";
import { count, kst, visible } from "../format";
import { whoIsIn } from "../identity";
import { Approval } from "../review/print-sheet";
import { session } from "../session";
import { t } from "../text";
import { check } from "./check";
import { titleOf } from "./check-panel";
import { reasonOf, subjectOf, taskOf, timeOf, whoOf } from "./in-words";
import { covers, daysOfMonth } from "./korean-days";
import type { Monthly } from "./monthly";
import type { Person, Taken } from "./monthly-counts";
import css from "./monthly-sheet.module.css";
import { words } from "./text";

/** On paper there is nothing but the sheet: its headings are the first ones. */
const OnPaper = createContext(false);

export function MonthlySheet(props: { monthly: Monthly; isOnPaper?: boolean }) {
  const { monthly, isOnPaper = false } = props;
  const w = words.value.monthly;
  const { environment } = session.value ?? {};
  const { word, mark } = environment ? t.value.environment[environment] : { word: "", mark: "" };
  const [Whole, Title] = isOnPaper ? (["main", "h1"] as const) : (["article", "h3"] as const);
  return (
    <Whole class={css.sheet} aria-label={isOnPaper ? undefined : w.sheet}>
      <div class={css.top}>
        <div>
          <Title class={css.title}>{w.sheet}</Title>
          <p class={css.month}>
            {w.monthName(monthly.month)} · {word} {mark}
          </p>
        </div>
        <Approval />
      </div>
      <OnPaper.Provider value={isOnPaper}>
        <Facts monthly={monthly} />
        <People people={monthly.people} />
        <TakenOut taken={monthly.taken} />
        <FailedSignIns monthly={monthly} />
        <Chains monthly={monthly} />
        <Findings />
      </OnPaper.Provider>
    </Whole>
  );
}

function Facts({ monthly: { month, hours, people, emergencies, at } }: { monthly: Monthly }) {
  const w = words.value.monthly;
  const { from, to } = daysOfMonth(month);
  const sumOf = (of: (person: Person) => number) =>
    count(people.reduce((sum, person) => sum + of(person), 0));
  const facts = [
    [w.period, `${from} – ${to} (KST)`],
    [w.hours, w.hoursOf(hours.opens, hours.closes)],
    [w.madeBy, whoIsIn()],
    [w.madeAt, `${kst(at)} KST`],
    [w.acts, sumOf(({ all }) => all)],
    [w.outside, sumOf(({ outsideHours }) => outsideHours)],
    [w.refused, sumOf(({ refused }) => refused)],
    [w.emergencies, count(emergencies)],
  ];
  return (
    <dl class={css.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function People({ people }: { people: Person[] }) {
  const w = words.value.monthly;
  return (
    <Part title={w.people} note={w.peopleNote} isEmpty={people.length === 0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.value.columns.who}</th>
            {TASKS.map((task) => (
              <th key={task} scope="col" class={css.number}>
                {taskOf(task)}
              </th>
            ))}
            {[w.refused, w.outside, w.all].map((name) => (
              <th key={name} scope="col" class={css.number}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.who}>
              <th scope="row">{whoOf(person.who)}</th>
              {TASKS.map((task) => (
                <Tally key={task} n={person.tasks.get(task) ?? 0} />
              ))}
              <Tally n={person.refused} />
              <Tally n={person.outsideHours} />
              <Tally n={person.all} />
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}

function Tally({ n }: { n: number }) {
  return <td class={css.number}>{n === 0 ? "–" : count(n)}</td>;
}

function TakenOut({ taken }: { taken: Taken[] }) {
  const { columns, monthly: w } = words.value;
  return (
    <Part title={w.taken(taken.length)} isEmpty={taken.length === 0}>
      <table>
        <thead>
          <tr>
            {[columns.at, columns.who, columns.task, columns.subject].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col" class={css.number}>
              {columns.rows}
            </th>
            <th scope="col">{columns.reason}</th>
          </tr>
        </thead>
        <tbody>
          {taken.map(({ first, subjects, rows }) => (
            <tr key={`${first.chain}.${first.sequence}`}>
              <td>{timeOf(first)}</td>
              <td>{whoOf(first.who)}</td>
              <td>{taskOf(first.task)}</td>
              <td>{subjects > 1 ? w.keys(subjects) : subjectOf(first)}</td>
              <Tally n={rows} />
              <td>{reasonOf(first) || words.value.nothing}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}

function FailedSignIns({ monthly: { failures } }: { monthly: Monthly }) {
  const { columns, monthly: w } = words.value;
  const n = failures.reduce((sum, { count }) => sum + count, 0);
  return (
    <Part title={w.failures(n)} isEmpty={n === 0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{columns.address}</th>
            <th scope="col" class={css.number}>
              {w.times}
            </th>
            <th scope="col">{w.first}</th>
            <th scope="col">{w.last}</th>
          </tr>
        </thead>
        <tbody>
          {failures.slice(0, MOST_ADDRESSES).map(({ address, count: times, first, last }) => (
            <tr key={address}>
              <td>{visible(address)}</td>
              <Tally n={times} />
              <td>{timeOf({ at: first })}</td>
              <td>{timeOf({ at: last })}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {failures.length > MOST_ADDRESSES && <p>{w.more(failures.length - MOST_ADDRESSES)}</p>}
    </Part>
  );
}

/** What the next review compares with. */
function Chains({ monthly }: { monthly: Monthly }) {
  const { check: c, monthly: w } = words.value;
  return (
    <Part title={w.chains} note={checkOf(monthly)}>
      <table>
        <thead>
          <tr>
            <th scope="col">{c.columns.chain}</th>
            <th scope="col" class={css.number}>
              {w.lastSequence}
            </th>
            <th scope="col">{w.lastHash}</th>
          </tr>
        </thead>
        <tbody>
          {monthly.chains
            .filter(({ head }) => head.sequence > 0)
            .map(({ chain, head }) => (
              <tr key={chain}>
                <td>{c.chainNames(chain)}</td>
                <Tally n={head.sequence} />
                <td>
                  <code>{head.hash}</code>
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </Part>
  );
}

/** What the check on this page said, if it was about all that the sheet has of the month. */
function checkOf({ month, at: madeAt }: Monthly): string {
  const w = words.value.monthly;
  const { value } = check;
  if (value.is !== "done" || "file" in value.result.what) return w.notChecked;
  const { what, at } = value.result;
  const isWhole = covers({ ...what, at }, { ...daysOfMonth(month), at: madeAt });
  return isWhole ? w.checked(titleOf(value.result), kst(at)) : w.notChecked;
}

/** For the pen. */
function Findings() {
  const w = words.value.monthly;
  return (
    <Part title={w.findings}>
      <table class={css.findings}>
        <thead>
          <tr>
            {[w.item, w.result, w.opinion].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {w.items.map((item) => (
            <tr key={item}>
              <td>{item}</td>
              <td>{w.boxes}</td>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}

function Part(props: {
  title: string;
  note?: string;
  isEmpty?: boolean;
  children: ComponentChildren;
}) {
  const { title, note, isEmpty = false, children } = props;
  const Title = useContext(OnPaper) ? "h2" : "h4";
  return (
    <section>
      <Title class={css.part}>{title}</Title>
      {note && <p class={css.note}>{note}</p>}
      {isEmpty ? (
        <p class={css.note}>{words.value.nothing}</p>
      ) : (
        <div class={css.scroll} role="group" aria-label={title} tabIndex={0}>
          {children}
        </div>
      )}
    </section>
  );
}

const TASKS = [
  "payout_requests",
  "billing_key",
  "show",
  "export",
  "print",
  "read_records",
  "sign_in",
] as const;
const MOST_ADDRESSES = 50;
