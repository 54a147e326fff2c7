// A look-up under way: nothing for the blink of an eye, then progress and a way out.

import { t } from "../text";

export function Asking({ isSlow, onCancel }: { isSlow: boolean; onCancel: () => void }) {
  return (
    <div class={`asking ${isSlow ? "" : "unseen"}`} role="status">
      {isSlow && (
        <>
          <span class="spinner" aria-hidden="true" />
          <span>{t.value.asking}</span>
          <button type="button" onClick={onCancel}>
            {t.value.cancel}
          </button>
        </>
      )}
    </div>
  );
}
