// The view of billing keys: one, a list or a file of them, and what is behind each as a card or in a table.

import { useEffect, useRef } from "preact/hooks";
import { download } from "../files/download";
import { handOver } from "../files/hand-over";
import { LeaveButton } from "../files/leave-button";
import { announce } from "../parts/announce";
import ask from "../parts/ask.module.css";
import { Chips } from "../parts/chips";
import common from "../parts/common.module.css";
import { ErrorPanel } from "../parts/error-panel";
import { FileButton } from "../parts/file-button";
import { faultInWords } from "../parts/file-faults";
import { KeyHelp, keyField } from "../parts/key-field";
import { MaskSwitch } from "../parts/mask-switch";
import { Stale } from "../parts/stale";
import { t } from "../text";
import { KeyCard } from "./key-card";
import { KeyTable } from "./key-table";
import { type Keys, keysInText } from "./keys";
import { SourcePanel } from "./source-panel";
import {
  chosenLook,
  ended,
  fault,
  isNamed,
  isReading,
  isStale,
  isUnderWay,
  items,
  look,
  lookUpAgain,
  lookUpAll,
  MAX_KEYS,
  maskNames,
  repeated,
  showNames,
  shownItems,
  shownKind,
  source,
  sourceFault,
  stop,
  takeFile,
  takeText,
  tally,
  typed,
} from "./state";
import css from "./view.module.css";
import { linesOf } from "./words";

export function BillingView() {
  return (
    <>
      <KeysForm />
      {source.value && <SourcePanel source={source.value} />}
      {items.value.length > 0 ? (
        <Results />
      ) : (
        !source.value && <p class={ask.introduction}>{t.value.billing.intro}</p>
      )}
    </>
  );
}

/** What keeps typed keys from being looked up. */
function faultOf({ keys, leftOut }: Keys): typeof fault.value {
  const [wrong] = leftOut;
  if (wrong) return wrong.reason === "tooLong" ? "tooLong" : "notAKey";
  if (keys.length === 0) return "empty";
  return keys.length > MAX_KEYS ? "tooMany" : undefined;
}

function KeysForm() {
  const words = t.value.billing;
  const input = useRef<HTMLTextAreaElement>(null);
  const inText = keysInText(typed.value);
  const submit = (event: Event) => {
    event.preventDefault();
    const found = keysInText(typed.peek());
    // A column that was pasted may be that of the telephone numbers.
    if (!found || (found.keys.length > 1 && found.doubtful.length > 0 && !faultOf(found))) {
      const text = typed.peek();
      typed.value = "";
      void takeText(text);
      return;
    }
    fault.value = faultOf(found);
    if (fault.value) input.current?.focus();
    else void lookUpAll(found.keys, found.repeated, typed.peek());
  };
  const wrong = inText?.leftOut[0];
  const inWords =
    fault.value === "tooMany"
      ? words.tooMany(inText?.keys.length ?? 0)
      : fault.value === "notAKey"
        ? words.notAKey(wrong?.line ?? 1)
        : fault.value && words[fault.value];
  return (
    <form class={ask.ask} data-part="ask" onSubmit={submit} noValidate>
      <label for="billing-keys">{words.keys}</label>
      <div class={ask.line}>
        <textarea
          ref={input}
          rows={Math.min(Math.max(typed.value.split("\n").length, 1), 10)}
          {...keyField("billing-keys", typed, fault)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
          }}
        />
        <button type="submit" class={common.main}>
          {!inText
            ? words.chooseColumn
            : inText.keys.length > 1
              ? words.submitMany(inText.keys.length)
              : words.submit}
        </button>
      </div>
      <KeyHelp id="billing-keys-help" isFault={fault.value !== undefined}>
        {inWords ?? words.keysHelp}
      </KeyHelp>
      <div class={css.file} data-part="key-file">
        <FileButton words={t.value.expect.choose} onFile={(file) => void takeFile(file)} />
        <span class={common.aside} role="status">
          {isReading.value ? t.value.expect.reading : words.file.drop}
        </span>
      </div>
      {sourceFault.value && (
        <p class={common.fault} role="alert">
          {faultInWords(sourceFault.value)}
        </p>
      )}
    </form>
  );
}

