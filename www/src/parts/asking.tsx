// A look-up under way: nothing for the blink of an eye, then progress, how long it has taken, and a way out.

import { useEffect, useState } from "preact/hooks";
import { t } from "../text";
import css from "./asking.module.css";
import common from "./common.module.css";

export function Asking({ isSlow, onCancel }: { isSlow: boolean; onCancel: () => void }) {
  return (
    <div class={isSlow ? css.asking : common.unseen} data-part="asking">
      <p role="status">{isSlow && t.value.asking}</p>
      {isSlow && (
        <>
          <span class={common.spinner} data-part="spinner" aria-hidden="true" />
          <Elapsed />
          <button type="button" aria-keyshortcuts="Escape" onClick={onCancel}>
            {t.value.cancel} <kbd>Esc</kbd>
          </button>
        </>
      )}
    </div>
  );
}

/** For the eye alone: read out, it would go on without end. */
function Elapsed() {
  const [since] = useState(() => Date.now());
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.floor((now - since) / 1_000);
  return (
    <span class={css.elapsed} data-part="elapsed" aria-hidden="true">
      {seconds > 0 && t.value.elapsed(seconds)}
    </span>
  );
}
