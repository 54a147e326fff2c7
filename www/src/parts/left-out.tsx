// The rows of a file that are not used, each with its line and the reason.

import type { ComponentChildren } from "preact";
import { visible } from "../format";
import { t } from "../text";
import common from "./common.module.css";
import { Icon } from "./icon";
import css from "./left-out.module.css";

export interface LeftOutRow {
  line: number;
  reason: string;
  /** The row as it is. */
  text: string;
  /** What can be done about it. */
  action?: ComponentChildren;
}

export function LeftOut({ title, rows }: { title: string; rows: LeftOutRow[] }) {
  const words = t.value.rows;
  if (rows.length === 0) return null;
  return (
    <details class={css.leftOut} data-part="left-out">
      <summary>
        <Icon name="notice" /> {title}
      </summary>
      <ul tabIndex={0} aria-label={title}>
        {rows.slice(0, MOST).map(({ line, reason, text, action }) => (
          <li key={line}>
            <span class={css.line}>{words.line(line)}</span>
            <span>
              {reason} {action}
            </span>
            <span class={css.text}>{visible(text)}</span>
          </li>
        ))}
        {rows.length > MOST && <li class={common.aside}>{words.more(rows.length - MOST)}</li>}
      </ul>
    </details>
  );
}

const MOST = 500;
