// The view of billing keys: one or a list of them, and a card for each.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { announce } from "../parts/announce";
import { KEY_FIELD, KeyHelp } from "../parts/key-field";
import { t } from "../text";
import { KeyCard } from "./key-card";
import {
  cancelAll,
  faultOf,
  isUnderWay,
  items,
  keysIn,
  lookUpAll,
  repeated,
  tally,
  typed,
} from "./state";

export function BillingView() {
  return (
    <>
      <KeysForm />
      {items.value.length > 0 ? <Cards /> : <p class="introduction">{t.value.billing.intro}</p>}
    </>
  );
}

function KeysForm() {
  const words = t.value.billing;
  const fault = useSignal<ReturnType<typeof faultOf>>(undefined);
  const input = useRef<HTMLTextAreaElement>(null);
  const { keys } = keysIn(typed.value);
  const submit = (event: Event) => {
    event.preventDefault();
    const { keys, repeats } = keysIn(typed.peek());
    fault.value = faultOf(keys);
    if (fault.value) input.current?.focus();
    else void lookUpAll(keys, repeats);
  };
  const inWords =
    fault.value === "tooMany" ? words.tooMany(keys.length) : fault.value && words[fault.value];
  return (
    <form class="ask" onSubmit={submit} noValidate>
      <label for="billing-keys">{words.keys}</label>
      <div class="ask-line">
        <textarea
          ref={input}
          id="billing-keys"
          rows={Math.min(Math.max(typed.value.split("\n").length, 1), 10)}
          {...KEY_FIELD}
          aria-describedby="billing-keys-help"
          aria-invalid={fault.value !== undefined}
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            fault.value = undefined;
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
          }}
        />
        <button type="submit" class="main">
          {keys.length > 1 ? words.submitMany(keys.length) : words.submit}
        </button>
      </div>
      <KeyHelp id="billing-keys-help" isFault={fault.value !== undefined}>
        {inWords ?? words.keysHelp}
      </KeyHelp>
    </form>
  );
}

function Cards() {
  const words = t.value.billing;
  const { all, found, missing, failed, settled } = tally.value;
  const outcome = words.outcome(found, missing, failed);
  const left = all - settled;
  useEffect(() => {
    if (!isUnderWay.value && settled > 0) announce(outcome);
  }, [isUnderWay.value]);
  return (
    <section aria-labelledby="cards-title">
      <div class="batch">
        <h2 id="cards-title" class={all === 1 ? "unseen" : ""}>
          {isUnderWay.value ? words.progress(settled, all) : outcome}
        </h2>
        {isUnderWay.value && (
          <>
            {all > 1 && <progress max={all} value={settled} aria-labelledby="cards-title" />}
            <button type="button" onClick={() => (cancelAll(), announce(t.value.cancelled))}>
              {t.value.cancel}
            </button>
          </>
        )}
        {repeated.value > 0 && <p class="aside">{words.repeated(repeated.value)}</p>}
        {!isUnderWay.value && left > 0 && <p class="aside">{words.stopped(left)}</p>}
      </div>
      <ul class="cards">
        {items.value.map((item, index) => (
          <li key={item.key}>
            <KeyCard item={item} number={all > 1 ? index + 1 : undefined} />
          </li>
        ))}
      </ul>
    </section>
  );
}
