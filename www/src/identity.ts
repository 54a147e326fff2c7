// Who has signed in, in words: on the page, on paper, in the files that they make.

import { session } from "./session";
import { t } from "./text";

/** Their address or name; for the admin token, which says nothing of who holds it, what it is. */
export function whoIsIn(): string {
  const { method, subject } = session.value ?? {};
  if (!method) return "";
  return subject && subject !== method ? subject : t.value.signIn.by[method];
}
