// Copies a text, and says so.

import { useEffect, useState } from "preact/hooks";
import { t } from "../text";
import { announce } from "./announce";
import common from "./common.module.css";
import css from "./copy-button.module.css";
import { Icon } from "./icon";

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [outcome, setOutcome] = useState<"copied" | "failed" | undefined>();
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(undefined), outcome === "failed" ? 6_000 : 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome("copied");
      announce(t.value.copied);
    } catch {
      setOutcome("failed");
      announce(t.value.notCopied);
    }
  };
  return (
    <>
      <button
        type="button"
        class={`${common.quiet} ${css.copy}`}
        onClick={copy}
        aria-label={t.value.copy(what)}
        title={t.value.copy(what)}
      >
        <Icon name={outcome === "copied" ? "good" : "copy"} />
      </button>
      {outcome === "failed" && (
        <span class={common.fault} data-part="not-copied">
          {t.value.notCopied}
        </span>
      )}
    </>
  );
}
