// What the fields for keys have in common: nothing completes or corrects what is typed, and a line below helps or says what
// is wrong.

import type { ComponentChildren } from "preact";

/** Of an `input` or a `textarea`. */
export const KEY_FIELD = {
  class: "key",
  autocomplete: "off",
  autocapitalize: "off",
  spellcheck: false,
  enterkeyhint: "search",
  "aria-keyshortcuts": "/",
} as const;

/** The line below: help, or in its place and aloud what is wrong. */
export function KeyHelp(props: { id: string; isFault: boolean; children: ComponentChildren }) {
  const { id, isFault, children } = props;
  return (
    <p id={id} class={isFault ? "fault" : "aside"} role={isFault ? "alert" : undefined}>
      {children}
    </p>
  );
}
