// Changes the JavaScript that wasm-bindgen generates for the face `npm`, for runtimes that
// wasm-bindgen does not support.

/** @param {string} glue the text of payple_edge.js @returns {string} */
export function adaptGlue(glue) {
  if (!glue.includes(SAME_REALM)) throw new Error(`wasm-bindgen's glue has no more: ${SAME_REALM}`);
  return LAZY_TEXT + glue.replaceAll(SAME_REALM, ANY_REALM);
}

// Next's edge runtime and Jest pass a module of another realm, for which `instanceof` is false.
const SAME_REALM = "!(module instanceof WebAssembly.Module)";
const ANY_REALM = 'Object.prototype.toString.call(module) !== "[object WebAssembly.Module]"';

// The generated code creates both when it is imported, and Jest's jsdom has neither.
const LAZY_TEXT = 'import { TextDecoder, TextEncoder } from "#text";\n';
