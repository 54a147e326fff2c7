// Makes the monthly review sheet: which month, what hours of work; shows it, and prints it.

import { useSignal } from "@preact/signals";
import { printOut } from "../files/paper";
import common from "../parts/common.module.css";
import { ErrorPanel } from "../parts/error-panel";
import { Stale } from "../parts/stale";
import panel from "./form-panel.module.css";
import { dayOf, monthOf, monthsBefore } from "./korean-days";
import { type Hours, hours, type Monthly, month, review, reviewMonth, stopReview } from "./monthly";
import { MonthlySheet } from "./monthly-sheet";
import { words } from "./text";

export function MonthlyPanel() {
  const { stop, monthly: w } = words.value;
  const now = review.value;
  const thisMonth = monthOf(dayOf(new Date()));
  const isWrong = useSignal(false);
  const set = (change: Partial<Hours>) => {
    hours.value = { ...hours.peek(), ...change };
    isWrong.value = false;
  };
  return (
    <section class={`${common.panel} ${panel.panel}`} aria-labelledby="monthly">
      <h2 id="monthly">{w.title}</h2>
      <p class={common.aside}>{w.intro}</p>
      <form
        class={panel.form}
        onSubmit={(event) => {
          event.preventDefault();
          const { opens, closes } = hours.peek();
          isWrong.value = closes <= opens;
          if (isWrong.value) stopReview();
          else void reviewMonth();
        }}
      >
        <label>
          {w.month}
          <select
            class={panel.month}
            value={month.value}
            onChange={(event) => (month.value = event.currentTarget.value)}
          >
            {Array.from({ length: MONTHS }, (_, n) => monthsBefore(thisMonth, n)).map((each) => (
              <option key={each} value={each}>
                {w.monthName(each)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {w.opens}
          <input
            type="time"
            required
            value={hours.value.opens}
            onInput={(event) => set({ opens: event.currentTarget.value })}
          />
        </label>
        <label>
          {w.closes}
          <input
            type="time"
            required
            value={hours.value.closes}
            onInput={(event) => set({ closes: event.currentTarget.value })}
          />
        </label>
        <button type="submit">{w.submit}</button>
      </form>
      {isWrong.value && (
        <p class={common.fault} role="alert">
          {w.wrongHours}
        </p>
      )}
      {now.is === "reading" && (
        <div class={panel.form}>
          <p role="status">{w.reading}</p>
          <button type="button" onClick={stopReview}>
            {stop}
          </button>
        </div>
      )}
      {now.is === "failed" && <ErrorPanel error={now.error} />}
      {now.is === "done" && <Sheet monthly={now.monthly} />}
    </section>
  );
}

function Sheet({ monthly }: { monthly: Monthly }) {
  const w = words.value.monthly;
  const rows = monthly.people.reduce((sum, { all }) => sum + all, 0);
  const isOther =
    monthly.month !== month.value ||
    monthly.hours.opens !== hours.value.opens ||
    monthly.hours.closes !== hours.value.closes;
  const print = () =>
    printOut({ accessRecord: true, rows }, () => <MonthlySheet monthly={monthly} isOnPaper />);
  return (
    <>
      {isOther && <Stale words={w.stale} />}
      <p>
        <button type="button" class={common.main} onClick={print}>
          {w.print}
        </button>
      </p>
      <MonthlySheet monthly={monthly} />
    </>
  );
}

/** As far back as the record is usually kept. */
const MONTHS = 24;
