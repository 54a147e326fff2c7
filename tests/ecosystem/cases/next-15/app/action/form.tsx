"use client";
// The form that calls the action from the browser.

import { useActionState } from "react";
import { lookUp } from "./look-up";

export function Form() {
  const [report, act] = useActionState(lookUp, undefined);
  return (
    <form action={act}>
      <button type="submit">{report?.total ?? "조회"}</button>
    </form>
  );
}
