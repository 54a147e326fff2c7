// The list of what is meant to be paid: taken in, looked over, compared with the group.

import { useEffect, useRef, useState } from "preact/hooks";
import { visible, won } from "../format";
import { announce } from "../parts/announce";
import common from "../parts/common.module.css";
import { FileButton } from "../parts/file-button";
import { ColumnSelect, SheetChoice } from "../parts/file-choices";
import { faultInWords } from "../parts/file-faults";
import { firstLines } from "../parts/first-lines";
import { Icon } from "../parts/icon";
import { LeftOut } from "../parts/left-out";
import { Preview, type RowState } from "../parts/preview";
import { submitKey } from "../payout/key-form";
import { fault as keyFault } from "../payout/state";
import { t } from "../text";
import { ROLES, type Role } from "./columns";
import { Comparison } from "./comparison";
import css from "./panel.module.css";
import { Questions } from "./questions";
import {
  chooseColumn,
  chooseKey,
  chooseSheet,
  columns,
  comparison,
  fault,
  forget,
  hiddenPayments,
  isDecided,
  isReading,
  isRemembered,
  type List,
  lacking,
  leaveOut,
  leftOut,
  list,
  matchBy,
  payments,
  possibleKeys,
  problem,
  proposeAnew,
  skippedAt,
  takeBack,
  takeFile,
  takeText,
} from "./state";

/** Whether the look-up under way was asked for here: below its answer the clerk wants to go on. */
let isAskedHere = false;

/** Without a group on the page, the next one that is looked up is compared. */
export function ExpectPanel({ hasGroup = false }: { hasGroup?: boolean }) {
  const words = t.value.expect;
  const section = useRef<HTMLElement>(null);
  // It is drawn anew with each answer.
  useEffect(() => {
    if (isAskedHere && comparison.peek()) section.current?.scrollIntoView({ block: "start" });
    isAskedHere = false;
  }, []);
  return (
    <section
      ref={section}
      class={`${common.panel} ${css.expect}`}
      data-part="expect"
      aria-labelledby="expect-title"
    >
      <h3 id="expect-title">{words.title}</h3>
      {list.value ? <Held list={list.value} hasGroup={hasGroup} /> : <Intake />}
      {comparison.value && <Comparison {...comparison.value} />}
    </section>
  );
}

function Intake() {
  const words = t.value.expect;
  const [isOver, setOver] = useState(false);
  return (
    <>
      <p class={common.aside}>{words.intro}</p>
      <div
        class={css.drop}
        data-part="drop"
        data-over={isOver || undefined}
        onDragOver={() => setOver(true)}
        onDragLeave={() => setOver(false)}
      >
        <p class={css.dropFile}>
          <Icon name="sheet" />
          <span class={css.dropWords}>{words.drop}</span>
          <FileButton words={words.choose} onFile={(file) => void takeFile(file)} />
        </p>
        <label class={common.unseen} for="expect-paste">
          {words.paste}
        </label>
        <textarea
          id="expect-paste"
          class={css.paste}
          data-takes-files
          rows={2}
          spellcheck={false}
          autocomplete="off"
          placeholder={words.pasteHelp}
          value=""
          onPaste={(event) => {
            const text = event.clipboardData?.getData("text/plain");
            if (text === undefined) return;
            event.preventDefault();
            void takeText(text);
          }}
        />
      </div>
      <p role="status" class={isReading.value ? common.aside : common.unseen}>
        {isReading.value && words.reading}
      </p>
      {fault.value && (
        <p class={common.fault} role="alert">
          {faultInWords(fault.value)}
        </p>
      )}
    </>
  );
}

function Held({ list, hasGroup }: { list: List; hasGroup: boolean }) {
  const words = t.value.expect;
  const held = payments.value!;
  useEffect(() => announce(words.summary(held.payments.length, won(held.total))), []);
  const because = problem.value;
  // Looked up anew, so that what is compared is what would be paid now; and by the key that stands on the page.
  const compare = () => {
    submitKey();
    isAskedHere = keyFault.peek() === undefined;
  };
  const why =
    because === "lacksKey"
      ? words.lacksKey(
          words.roles[matchBy.value],
          lacking.value.map(({ line }) => line),
        )
      : because && words[because];
  return (
    <>
      <div class={css.list} data-part="list">
        <p class={css.listName} data-part="list-name">
          <Icon name="sheet" />
          <span>
            <strong>{list.name === undefined ? words.pasted : visible(list.name)}</strong>{" "}
            {list.encoding && <small class={common.aside}>{list.encoding}</small>}
          </span>
          <button type="button" class={common.quiet} onClick={forget}>
            {words.other}
          </button>
        </p>
        <p class={css.listSum} data-part="list-sum" role="status">
          {words.summary(held.payments.length, won(held.total))}
        </p>
      </div>
      <SheetChoice id="sheet" sheets={list.sheets} chosen={list.at} onChoose={chooseSheet} />
      <fieldset class={css.columns}>
        <legend>{words.columns}</legend>
        {ROLES.map((role) => (
          <ColumnChoice key={role} role={role} list={list} />
        ))}
      </fieldset>
      {isRemembered.value && (
        <p class={common.aside} data-part="remembered">
          {words.remembered}{" "}
          <button type="button" class={common.quiet} onClick={proposeAnew}>
            {words.proposeAnew}
          </button>
        </p>
      )}
      <Preview
        key={list.at}
        rows={list.rows}
        header={list.layout.header}
        names={list.layout.names}
        roleOf={roleOf}
        stateOf={stateOf}
      />
      <KeyChoice />
      <Questions />
      <HiddenRows />
      <Skipped />
      <div class={css.go} data-part="list-go">
        {hasGroup && (
          <button
            type="button"
            class={common.main}
            disabled={because !== undefined}
            onClick={compare}
          >
            {comparison.value ? words.again : words.compare}
          </button>
        )}
        <p class={why ? common.fault : common.aside} role={why ? "alert" : undefined}>
          {why ?? words.basis[matchBy.value]} {!why && !hasGroup && words.withNext}
        </p>
      </div>
    </>
  );
}

