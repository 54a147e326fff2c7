// What is asked of the access record: a time range, a person, a task, a data subject.

import { useSignal } from "@preact/signals";
import type { RecordTask } from "payple-edge/browser";
import chips from "../parts/chips.module.css";
import common from "../parts/common.module.css";
import { dayOf, daysBefore, daysOfMonth, monthOf, monthsBefore } from "./korean-days";
import css from "./records.module.css";
import { filter, search } from "./state";
import { words } from "./text";

export function SearchForm() {
  const { ranges, ...w } = words.value;
  const fault = useSignal<keyof typeof w.faults | undefined>(undefined);
  const { from, to, who, task, subject } = filter.value;
  const change = (change: Partial<typeof filter.value>) => {
    filter.value = { ...filter.peek(), ...change };
    fault.value = undefined;
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    // A day that is half typed has no value; it must not stand for no limit at all.
    const half = form.querySelector<HTMLInputElement>("input[type=date]:invalid");
    half?.focus();
    if (half) fault.value = "wrongDay";
    else fault.value = from !== "" && to !== "" && to < from ? "wrongRange" : undefined;
    if (!fault.value) void search();
  };
  return (
    <form role="search" class={`${common.panel} ${css.search}`} onSubmit={submit} noValidate>
      <div class={`${chips.chips} ${css.ranges}`} role="group" aria-label={ranges.label}>
        {rangesOf(dayOf(new Date())).map(([name, range]) => (
          <button
            key={name}
            type="button"
            class={chips.chip}
            aria-pressed={from === range.from && to === range.to}
            onClick={() => change(range)}
          >
            {ranges[name]}
          </button>
        ))}
      </div>
      <div class={css.fields}>
        <label>
          {w.from}
          <input
            type="date"
            value={from}
            onInput={(event) => change({ from: event.currentTarget.value })}
          />
        </label>
        <label>
          {w.to}
          <input
            type="date"
            value={to}
            onInput={(event) => change({ to: event.currentTarget.value })}
          />
        </label>
        <label>
          {w.who}
          <input
            type="text"
            {...EXACT}
            placeholder={w.whoHelp}
            value={who}
            onInput={(event) => change({ who: event.currentTarget.value })}
          />
        </label>
        <label>
          {w.task}
          <select
            value={task}
            onChange={(event) => change({ task: event.currentTarget.value as RecordTask | "" })}
          >
            <option value="">{w.anyTask}</option>
            {Object.entries(w.tasks).map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <label class={css.wide}>
          {w.subject}
          <input
            type="text"
            {...EXACT}
            aria-describedby="record-subject-help"
            value={subject}
            onInput={(event) => change({ subject: event.currentTarget.value })}
          />
          <small id="record-subject-help" class={common.aside}>
            {w.subjectHelp}
          </small>
        </label>
        <button type="submit" class={common.main}>
          {w.submit}
        </button>
      </div>
      {fault.value && (
        <p class={common.fault} role="alert">
          {w.faults[fault.value]}
        </p>
      )}
    </form>
  );
}

function rangesOf(today: string) {
  const month = monthOf(today);
  return [
    ["today", { from: today, to: today }],
    ["week", { from: daysBefore(today, 6), to: today }],
    ["month", { from: `${month}-01`, to: today }],
    ["lastMonth", daysOfMonth(monthsBefore(month, 1))],
  ] as const;
}

/** Nothing completes or corrects what is typed in full. */
const EXACT = {
  autocomplete: "off",
  autocapitalize: "off",
  spellcheck: false,
  enterkeyhint: "search",
} as const;
