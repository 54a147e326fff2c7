// The two streams of a command: results on stdout, everything else on stderr.

import { visible } from "../../../www/src/format";

/** How often progress is told where nobody watches a line change. */
const INTERVAL_MS = 5_000;

let hasProgress = false;
let toldAt = 0;

// Whoever reads no further, such as `head`, is no failure, of the result or of what is said beside.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });

export const terminal = {
  /** A result. */
  print(text: string) {
    this.endProgress();
    process.stdout.write(`${text}\n`);
  },

  /** What is said beside the result. It may name a file, a sheet or an argument of any kind. */
  tell(text: string) {
    this.endProgress();
    process.stderr.write(`${text.split("\n").map(shown).join("\n")}\n`);
  },

  /** How far it is: one line that changes, or where stderr is a file, a line every few seconds. */
  progress(text: string) {
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[2K${text}`);
      hasProgress = true;
    } else if (Date.now() - toldAt >= INTERVAL_MS) {
      toldAt = Date.now();
      process.stderr.write(`${text}\n`);
    }
  },

  endProgress() {
    if (hasProgress) process.stderr.write("\r\u001b[2K");
    hasProgress = false;
  },
};

/** A text of somebody else's, unable to move the cursor, to colour or to hide anything. */
export function shown(text: string): string {
  return visible(text);
}
