// Takes in files and pasted tables, one at a time.

import { signal } from "@preact/signals";
import { SheetError, type SheetFault } from "./sheet";

export type FileFault = SheetFault | { is: "unreadable" };

export class Intake {
  readonly isReading = signal(false);
  /** Why the last one was not taken. */
  readonly fault = signal<FileFault | undefined>(undefined);
  /** Counts what was taken in, so that a large file does not arrive after what was chosen in its place. */
  #turn = 0;

  async take<T>(read: () => Promise<T>, hold: (book: T) => void) {
    this.forget();
    const mine = this.#turn;
    this.isReading.value = true;
    try {
      const book = await read();
      if (mine === this.#turn) hold(book);
    } catch (error) {
      if (mine === this.#turn)
        this.fault.value = error instanceof SheetError ? error.fault : { is: "unreadable" };
    } finally {
      if (mine === this.#turn) this.isReading.value = false;
    }
  }

  /** What is still being read is not taken any more. */
  forget() {
    this.#turn += 1;
    this.fault.value = undefined;
    this.isReading.value = false;
  }
}
