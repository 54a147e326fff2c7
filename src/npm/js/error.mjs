// PaypleError: the one error class of all faces. A real Error, whose name survives minifying and which shows no secret.

const inspect = Symbol.for("nodejs.util.inspect.custom");

export class PaypleError extends Error {
  /** @param {{ kind: string, message: string, retryable?: boolean, [detail: string]: unknown }} details */
  constructor(details) {
    super(details.message);
    this.kind = details.kind;
    this.retryable = details.retryable === true;
    for (const name of ["code", "phase", "status", "hint", "hintKo", "retryAfterMs", "requestId"]) {
      if (details[name] !== undefined) this[name] = details[name];
    }
    // Not enumerable, as with `new Error(message, { cause })`: it belongs to the caller and may hold anything.
    if ("cause" in details) Object.defineProperty(this, "cause", { value: details.cause, configurable: true, writable: true });
  }

  toJSON() {
    const shown = { name: this.name, message: this.message, ...this };
    delete shown.cause;
    return shown;
  }

  /** Without `cause`: a failed fetch's cause may hold the whole request. It is there for who asks for it. */
  [inspect](_depth, options, inspectValue) {
    const details = inspectValue ? inspectValue({ ...this }, options) : JSON.stringify({ ...this });
    return `${this.stack ?? `${this.name}: ${this.message}`} ${details}`;
  }
}

Object.defineProperty(PaypleError.prototype, "name", { value: "PaypleError", configurable: true, writable: true });
