// What a comparison or a check came to: a picture, a sentence as its heading, and what more there is to say.

import type { ComponentChildren } from "preact";
import { Icon } from "./icon";
import css from "./outcome.module.css";
import tones from "./tone.module.css";

interface Props {
  tone: "good" | "notice" | "bad";
  class?: string;
  children: ComponentChildren;
}

export function Outcome({ tone, class: stack, children }: Props) {
  return (
    <div class={`${tones.toned} ${css.outcome}`} data-part="outcome" data-tone={tone}>
      <Icon name={tone} />
      <div class={stack}>{children}</div>
    </div>
  );
}
