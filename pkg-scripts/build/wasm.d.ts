// What `#wasm` is in the sources of the faces: pack.mjs gives it the form that an entry's runtimes
// can take.

export default function wasm(): WebAssembly.Module | Uint8Array<ArrayBuffer> | URL;
