// The head of a dialog: what it is about, and a way out.

import type { RefObject } from "preact";
import { t } from "../text";
import common from "./common.module.css";
import css from "./dialog-head.module.css";
import { Icon } from "./icon";

export function DialogHead(props: {
  id: string;
  title: string;
  dialog: RefObject<HTMLDialogElement | null>;
}) {
  const { id, title, dialog } = props;
  return (
    <header class={css.head}>
      <h2 id={id}>{title}</h2>
      <button
        type="button"
        class={common.quiet}
        aria-label={t.value.close}
        onClick={() => dialog.current?.close()}
      >
        <Icon name="close" />
      </button>
    </header>
  );
}
