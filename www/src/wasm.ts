// Where the WebAssembly of EdgeClient is, as the build names it.

import address from "../../target/faces/browser/payple_edge_bg.wasm?url";

export default () => address;
