// Tells a screen reader what happened elsewhere on the page.

import { signal } from "@preact/signals";
import common from "./common.module.css";

const said = signal({ text: "", turn: 0 });
let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(text: string) {
  say(text);
  // Who reads through the page later would take it for what is true then.
  timer = setTimeout(hush, STAYS_MS);
}

/** What was said may be of a session that is over. */
export function hush() {
  say("");
}

function say(text: string) {
  clearTimeout(timer);
  said.value = { text, turn: said.peek().turn + 1 };
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

const STAYS_MS = 10_000;
