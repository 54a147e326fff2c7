// wasm-bindgen's glue of the face `npm`, made fit for runtimes that wasm-bindgen does not reckon
// with.

/** @param {string} glue the text of payple_edge.js @returns {string} */
export function adaptGlue(glue) {
  if (!glue.includes(SAME_REALM)) throw new Error(`wasm-bindgen's glue has no more: ${SAME_REALM}`);
  return LAZY_TEXT + glue.replaceAll(SAME_REALM, ANY_REALM);
}

// Next's edge runtime and Jest hand over a module of another realm, which `instanceof` does not
// know.
const SAME_REALM = "!(module instanceof WebAssembly.Module)";
const ANY_REALM = 'Object.prototype.toString.call(module) !== "[object WebAssembly.Module]"';

// The glue makes both while it is imported, and Jest's jsdom has neither.
const LAZY_TEXT = 'import { TextDecoder, TextEncoder } from "#text";\n';
