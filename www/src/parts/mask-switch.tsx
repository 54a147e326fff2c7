// The switch that shows what is masked, or masks it again; and why it stays masked where that cannot be recorded.

import { useSignal } from "@preact/signals";
import type { PaypleError } from "payple-edge/browser";
import { useEffect, useRef } from "preact/hooks";
import { asPaypleError } from "../session";
import { t } from "../text";
import common from "./common.module.css";
import { ErrorFacts, inWords } from "./error-panel";
import css from "./mask-switch.module.css";

interface Props {
  /** Whose names, in words. */
  what: string;
  isShown: boolean;
  /** Has it recorded, then shows it. */
  onShow: (signal: AbortSignal) => Promise<void>;
  onMask: () => void;
}

export function MaskSwitch({ what, isShown, onShow, onMask }: Props) {
  const words = t.value.masking;
  const isBusy = useSignal(false);
  const error = useSignal<PaypleError | undefined>(undefined);
  const abort = useRef(new AbortController());
  useEffect(() => () => abort.current.abort(), []);
  const show = async () => {
    // A button that is disabled while it has the focus loses it.
    if (isBusy.peek()) return;
    isBusy.value = true;
    error.value = undefined;
    try {
      await onShow(abort.current.signal);
    } catch (failure) {
      if (!abort.current.signal.aborted) error.value = asPaypleError(failure);
    }
    isBusy.value = false;
  };
  return (
    <div class={css.switch} role="group" aria-label={words.label}>
      <p class={common.aside} role="status">
        {isShown ? words.shown(what) : words.masked(what)}
      </p>
      {isShown ? (
        <button type="button" onClick={onMask}>
          {words.mask}
        </button>
      ) : (
        <button
          type="button"
          data-part="show-names"
          aria-disabled={isBusy.value}
          onClick={() => void show()}
        >
          {words.show}
        </button>
      )}
      {error.value && (
        <div role="alert">
          <strong>{inWords(error.value)[0]}</strong>
          <p>{words.stays}</p>
          <ErrorFacts error={error.value} />
        </div>
      )}
    </div>
  );
}
