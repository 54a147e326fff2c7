// TextDecoder and TextEncoder for wasm-bindgen's glue: made when they are first used, and found where they are no globals.
//
// Jest's jsdom environment hides both, though Node has them.

/** Node's own where the global is missing; without either, the error says so. */
function find(name) {
  const found = globalThis[name] ?? globalThis.process?.getBuiltinModule?.("node:util")?.[name];
  if (found === undefined) throw new TypeError(`this runtime has no ${name}`);
  return found;
}

class LazyDecoder {
  #options;
  #decoder;

  constructor(label, options) {
    this.#options = [label, options];
  }

  decode(bytes) {
    if (bytes === undefined) return "";
    this.#decoder ??= new (find("TextDecoder"))(...this.#options);
    return this.#decoder.decode(bytes);
  }
}

class LazyEncoder {
  #encoder;

  encode(text) {
    this.#encoder ??= new (find("TextEncoder"))();
    return this.#encoder.encode(text);
  }

  encodeInto(text, bytes) {
    this.#encoder ??= new (find("TextEncoder"))();
    return this.#encoder.encodeInto(text, bytes);
  }
}

export { LazyDecoder as TextDecoder, LazyEncoder as TextEncoder };
