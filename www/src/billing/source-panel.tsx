// A file or pasted table of billing keys: which column, which rows, and how long it will take.

import { useEffect } from "preact/hooks";
import { visible } from "../format";
import { announce } from "../parts/announce";
import common from "../parts/common.module.css";
import { ColumnSelect, SheetChoice } from "../parts/file-choices";
import { firstLines } from "../parts/first-lines";
import { Icon } from "../parts/icon";
import { LeftOut } from "../parts/left-out";
import { Preview } from "../parts/preview";
import { t } from "../text";
import type { FoundKey } from "./keys";
import css from "./source-panel.module.css";
import {
  chooseColumn,
  chooseSheet,
  doubt,
  forgetSource,
  hiddenKeys,
  type KeySource,
  keysInSource,
  leavesHidden,
  lookUpSource,
  MAX_KEYS,
  minutesFor,
} from "./state";

export function SourcePanel({ source }: { source: KeySource }) {
  const words = t.value.billing.file;
  const found = keysInSource.value;
  const summary = found && words.summary(found.keys.length);
  const isOpen = found && found.doubtful.length > 0 && doubt.value === undefined;
  const fault = !found
    ? words.needsColumn
    : isOpen
      ? words.doubt.open
      : found.keys.length === 0
        ? words.noKeys
        : found.keys.length > MAX_KEYS
          ? t.value.billing.tooMany(found.keys.length)
          : undefined;
  useEffect(() => announce(summary ?? words.needsColumn), [summary]);
  return (
    <section
      class={`${common.panel} ${css.source}`}
      data-part="key-source"
      aria-labelledby="key-source-title"
    >
      <header>
        <Icon name="sheet" />
        <h2 id="key-source-title">
          {source.name === undefined ? words.pasted : visible(source.name)}{" "}
          {source.encoding && <small class={common.aside}>{source.encoding}</small>}
        </h2>
        <button type="button" class={common.quiet} onClick={forgetSource}>
          {words.forget}
        </button>
      </header>
      <div class={css.choices}>
        <SheetChoice
          id="key-sheet"
          sheets={source.sheets}
          chosen={source.at}
          onChoose={chooseSheet}
        />
        <p>
          <label for="key-column">{words.column}</label>{" "}
          <ColumnSelect
            id="key-column"
            names={source.names}
            chosen={source.column}
            onChoose={chooseColumn}
          />
        </p>
      </div>
      <Preview
        key={source.at}
        rows={source.rows}
        header={source.header}
        names={source.names}
        roleOf={(column) => (column === source.column ? t.value.billing.key : undefined)}
      />
      <p class={common.aside}>{words.onlyKeys}</p>
      {found && (
        <LeftOut
          title={words.leftOut(found.leftOut.length)}
          rows={found.leftOut.map(({ line, reason, text }) => ({
            line,
            reason: words.reasons[reason],
            text,
          }))}
        />
      )}
      {hiddenKeys.value.length > 0 && <Hidden keys={hiddenKeys.value} />}
      {found && found.doubtful.length > 0 && <Doubt doubtful={found.doubtful} />}
      <div class={css.go} data-part="key-source-go">
        <button
          type="button"
          class={common.main}
          disabled={!found || fault !== undefined}
          onClick={() => void lookUpSource()}
        >
          {t.value.billing.submitMany(found?.keys.length ?? 0)}
        </button>
        <p class={fault ? common.fault : common.aside} role={fault ? "alert" : undefined}>
          {fault ?? words.takes(minutesFor(found?.keys.length ?? 0))}{" "}
          {found && found.repeated > 0 && t.value.billing.repeated(found.repeated)}
        </p>
      </div>
    </section>
  );
}

/** What the clerk does not see in the spreadsheet program, and would not expect to be looked up. */
function Hidden({ keys }: { keys: FoundKey[] }) {
  const words = t.value.billing.file.hidden;
  const { lines, more } = firstLines(keys);
  return (
    <fieldset class={css.doubt} data-part="hidden-keys">
      <legend>
        <Icon name="notice" /> {words.title(keys.length)}
      </legend>
      <p>{t.value.expect.hiddenRows.which(lines, more)}</p>
      <label class={common.check}>
        <input
          type="checkbox"
          checked={leavesHidden.value}
          onChange={(event) => (leavesHidden.value = event.currentTarget.checked)}
        />
        {words.leaveOut}
      </label>
    </fieldset>
  );
}

/** What may be a key, or a name or number of somebody: whether it is sent to Payple is for the clerk to say. */
function Doubt({ doubtful }: { doubtful: FoundKey[] }) {
  const words = t.value.billing.file.doubt;
  const { lines, more } = firstLines(doubtful);
  return (
    <fieldset class={css.doubt} data-part="doubt">
      <legend>
        <Icon name="notice" /> {words.title(doubtful.length)}
      </legend>
      <p>{words.why(lines, more)}</p>
      {(["leaveOut", "send"] as const).map((choice) => (
        <label key={choice} class={common.check}>
          <input
            type="radio"
            name="doubt"
            checked={doubt.value === choice}
            onChange={() => (doubt.value = choice)}
          />
          {words.choices[choice](doubtful.length)}
        </label>
      ))}
    </fieldset>
  );
}
