// The button by which a file or a sheet leaves the page; where nothing may leave, why there is none.

import type { ComponentChildren } from "preact";
import common from "../parts/common.module.css";
import { t } from "../text";
import { bar } from "./hand-over";

export function LeaveButton(props: {
  onLeave: () => unknown;
  disabled?: boolean;
  children: ComponentChildren;
}) {
  const { onLeave, disabled = false, children } = props;
  return bar.value ? (
    <p class={common.aside}>
      {children}: {t.value.reason.bars[bar.value]}
    </p>
  ) : (
    <button type="button" disabled={disabled} onClick={() => void onLeave()}>
      {children}
    </button>
  );
}