function ColumnChoice({ role, list }: { role: Role; list: List }) {
  const words = t.value.expect;
  const at = columns.value[role];
  const sample =
    at === undefined
      ? undefined
      : list.rows.slice(list.layout.header + 1).find(({ cells }) => cells[at]?.trim())?.cells[at];
  const isGuessed = list.layout.guessed.includes(role) && at === list.layout.columns[role];
  return (
    <div class={css.column} data-part="column">
      <label for={`column-${role}`}>{words.roles[role]}</label>
      <ColumnSelect
        id={`column-${role}`}
        names={list.layout.names}
        chosen={at}
        onChoose={(chosen) => chooseColumn(role, chosen)}
      />
      <small class={css.sample}>{sample ? visible(sample) : "–"}</small>
      {at === undefined && list.layout.shared.includes(role) && (
        <small class={css.guessed} data-part="shared">
          {words.shared}
        </small>
      )}
      {isGuessed && (
        <small class={css.guessed} data-part="guessed">
          {words.guessed}
        </small>
      )}
    </div>
  );
}

/** What a column is taken for. */
function roleOf(column: number): string | undefined {
  const { roles } = t.value.expect;
  const role = ROLES.find((role) => columns.value[role] === column);
  return role && (role === matchBy.value ? t.value.expect.asKey(roles[role]) : roles[role]);
}

/** Whether a row is compared, and how that is changed. */
function stateOf(line: number): RowState {
  const { questions, reasons } = t.value.expect;
  const skipped = skippedAt.value.get(line);
  const isByHand = skipped?.reason === "byHand";
  return {
    why: skipped && reasons[skipped.reason],
    action:
      skipped && !isByHand ? undefined : (
        <button
          type="button"
          class={common.quiet}
          aria-label={`${t.value.rows.line(line)} ${isByHand ? questions.takeBack : questions.leaveOut}`}
          onClick={() => (isByHand ? takeBack(line) : leaveOut(line))}
        >
          {isByHand ? questions.takeBack : questions.leaveOut}
        </button>
      ),
  };
}

function Skipped() {
  const words = t.value.expect;
  const { skipped } = payments.value!;
  const { rows, amount, unknown } = leftOut.value;
  return (
    <>
      <LeftOut
        title={words.skipped(skipped.length)}
        rows={skipped.map(({ line, reason, text }) => ({
          line,
          reason: words.reasons[reason],
          text,
          action: isDecided(line) && (
            <button type="button" class={common.quiet} onClick={() => takeBack(line)}>
              {words.questions.takeBack}
            </button>
          ),
        }))}
      />
      {rows > 0 && (
        <p class={css.leftOutSum} data-part="left-out-sum">
          {words.leftOutSum(rows, won(amount), unknown)}
        </p>
      )}
    </>
  );
}

/** Rows that the clerk does not see in the spreadsheet program, and would not miss here. */
function HiddenRows() {
  const words = t.value.expect.hiddenRows;
  const hidden = hiddenPayments.value;
  if (hidden.length === 0) return null;
  const { lines, more } = firstLines(hidden);
  return (
    <p class={css.leftOutSum} data-part="hidden-rows">
      {words.title(
        hidden.length,
        won(hidden.reduce((sum, { request }) => sum + request.amount, 0)),
      )}{" "}
      {words.which(lines, more)}{" "}
      <button type="button" onClick={() => leaveOut(...hidden.map(({ line }) => line))}>
        {words.leaveOut(hidden.length)}
      </button>
    </p>
  );
}

/** The key that the whole list is matched by. */
function KeyChoice() {
  const words = t.value.expect;
  return (
    <p>
      <label for="match-by">{words.matchBy}</label>{" "}
      <select
        id="match-by"
        value={matchBy.value}
        onChange={(event) => chooseKey(event.currentTarget.value as Role)}
      >
        {possibleKeys.value.map((role) => (
          <option key={role} value={role}>
            {words.roles[role]}
          </option>
        ))}
      </select>
    </p>
  );
}
