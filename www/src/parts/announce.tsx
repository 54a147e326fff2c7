// Tells a screen reader what happened elsewhere on the page.

import { signal } from "@preact/signals";
import common from "./common.module.css";

const said = signal({ text: "", turn: 0 });

export function announce(text: string) {
  said.value = { text, turn: said.value.turn + 1 };
}

/** What was said may be of a session that is over. */
export function hush() {
  said.value = { text: "", turn: said.peek().turn + 1 };
}

/** Once on the page. The key makes the same words count as news when they are said again. */
export function Announcer() {
  const { text, turn } = said.value;
  return (
    <div class={common.unseen} role="status" aria-live="polite">
      <span key={turn}>{text}</span>
    </div>
  );
}
