// A part of the page that is loaded when it is first shown.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../text";
import common from "./common.module.css";

/** `load` is the same function each time. */
export function Later({ load }: { load: () => Promise<ComponentType> }) {
  const [Part, setPart] = useState<ComponentType | undefined>(undefined);
  const [attempt, setAttempt] = useState(0);
  const [isFailed, setFailed] = useState(false);
  useEffect(() => {
    setFailed(false);
    load().then(
      (part) => setPart(() => part),
      () => setFailed(true),
    );
  }, [load, attempt]);
  if (Part) return <Part />;
  return isFailed ? (
    <div role="alert">
      <p>{t.value.later.failed}</p>
      <button type="button" onClick={() => setAttempt(attempt + 1)}>
        {t.value.later.again}
      </button>
    </div>
  ) : (
    <p role="status" class={common.aside}>
      {t.value.later.loading}
    </p>
  );
}
