// Which lines something is about: the first of them in words, and how many more there are.

import { t } from "../text";

export function firstLines(items: { line: number }[]): { lines: string; more: number } {
  const first = items.slice(0, MOST);
  return {
    lines: first.map(({ line }) => t.value.rows.line(line)).join(", "),
    more: items.length - first.length,
  };
}

const MOST = 5;
