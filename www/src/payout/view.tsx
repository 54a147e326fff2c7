// The view of payout requests: a key, and below it the answer.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { isOfComparison } from "../expect/entries";
import { ExpectPanel } from "../expect/panel";
import { isListHeld } from "../expect/state";
import { won } from "../format";
import { announce } from "../parts/announce";
import { Asking } from "../parts/asking";
import { ErrorPanel } from "../parts/error-panel";
import { t } from "../text";
import { Charts } from "./charts";
import { cleaned, faultOf, lookUp, lookup, question, recent, typed } from "./state";
import { RequestTable } from "./table";
import { Findings, spoken, Verdict } from "./verdict";

export function PayoutView() {
  const progress = lookup.progress.value;
  useEffect(() => {
    if (progress.is !== "done") return;
    const { title, why } = spoken(progress.answer, question.peek());
    announce(`${title}. ${why}`);
  }, [progress]);
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

function KeyForm() {
  const words = t.value.payout;
  const fault = useSignal<ReturnType<typeof faultOf>>(undefined);
  const input = useRef<HTMLInputElement>(null);
  // The first thing to do after signing in. On a phone the keyboard would cover the page, and later the answer.
  useEffect(() => void (hasKeyboard() && input.current?.focus()), []);
  const submit = (event: Event) => {
    event.preventDefault();
    const key = cleaned(typed.peek());
    fault.value = faultOf(key);
    if (fault.value) input.current?.focus();
    else void lookUp(key);
    if (!fault.value && !hasKeyboard()) input.current?.blur();
  };
  return (
    <form class="ask" onSubmit={submit} noValidate>
      <label for="group-key">{words.key}</label>
      <div class="ask-line">
        <input
          ref={input}
          id="group-key"
          class="key"
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="search"
          aria-describedby="group-key-help"
          aria-invalid={fault.value !== undefined}
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            fault.value = undefined;
          }}
        />
        <button type="submit" class="main">
          {words.submit}
        </button>
      </div>
      <p
        id="group-key-help"
        class={fault.value ? "fault" : "aside"}
        role={fault.value ? "alert" : undefined}
      >
        {fault.value ? words[fault.value] : words.keyHelp}
      </p>
      <RecentKeys />
    </form>
  );
}

function RecentKeys() {
  const words = t.value.payout;
  if (recent.value.length === 0) return null;
  return (
    <div class="recent" role="group" aria-label={words.recent}>
      <span class="aside">{words.recent}</span>
      <ul>
        {recent.value.map(({ groupKey, requests, total }) => (
          <li key={groupKey}>
            <button type="button" onClick={() => lookUp(groupKey)}>
              <code>{groupKey}</code> <small>{words.summary(requests, won(total))}</small>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="quiet" onClick={() => (recent.value = [])}>
        {words.forget}
      </button>
    </div>
  );
}

function Introduction() {
  const words = t.value.payout;
  return (
    <section class="introduction">
      <p>{words.intro}</p>
      <ul>
        {words.introPoints.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </section>
  );
}

function hasKeyboard(): boolean {
  return matchMedia("(pointer: fine)").matches;
}
