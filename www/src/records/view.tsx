// The auditor's view of the access record: a search, its entries. Loaded when somebody with the role `audit` opens it.

import { useEffect } from "preact/hooks";
import { announce } from "../parts/announce";
import common from "../parts/common.module.css";
import { ErrorPanel } from "../parts/error-panel";
import { Stale } from "../parts/stale";
import { CheckPanel } from "./check-panel";
import { MonthlyPanel } from "./monthly-panel";
import css from "./records.module.css";
import { SearchForm } from "./search-form";
import {
  AT_ONCE,
  asked,
  entries,
  isOther,
  isRead,
  next,
  progress,
  readOn,
  search,
  stop,
} from "./state";
import { EntryTable } from "./table";
import { takeOut } from "./take-out";
import { words } from "./text";

export function RecordsView() {
  return (
    <>
      <p class={common.aside}>{words.value.intro}</p>
      <SearchForm />
      {asked.value && <Results />}
      <CheckPanel />
      <MonthlyPanel />
    </>
  );
}

function Results() {
  const w = words.value;
  const { is } = progress.value;
  const n = entries.value.length;
  const isAll = next.value === undefined;
  const outcome = !isRead.value ? w.notRead : n === 0 ? w.none : w.found(n, isAll);
  useEffect(() => {
    if (is === "done") announce(outcome);
  }, [is]);
  return (
    <section class={css.results} aria-labelledby="records-found">
      {isOther.value && <Stale words={w.stale} />}
      <div class={css.tools}>
        <h2 id="records-found">{is === "reading" ? w.reading(n) : outcome}</h2>
        <span class={css.push} />
        {is !== "reading" && n > 0 && (
          <button type="button" onClick={() => void takeOut()}>
            {isAll ? w.csv : w.csvAll}
          </button>
        )}
        {is === "reading" && (
          <>
            <span class={common.spinner} aria-hidden="true" />
            <button type="button" aria-keyshortcuts="Escape" onClick={stop}>
              {w.stop}
            </button>
          </>
        )}
      </div>
      {progress.value.is === "failed" && (
        <ErrorPanel
          error={progress.value.error}
          onRetry={() => void (n === 0 ? search() : readOn())}
        />
      )}
      {n > 0 && <EntryTable />}
      {is !== "reading" && !isAll && (
        <button type="button" class={css.more} onClick={() => void readOn()}>
          {w.more(AT_ONCE)}
        </button>
      )}
    </section>
  );
}
