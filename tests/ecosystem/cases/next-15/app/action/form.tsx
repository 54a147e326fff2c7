"use client";
// The form that calls the action, and shows what came of it.

import { useActionState } from "react";
import { lookUp } from "./look-up";

export function Form() {
  const [report, act] = useActionState(lookUp, undefined);
  return (
    <form action={act}>
      <button type="submit">조회</button>
      {report && <pre id="report">{JSON.stringify(report)}</pre>}
    </form>
  );
}
