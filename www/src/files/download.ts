// A text as a file that the browser saves.

import { session } from "../session";

/** `what` names the file, with the key it is about, the environment and the minute. */
export function download(what: string, text: string, key = "") {
  const stamp = new Date(Date.now() + 9 * 3_600_000)
    .toISOString()
    .slice(0, 16)
    .replace(/[-:]/g, "")
    .replace("T", "-");
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  const parts = [what, inFileName(key), session.peek()?.environment ?? "", stamp];
  link.download = `${parts.filter(Boolean).join("_")}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Without what some system does not allow in the name of a file. */
function inFileName(key: string): string {
  return key.replace(/[^\p{L}\p{N}_=-]+/gu, "-").slice(0, 64);
}
