// The review of a payout group: a key, below it the answer, and the list of what was meant to be paid. Here the two rooms
// meet: the list knows of the group, the group of no list.

import { useEffect } from "preact/hooks";
import { isOfComparison } from "../expect/entries";
import { ExpectPanel } from "../expect/panel";
import { isListHeld } from "../expect/state";
import { announce } from "../parts/announce";
import { Asking } from "../parts/asking";
import { ErrorPanel } from "../parts/error-panel";
import { ChangePanel } from "../payout/change-panel";
import { Charts } from "../payout/charts";
import { Introduction, KeyForm } from "../payout/key-form";
import { isOld, lookUp, lookup, question, typed } from "../payout/state";
import { RequestTable } from "../payout/table";
import { Findings, spoken, Verdict } from "../payout/verdict";
import { t } from "../text";

export function ReviewView() {
  const progress = lookup.progress.value;
  useEffect(() => {
    if (progress.is !== "done") return;
    const { title, why } = spoken(progress.answer, question.peek());
    announce(`${title}. ${why}`);
  }, [progress]);
  useEffect(() => {
    if (isOld.value && question.peek().freshness === "current") announce(t.peek().verdict.old);
  }, [isOld.value]);
  return (
    <>
      <KeyForm />
      {progress.is === "asking" && (
        <Asking
          isSlow={progress.isSlow}
          onCancel={() => (lookup.cancel(), announce(t.value.cancelled))}
        />
      )}
      {progress.is === "failed" && (
        <ErrorPanel error={progress.error} onRetry={() => lookUp(typed.peek())} />
      )}
      {progress.is === "done" && (
        <div class={`result ${question.value.freshness === "current" ? "" : "stale"}`}>
          <Verdict group={progress.answer} at={progress.at} />
          <ChangePanel />
          <Findings
            findings={progress.answer.review.findings.filter(({ kind }) => !isOfComparison(kind))}
          />
          <ExpectPanel groupKey={progress.answer.groupKey} />
          {progress.answer.requests.length > 0 && (
            <>
              <Charts group={progress.answer} />
              <RequestTable group={progress.answer} />
            </>
          )}
        </div>
      )}
      {progress.is === "idle" && !isListHeld.value && <Introduction />}
      {(progress.is === "idle" || progress.is === "failed") && isListHeld.value && <ExpectPanel />}
    </>
  );
}
