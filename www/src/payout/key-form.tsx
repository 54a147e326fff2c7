// The key of a group: typed, checked and sent; those of before; and what this is for.

import { useEffect, useRef } from "preact/hooks";
import { cleaned } from "../files/clean";
import { won } from "../format";
import ask from "../parts/ask.module.css";
import common from "../parts/common.module.css";
import { KeyHelp, keyField } from "../parts/key-field";
import { t } from "../text";
import css from "./key-form.module.css";
import { fault, faultOf, forgetRecent, lookUp, recent, typed } from "./state";

export function KeyForm() {
  const words = t.value.payout;
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
    <form class={ask.ask} data-part="ask" onSubmit={submit} noValidate>
      <label for="group-key">{words.key}</label>
      <div class={ask.line}>
        <input ref={input} type="text" {...keyField("group-key", typed, fault)} />
        <button type="submit" class={common.main}>
          {words.submit}
        </button>
      </div>
      <KeyHelp id="group-key-help" isFault={fault.value !== undefined}>
        {fault.value ? words[fault.value] : words.keyHelp}
        {!fault.value && (
          <span class={common.shortcut}>
            {" "}
            <kbd>/</kbd> {t.value.shortcut}
          </span>
        )}
      </KeyHelp>
      <RecentKeys />
    </form>
  );
}

/** As the form's own button does it, for a button elsewhere. */
export function submitKey() {
  document.querySelector<HTMLInputElement>("#group-key")?.form?.requestSubmit();
}

function RecentKeys() {
  const words = t.value.payout;
  if (recent.value.length === 0) return null;
  return (
    <div class={css.recent} data-part="recent" role="group" aria-label={words.recent}>
      <span class={common.aside}>{words.recent}</span>
      <ul>
        {recent.value.map(({ groupKey, requests, total }) => (
          <li key={groupKey}>
            <button type="button" onClick={() => lookUp(groupKey)}>
              <code>{groupKey}</code> <small>{words.summary(requests, won(total))}</small>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class={common.quiet} onClick={forgetRecent}>
        {words.forget}
      </button>
    </div>
  );
}

export function Introduction() {
  const words = t.value.payout;
  return (
    <section class={ask.introduction}>
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
