// The rows of a file that are not used, each with its line and the reason.

import type { ComponentChildren } from "preact";
import { visible } from "../format";
import { t } from "../text";
import { Icon } from "./icon";

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
    <details class="left-out">
      <summary>
        <Icon name="notice" /> {title}
      </summary>
      <ul tabIndex={0} aria-label={title}>
        {rows.slice(0, MOST).map(({ line, reason, text, action }) => (
          <li key={line}>
            <span class="left-out-line">{words.line(line)}</span>
            <span>
              {reason} {action}
            </span>
            <span class="left-out-text">{visible(text)}</span>
          </li>
        ))}
        {rows.length > MOST && <li class="aside">{words.more(rows.length - MOST)}</li>}
      </ul>
    </details>
  );
}

const MOST = 500;
