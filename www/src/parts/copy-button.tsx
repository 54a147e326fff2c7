// Copies a text, and says so.

import { useEffect, useState } from "preact/hooks";
import { t } from "../text";
import { announce } from "./announce";
import common from "./common.module.css";
import css from "./copy-button.module.css";
import { Icon } from "./icon";

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      announce(t.value.copied);
    } catch {
      announce(t.value.notCopied);
    }
  };
  return (
    <button
      type="button"
      class={`${common.quiet} ${css.copy}`}
      onClick={copy}
      aria-label={t.value.copy(what)}
      title={t.value.copy(what)}
    >
      <Icon name={isCopied ? "good" : "copy"} />
    </button>
  );
}