function Results() {
  const words = t.value.billing;
  const { all, registered, missing, failed, waiting, settled } = tally.value;
  const outcome = words.outcome(registered, missing, failed);
  const isRunning = isUnderWay.value;
  useEffect(() => {
    if (!isRunning && settled > 0) announce(outcome);
  }, [isRunning]);
  const left = isRunning ? 0 : waiting;
  return (
    <section
      aria-labelledby="cards-title"
      class={css.results}
      data-stale={isStale.value || undefined}
    >
      {isStale.value && <Stale words={words.stale} />}
      <div class={css.batch} data-part="batch">
        <h2 id="cards-title" class={all === 1 ? common.unseen : undefined}>
          {isRunning ? words.progress(settled, all) : outcome}
        </h2>
        {isRunning && (
          <>
            {all > 1 && <progress max={all} value={settled} aria-labelledby="cards-title" />}
            <button
              type="button"
              aria-keyshortcuts="Escape"
              onClick={() => (stop(), announce(t.value.cancelled))}
            >
              {all > 1 ? words.stop : t.value.cancel}
            </button>
          </>
        )}
        {!isRunning && failed > 0 && all > 1 && (
          <button type="button" onClick={() => void lookUpAgain("failed")}>
            {words.retryFailed(failed)}
          </button>
        )}
        {repeated.value > 0 && <p class={common.aside}>{words.repeated(repeated.value)}</p>}
        {left > 0 && (
          <>
            <p class={common.aside}>{words.stopped(left)}</p>
            <button type="button" onClick={() => void lookUpAgain("waiting")}>
              {words.goOn(left)}
            </button>
          </>
        )}
      </div>
      {ended.value && all > 1 && <ErrorPanel error={ended.value} />}
      {registered > 0 && (
        <MaskSwitch
          what={t.value.masking.keys}
          isShown={isNamed.value}
          onShow={showNames}
          onMask={maskNames}
        />
      )}
      {all > 1 && <Tools />}
      {shownItems.value.length === 0 ? (
        <p class={common.none} data-part="none">
          {words.none}
        </p>
      ) : look.value === "table" ? (
        <KeyTable />
      ) : (
        <Cards />
      )}
    </section>
  );
}

function Tools() {
  const words = t.value.billing;
  const { all, registered, missing, failed, waiting, asking } = tally.value;
  const chips = [
    { name: "all" as const, words: words.kinds.all, n: all },
    { name: "registered" as const, words: words.kinds.registered, n: registered },
    { name: "missing" as const, words: words.kinds.missing, n: missing },
    { name: "failed" as const, words: words.kinds.failed, n: failed },
    { name: "waiting" as const, words: words.kinds.waiting, n: waiting + asking },
  ];
  const save = () => {
    const shown = shownItems.peek();
    const payerIds = shown.map(({ item }) => item.key);
    return handOver({ action: "export", payerIds, rows: shown.length }, () => {
      download("billing-keys", linesOf(shown));
      announce(words.saved(shown.length));
    });
  };
  return (
    <div class={`${common.tools} ${css.tools}`}>
      <Chips
        label={words.filter}
        chips={chips.filter(({ name, n }) => name === "all" || name === shownKind.value || n > 0)}
        chosen={shownKind.value}
        onChoose={(name) => (shownKind.value = name)}
      />
      <span class={common.push} />
      <div class={css.look} role="group" aria-label={words.look}>
        {(["cards", "table"] as const).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={look.value === name}
            onClick={() => (chosenLook.value = name)}
          >
            {words.looks[name]}
          </button>
        ))}
      </div>
      <LeaveButton onLeave={save} disabled={shownItems.value.length === 0}>
        {t.value.table.csv}
      </LeaveButton>
    </div>
  );
}

function Cards() {
  const shown = shownItems.value;
  return (
    <>
      <ul class={css.cards}>
        {shown.slice(0, MOST_CARDS).map(({ item, number }) => (
          <li key={item.key}>
            <KeyCard item={item} number={number} isOfMany={items.value.length > 1} />
          </li>
        ))}
      </ul>
      {shown.length > MOST_CARDS && (
        <p class={common.aside}>{t.value.billing.firstCards(MOST_CARDS)}</p>
      )}
    </>
  );
}

/** Thousands of cards are no picture any more. */
const MOST_CARDS = 100;
