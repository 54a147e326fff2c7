// The review of a payout group: a key, below it the answer, and the list of what was meant to be paid. This is
// where `payout/` and `expect/` are combined: the list knows the group, the group knows no list.

import type { PayoutRequestGroup } from "payple-edge/browser";
import { useEffect } from "preact/hooks";
import { sentenceOf } from "../expect/comparison";
import { isOfComparison } from "../expect/entries";
import { ExpectPanel } from "../expect/panel";
import { comparison, isListHeld } from "../expect/state";
import { LeaveButton } from "../files/leave-button";
import { announce } from "../parts/announce";
import { Asking } from "../parts/asking";
import common from "../parts/common.module.css";
import { ErrorPanel } from "../parts/error-panel";
import { MaskSwitch } from "../parts/mask-switch";
import { ChangePanel } from "../payout/change-panel";
import { Charts } from "../payout/charts";
import { Introduction, KeyForm, submitKey } from "../payout/key-form";
import { group, isNamed, isOld, lookup, maskNames, question, showNames } from "../payout/state";
import { Subtotals } from "../payout/subtotals";
import { RequestTable } from "../payout/table";
import { Findings, spoken, Verdict } from "../payout/verdict";
import { t } from "../text";
import { printSheet } from "./print-sheet";
import { chooseRows, withRows } from "./sheet-options";
import css from "./view.module.css";

export function ReviewView() {
  const progress = lookup.progress.value;
  const shown = group.value;
  useEffect(() => {
    if (progress.is !== "done") return;
    const { title, why } = spoken(progress.answer, question.peek());
    const { summary } = comparison.peek() ?? {};
    announce([`${title}.`, why, summary && sentenceOf(summary)].filter(Boolean).join(" "));
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
      {progress.is === "failed" && <ErrorPanel error={progress.error} onRetry={submitKey} />}
      {progress.is === "done" && shown && (
        <div
          class={css.result}
          data-part="result"
          data-stale={question.value.freshness !== "current" || undefined}
        >
          <Verdict group={shown} at={progress.at} />
          {shown.requests.some(({ printContent }) => printContent) && (
            <MaskSwitch
              what={t.value.masking.group}
              isShown={isNamed.value}
              onShow={showNames}
              onMask={maskNames}
            />
          )}
          <ChangePanel />
          <SheetTools group={shown} />
          <Findings
            group={shown}
            findings={shown.review.findings.filter(({ kind }) => !isOfComparison(kind))}
          />
          <ExpectPanel hasGroup />
          {shown.requests.length > 0 && (
            <>
              <Charts group={shown} />
              <Subtotals group={shown} />
              <RequestTable group={shown} />
            </>
          )}
        </div>
      )}
      {progress.is === "idle" && !isListHeld.value && <Introduction />}
      {(progress.is === "idle" || progress.is === "failed") && isListHeld.value && <ExpectPanel />}
    </>
  );
}

/** The way to the review sheet, for a group without requests as well. */
function SheetTools({ group }: { group: PayoutRequestGroup }) {
  const words = t.value.print;
  const n = group.requests.length;
  return (
    <div class={`${common.tools} ${css.sheetTools}`} data-part="sheet-tools">
      <LeaveButton onLeave={printSheet}>{words.button}</LeaveButton>
      {n > 0 && (
        <label class={common.check}>
          <input
            type="checkbox"
            checked={withRows.value}
            onChange={(event) => chooseRows(event.currentTarget.checked)}
          />
          {words.include(n)}
        </label>
      )}
    </div>
  );
}
