// What the fuzzer's bytes decide, taken from them one after the other: so that one byte changed
// changes one decision.

export class Input {
  #at = 0;
  constructor(readonly bytes: Uint8Array) {}

  get isOver(): boolean {
    return this.#at >= this.bytes.length;
  }

  /** A whole number below a bound. */
  below(bound: number): number {
    const byte = this.bytes[this.#at] ?? 0;
    this.#at += 1;
    return byte % bound;
  }

  oneOf<Each>(all: readonly Each[]): Each {
    return all[this.below(all.length)] as Each;
  }

  /** A text of at most so many bytes; it ends at a zero. */
  text(most: number): string {
    const from = this.#at;
    const isInside = () => this.#at < this.bytes.length && this.#at < from + most;
    while (isInside() && this.bytes[this.#at] !== 0) this.#at += 1;
    const text = new TextDecoder().decode(this.bytes.subarray(from, this.#at));
    this.#at += 1;
    return text;
  }
}
