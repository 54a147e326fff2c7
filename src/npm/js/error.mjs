// PaypleError: the one error class of all faces. A real Error, whose name survives minifying and
// which shows no secret.

const inspect = Symbol.for("nodejs.util.inspect.custom");

const brand = Symbol.for("payple-edge.PaypleError");

/**
 * What an error is made of.
 * @typedef {{ kind: string, message: string, retryable?: boolean, [detail: string]: unknown }}
 *   ErrorDetails
 */

export class PaypleError extends Error {
  /** Also where a bundler renames classes. @override */
  static get name() {
    return "PaypleError";
  }

  /**
   * An instance from another copy of this module is one too: a process may load the package as ESM
   * and as CommonJS.
   * @override
   * @param {unknown} value
   */
  static [Symbol.hasInstance](value) {
    return this === PaypleError
      ? value instanceof Error && brand in value
      : Function.prototype[Symbol.hasInstance].call(this, value);
  }

  /** @param {ErrorDetails} details */
  constructor(details) {
    super(details.message);
    this.kind = details.kind;
    this.retryable = details.retryable === true;
    for (const name of [
      "code",
      "phase",
      "httpStatus",
      "hint",
      "hintKo",
      "retryAfterMs",
      "requestId",
    ]) {
      if (details[name] !== undefined) Object.assign(this, { [name]: details[name] });
    }
    // Not enumerable, as with `new Error(message, { cause })`: it belongs to the caller and may
    // hold anything.
    if ("cause" in details)
      Object.defineProperty(this, "cause", {
        value: details.cause,
        configurable: true,
        writable: true,
      });
  }

  toJSON() {
    const { name, message } = this;
    const { cause: _, ...details } = this;
    return Object.assign({ name, message }, details);
  }

  /**
   * Without `cause`: a failed fetch's cause may hold the whole request. It is there for code
   * that asks for it.
   * @param {number} _depth
   * @param {object} options
   * @param {(value: object, options: object) => string} [inspectValue] not there in every runtime
   */
  [inspect](_depth, options, inspectValue) {
    const details = inspectValue ? inspectValue({ ...this }, options) : JSON.stringify({ ...this });
    return `${this.stack ?? `${this.name}: ${this.message}`} ${details}`;
  }
}

Object.defineProperty(PaypleError.prototype, "name", {
  value: "PaypleError",
  configurable: true,
  writable: true,
});
Object.defineProperty(PaypleError.prototype, brand, { value: true });
