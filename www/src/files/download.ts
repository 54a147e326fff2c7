// A text as a file that the browser saves.

import { session } from "../session";

/** `what` names the file, with the environment and the minute. */
export function download(what: string, text: string) {
  const stamp = new Date(Date.now() + 9 * 3_600_000)
    .toISOString()
    .slice(0, 16)
    .replace(/[-:]/g, "")
    .replace("T", "-");
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${what}_${session.peek()?.environment ?? ""}_${stamp}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
