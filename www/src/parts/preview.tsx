// The rows of a file as they stand in it, a few at a time, with what is taken from which column.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { SheetRow } from "../files/sheet-row";
import { count, visible } from "../format";
import { t } from "../text";
import common from "./common.module.css";
import css from "./preview.module.css";

/** What becomes of a row. */
export interface RowState {
  /** Why it is not used. */
  why?: string | undefined;
  /** What can be done about it. */
  action?: ComponentChildren;
}

interface Props {
  rows: SheetRow[];
  /** The place of the heading among the rows; -1 where there is none. */
  header: number;
  names: string[];
  /** What a column is taken for. */
  roleOf: (column: number) => string | undefined;
  stateOf?: (line: number) => RowState;
}

export function Preview({ rows, header, names, roleOf, stateOf }: Props) {
  const words = t.value.rows;
  const [from, setFrom] = useState(0);
  const body = rows.slice(header + 1);
  const start = Math.max(Math.min(from, body.length - 1), 0);
  const shown = body.slice(start, start + MOST_ROWS);
  const columns = names.slice(0, MOST_COLUMNS).map((name, at) => ({ name, role: roleOf(at) }));
  return (
    <div class={css.box}>
      <div
        class={css.preview}
        data-part="preview"
        role="region"
        aria-label={words.preview}
        tabIndex={0}
      >
        <table>
          <caption class={common.unseen}>{words.preview}</caption>
          <thead>
            <tr>
              <th scope="col">{words.lineHead}</th>
              {columns.map(({ name, role }, at) => (
                <th key={at} scope="col" data-taken={role !== undefined || undefined}>
                  {visible(name)}
                  {role && <small>{role}</small>}
                </th>
              ))}
              {stateOf && (
                <th scope="col">
                  <span class={common.unseen}>{words.state}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ line, cells }) => {
              const state = stateOf?.(line);
              return (
                <tr key={line} data-out={state?.why !== undefined || undefined}>
                  <th scope="row">{count(line)}</th>
                  {columns.map(({ role }, at) => (
                    <td key={at} data-taken={role !== undefined || undefined}>
                      {visible(cells[at] ?? "")}
                    </td>
                  ))}
                  {state && (
                    <td class={css.state}>
                      {state.why} {state.action}
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {body.length > MOST_ROWS && (
        <div class={css.pages}>
          <Turn words={words.before} onTurn={start > 0 && (() => setFrom(start - MOST_ROWS))} />
          <Turn
            words={words.after}
            onTurn={start + MOST_ROWS < body.length && (() => setFrom(start + MOST_ROWS))}
          />
          <label>
            {words.goTo}{" "}
            <input
              type="number"
              class={css.number}
              data-part="row-number"
              min={1}
              max={body.at(-1)?.line}
              onInput={(event) => {
                const wanted = event.currentTarget.valueAsNumber;
                const at = body.findIndex(({ line }) => line >= wanted);
                if (at >= 0) setFrom(at);
              }}
            />
          </label>
          <span class={common.aside}>{words.all(body.length)}</span>
        </div>
      )}
    </div>
  );
}

/** At the end there is nothing to turn to; the focus stays there. */
function Turn({ words, onTurn }: { words: string; onTurn: false | (() => void) }) {
  return (
    <button type="button" aria-disabled={!onTurn} onClick={() => onTurn && onTurn()}>
      {words}
    </button>
  );
}

const MOST_ROWS = 5;
const MOST_COLUMNS = 30;
