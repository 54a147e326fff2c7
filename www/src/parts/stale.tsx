// The notice on an answer that belongs to another question than the one now on the page.

import { Icon } from "./icon";
import css from "./stale.module.css";

export function Stale({ words }: { words: string }) {
  return (
    <p class={css.stale} data-part="stale" role="status">
      <Icon name="notice" /> {words}
    </p>
  );
}
