// TextDecoder and TextEncoder for wasm-bindgen's glue: made when they are first used, and found
// where they are no globals.
//
// Jest's jsdom environment hides both, though Node has them.

/**
 * Node's own where the global is missing; without either, the error says so.
 * @template {"TextDecoder" | "TextEncoder"} Name
 * @param {Name} name
 * @returns {(typeof globalThis)[Name]}
 */
function find(name) {
  const found =
    globalThis[name] ??
    /** @type {Partial<typeof globalThis> | undefined} */ (
      globalThis.process?.getBuiltinModule?.("node:util")
    )?.[name];
  if (found === undefined) throw new TypeError(`this runtime has no ${name}`);
  return found;
}

class LazyDecoder {
  #label;
  #options;
  /** @type {TextDecoder | undefined} */
  #decoder;

  /**
   * @param {string} [label]
   * @param {TextDecoderOptions} [options]
   */
  constructor(label, options) {
    this.#label = label;
    this.#options = options;
  }

  /** @param {AllowSharedBufferSource} [bytes] */
  decode(bytes) {
    if (bytes === undefined) return "";
    this.#decoder ??= new (find("TextDecoder"))(this.#label, this.#options);
    return this.#decoder.decode(bytes);
  }
}

class LazyEncoder {
  /** @type {TextEncoder | undefined} */
  #encoder;

  /** @param {string} text */
  encode(text) {
    this.#encoder ??= new (find("TextEncoder"))();
    return this.#encoder.encode(text);
  }

  /**
   * @param {string} text
   * @param {Uint8Array} bytes
   */
  encodeInto(text, bytes) {
    this.#encoder ??= new (find("TextEncoder"))();
    return this.#encoder.encodeInto(text, bytes);
  }
}

export { LazyDecoder as TextDecoder, LazyEncoder as TextEncoder };
