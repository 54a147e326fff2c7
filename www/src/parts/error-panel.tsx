// A failure in words: what happened, what to do, and what to hand to whoever can help.

import type { PaypleError } from "payple-edge/browser";
import { inLanguage, t } from "../text";
import common from "./common.module.css";
import { CopyButton } from "./copy-button";
import css from "./error-panel.module.css";
import { Fact } from "./fact";
import { Icon } from "./icon";

export function ErrorPanel({ error, onRetry }: { error: PaypleError; onRetry?: () => void }) {
  const [title, advice] = inWords(error);
  return (
    <section class={css.panel} data-part="error-panel" role="alert">
      <Icon name="bad" />
      <div class={common.stack}>
        <h2>{title}</h2>
        <p>{advice}</p>
        <ErrorFacts error={error} />
        {onRetry && (
          <p>
            <button type="button" onClick={onRetry}>
              {t.value.retry}
            </button>
          </p>
        )}
      </div>
    </section>
  );
}

/** Payple's words and code, our request id. */
export function ErrorFacts({ error }: { error: PaypleError }) {
  const words = t.value.error;
  const said = wordsOfPayple(error);
  return (
    <dl class={common.facts}>
      {said && <Fact name={words.payple}>{said}</Fact>}
      {error.code && (
        <Fact name={words.code}>
          <code>{error.code}</code>
          <CopyButton text={error.code} what={words.code} />
        </Fact>
      )}
      {!said && error.kind !== "aborted" && <Fact name={words.detail}>{error.message}</Fact>}
      {error.requestId && (
        <Fact name={words.requestId}>
          <code>{error.requestId}</code>
          <CopyButton text={error.requestId} what={words.requestId} />
        </Fact>
      )}
    </dl>
  );
}

/** Title and advice. Payple's code decides the advice where it is known. */
export function inWords(error: PaypleError): readonly [title: string, advice: string] {
  const words = t.value.error;
  const [title, advice] = entry();
  const said = inLanguage(error.hint, error.hintKo) ?? advice;
  return [title, error.requestId ? said : words.withoutId(said)];

  function entry() {
    if (error.httpStatus === 429) return words.tooMany;
    if (error.kind === "unavailable" && error.httpStatus === undefined) return words.offline;
    return words.kinds[error.kind] ?? words.kinds.internal!;
  }
}

/** What Payple itself said stands behind our own words and a colon; it said something where it refused or gave a code. */
export function wordsOfPayple(error: PaypleError): string | undefined {
  if (error.kind !== "rejected" && error.code === undefined) return undefined;
  const at = error.message.indexOf(": ");
  if (at < 0) return undefined;
  const words = error.message.slice(at + 2).trim();
  // The code has a line of its own.
  return words.replace(`[${error.code}]`, "").trim() || undefined;
}
