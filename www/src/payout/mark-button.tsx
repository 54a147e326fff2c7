// Marks something as seen, with a note.

import { useEffect, useRef, useState } from "preact/hooks";
import { visible } from "../format";
import { announce } from "../parts/announce";
import common from "../parts/common.module.css";
import { DialogHead } from "../parts/dialog-head";
import { Icon } from "../parts/icon";
import { t } from "../text";
import css from "./mark-button.module.css";
import { markOf, removeMark, setMark } from "./marks";

/** `id` names what is marked, `what` says it. */
export function MarkButton({ id, what }: { id: string; what: string }) {
  const words = t.value.marks;
  const [isOpen, setOpen] = useState(false);
  const mark = markOf(id);
  return (
    <span class={css.mark} data-part="seen-mark">
      <button
        type="button"
        class={common.quiet}
        data-seen={mark !== undefined || undefined}
        aria-label={mark ? words.change(what) : words.mark(what)}
        title={mark?.note ? visible(mark.note) : undefined}
        onClick={() => setOpen(true)}
      >
        {mark && <Icon name="good" />}
        {mark ? words.seen : words.toMark}
      </button>
      {mark?.note && <span class={css.note}>{visible(mark.note)}</span>}
      {isOpen && <MarkDialog id={id} what={what} onClose={() => setOpen(false)} />}
    </span>
  );
}

function MarkDialog({ id, what, onClose }: { id: string; what: string; onClose: () => void }) {
  const words = t.value.marks;
  const dialog = useRef<HTMLDialogElement>(null);
  const note = useRef<HTMLTextAreaElement>(null);
  const mark = markOf(id);
  useEffect(() => {
    dialog.current?.showModal();
    note.current?.focus();
  }, []);
  const save = (event: Event) => {
    event.preventDefault();
    setMark(id, note.current!.value);
    announce(words.saved);
    dialog.current?.close();
  };
  const remove = () => {
    removeMark(id);
    announce(words.removed);
    dialog.current?.close();
  };
  return (
    <dialog
      ref={dialog}
      data-part="mark-dialog"
      aria-labelledby="mark-title"
      onClose={onClose}
      // A key pressed here is none of the table's around it.
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => event.stopPropagation()}
    >
      <DialogHead id="mark-title" title={words.title} dialog={dialog} />
      <form onSubmit={save} class={common.stack}>
        <p>{what}</p>
        <label for="mark-note">{words.note}</label>
        <textarea id="mark-note" ref={note} rows={3} maxLength={MOST_CHARS}>
          {mark?.note ?? ""}
        </textarea>
        <p class={common.aside}>{words.why}</p>
        <div class={common.tools}>
          <button type="submit" class={common.main}>
            {words.save}
          </button>
          {mark && (
            <button type="button" onClick={remove}>
              {words.remove}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}

const MOST_CHARS = 200;
