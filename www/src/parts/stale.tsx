// What an answer says for itself when it is to another question than the one that stands above it.

import { Icon } from "./icon";
import css from "./stale.module.css";

export function Stale({ words }: { words: string }) {
  return (
    <p class={css.stale} data-part="stale" role="status">
      <Icon name="notice" /> {words}
    </p>
  );
}
