// What the fields for keys have in common: nothing completes or corrects what is typed, and a line below helps or says what
// is wrong.

import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import common from "./common.module.css";

/** Of an `input` or a `textarea`; typing takes the fault away. */
export function keyField(id: string, typed: Signal<string>, fault: Signal<string | undefined>) {
  return {
    id,
    class: common.key,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: false,
    enterkeyhint: "search",
    "aria-keyshortcuts": "/",
    "aria-describedby": `${id}-help`,
    "aria-invalid": fault.value !== undefined,
    value: typed.value,
    onInput: (event: { currentTarget: { value: string } }) => {
      typed.value = event.currentTarget.value;
      fault.value = undefined;
    },
  } as const;
}

/** The line below: help, or in its place and aloud what is wrong. */
export function KeyHelp(props: { id: string; isFault: boolean; children: ComponentChildren }) {
  const { id, isFault, children } = props;
  return (
    <p id={id} class={isFault ? common.fault : common.aside} role={isFault ? "alert" : undefined}>
      {children}
    </p>
  );
}
