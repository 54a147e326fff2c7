// A table as a CSV file that the browser saves. It says who made it, in its name and in every row.

import { whoIsIn } from "../identity";
import { session } from "../session";
import { t } from "../text";
import { csv } from "./csv";

/** `what` names the file, with the key it is about, the environment, the minute and who made it; the first line is the head. */
export function download(what: string, lines: (string | number)[][], key = "") {
  const stamp = new Date(Date.now() + 9 * 3_600_000)
    .toISOString()
    .slice(0, 16)
    .replace(/[-:]/g, "")
    .replace("T", "-");
  const maker = whoIsIn();
  const signed = lines.map((cells, at) => [...cells, at === 0 ? t.value.reason.maker : maker]);
  const address = URL.createObjectURL(new Blob([csv(signed)], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  const environment = session.peek()?.environment ?? "";
  const parts = [what, inFileName(key), environment, stamp, inFileName(maker)];
  link.download = `${parts.filter(Boolean).join("_")}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Without what some system does not allow in the name of a file. */
function inFileName(text: string): string {
  return text.replace(/[^\p{L}\p{N}_=@.-]+/gu, "-").slice(0, 64);
}
