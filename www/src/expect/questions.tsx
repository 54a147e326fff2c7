// Amounts that may mean two things, each asked: nothing is guessed where money is concerned.

import { useState } from "preact/hooks";
import { visible, won } from "../format";
import common from "../parts/common.module.css";
import { Icon } from "../parts/icon";
import { t } from "../text";
import { amountOf } from "./amount";
import type { Skipped, SkipReason } from "./payments";
import css from "./questions.module.css";
import { answer, leaveOut, questions } from "./state";

export function Questions() {
  const words = t.value.expect.questions;
  const asked = questions.value;
  if (asked.length === 0) return null;
  const suggested = asked.flatMap(({ line, suggestion }) =>
    suggestion === undefined ? [] : [[line, suggestion] as const],
  );
  return (
    <section class={css.questions} data-part="questions" aria-labelledby="questions-title">
      <h4 id="questions-title">
        <Icon name="notice" /> {words.title(asked.length)}
      </h4>
      <ul>
        {asked.slice(0, MOST_SHOWN).map((row) => (
          <Question key={row.line} row={row} />
        ))}
      </ul>
      {asked.length > MOST_SHOWN && (
        <p class={common.aside}>{words.more(asked.length - MOST_SHOWN)}</p>
      )}
      {suggested.length > 1 && (
        <button type="button" onClick={() => answer(suggested)}>
          {words.takeAll(
            suggested.length,
            won(suggested.reduce((sum, [, amount]) => sum + amount, 0)),
          )}
        </button>
      )}
    </section>
  );
}

function Question({ row: { line, reason, text, suggestion } }: { row: Skipped }) {
  const words = t.value.expect.questions;
  const [fault, setFault] = useState<SkipReason | undefined>();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const input = form.elements.namedItem("amount") as HTMLInputElement;
    const amount = amountOf(input.value);
    if (typeof amount === "number") return answer([[line, amount]]);
    setFault(typeof amount === "string" ? amount : amount.asks);
    input.focus();
  };
  const id = `amount-of-${line}`;
  return (
    <li>
      <span>{t.value.rows.line(line)}</span>
      <span class={css.text}>
        {visible(text)}
        <small class={common.aside}>{t.value.expect.reasons[reason]}</small>
      </span>
      <form onSubmit={submit}>
        <label for={id} class={common.unseen}>
          {words.amountOf(line)}
        </label>
        <input
          id={id}
          name="amount"
          inputMode="numeric"
          autocomplete="off"
          defaultValue={suggestion === undefined ? "" : won(suggestion)}
          aria-invalid={fault !== undefined}
          aria-describedby={fault && `${id}-fault`}
          onInput={() => setFault(undefined)}
        />
        <button type="submit">{words.take}</button>
        <button type="button" class={common.quiet} onClick={() => leaveOut(line)}>
          {words.leaveOut}
        </button>
        {fault && (
          <p id={`${id}-fault`} class={common.fault} role="alert">
            {t.value.expect.reasons[fault]}
          </p>
        )}
      </form>
    </li>
  );
}

/** More are answered all at once, or in the file. */
const MOST_SHOWN = 20;
