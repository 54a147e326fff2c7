// A look-up under way: nothing for the blink of an eye, then progress, how long it has taken, and a way out.

import { useEffect, useState } from "preact/hooks";
import { t } from "../text";

export function Asking({ isSlow, onCancel }: { isSlow: boolean; onCancel: () => void }) {
  return (
    <div class={`asking ${isSlow ? "" : "unseen"}`}>
      <p role="status">{isSlow && t.value.asking}</p>
      {isSlow && (
        <>
          <span class="spinner" aria-hidden="true" />
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
    <span class="elapsed" aria-hidden="true">
      {seconds > 0 && t.value.elapsed(seconds)}
    </span>
  );
}
