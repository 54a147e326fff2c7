// One look-up on its way: asked, slow, answered, failed or cancelled.

import { signal } from "@preact/signals";
import type { PaypleError } from "payple-edge/browser";
import { asPaypleError } from "./session";

export type Progress<T> =
  | { is: "idle" }
  /** `isSlow` once it is worth showing. */
  | { is: "asking"; isSlow: boolean }
  | { is: "done"; answer: T; at: Date }
  | { is: "failed"; error: PaypleError; at: Date };

export class Lookup<T> {
  readonly progress = signal<Progress<T>>({ is: "idle" });
  #abort: AbortController | undefined;

  /** Asks anew; what was under way is cancelled, what was shown is gone. */
  async ask(question: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.cancel();
    const abort = new AbortController();
    this.#abort = abort;
    this.progress.value = { is: "asking", isSlow: false };
    const timer = setTimeout(() => {
      if (this.#abort === abort) this.progress.value = { is: "asking", isSlow: true };
    }, SLOW_MS);
    try {
      const answer = await question(abort.signal);
      if (this.#abort === abort) this.progress.value = { is: "done", answer, at: new Date() };
    } catch (error) {
      if (this.#abort === abort)
        this.progress.value = { is: "failed", error: asPaypleError(error), at: new Date() };
    } finally {
      clearTimeout(timer);
    }
  }

  cancel() {
    this.#abort?.abort();
    this.#abort = undefined;
    if (this.progress.value.is === "asking") this.progress.value = { is: "idle" };
  }
}

const SLOW_MS = 200;
