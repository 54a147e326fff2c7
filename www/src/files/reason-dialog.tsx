// Asks why something leaves the page, a file that is saved or a sheet that is printed, and waits until it is on the record.
// Meanwhile nothing else on the page can be done, so that it leaves once, and as it was.

import { useSignal } from "@preact/signals";
import type { PaypleError } from "payple-edge/browser";
import { useEffect, useRef, useState } from "preact/hooks";
import common from "../parts/common.module.css";
import { ErrorFacts, inWords } from "../parts/error-panel";
import { asPaypleError } from "../session";
import { t } from "../text";
import { keep, type Leaving, leave, reasonFor, waiting } from "./hand-over";
import css from "./reason-dialog.module.css";

export function ReasonDialog() {
  const asked = waiting.value;
  return asked && <Asking leaving={asked.leaving} />;
}

function Asking({ leaving }: { leaving: Leaving }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState("");
  const isBusy = useSignal(false);
  const [error, setError] = useState<PaypleError | undefined>();
  useEffect(() => {
    dialog.current?.showModal();
    // Whatever takes the dialog away, such as the end of the session: nothing leaves.
    return keep;
  }, []);
  const abort = useRef(new AbortController());
  useEffect(() => () => abort.current.abort(), []);
  const words = t.value.reason;
  const rule = reasonFor(leaving);
  const isAsking = rule !== "off";

  const record = async () => {
    // A button that is disabled while it has the focus loses it.
    if (isBusy.peek()) return;
    isBusy.value = true;
    setError(undefined);
    try {
      await leave(reason.trim(), abort.current.signal);
    } catch (failure) {
      if (!abort.current.signal.aborted) setError(asPaypleError(failure));
    }
    isBusy.value = false;
  };
  useEffect(() => {
    if (!isAsking) void record();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={isAsking ? undefined : css.brief}
      onClose={keep}
      aria-labelledby="reason-title"
      data-part="reason"
    >
      <form
        class={common.stack}
        onSubmit={(event) => {
          event.preventDefault();
          void record();
        }}
      >
        <h2 id="reason-title">
          {words.title[leaving.accessRecord ? "record" : leaving.action](leaving.rows)}
        </h2>
        {isAsking && (
          <label class={common.stack}>
            {rule === "optional" ? words.optional : words.label}
            <textarea
              rows={3}
              maxLength={500}
              required={rule === "required"}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
            <span class={css.note}>{words.note}</span>
          </label>
        )}
        <p role="status" class={isBusy.value ? common.aside : common.unseen}>
          {isBusy.value && words.recording}
        </p>
        {error && (
          <div role="alert">
            <strong>{inWords(error)[0]}</strong>
            <p>{inWords(error)[1]}</p>
            <ErrorFacts error={error} />
          </div>
        )}
        <p class={common.tools}>
          <button type="button" onClick={() => dialog.current?.close()}>
            {t.value.cancel}
          </button>
          <button
            type="submit"
            // Where nothing is asked: a second Enter on what opened the dialog must not cancel.
            autofocus={!isAsking}
            class={common.main}
            disabled={rule === "required" && reason.trim() === ""}
            aria-disabled={isBusy.value}
          >
            {words.go[leaving.action]}
          </button>
        </p>
      </form>
    </dialog>
  );
}
