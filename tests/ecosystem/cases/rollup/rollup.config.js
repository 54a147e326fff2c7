// A back end in one file, in both forms.

import nodeResolve from "@rollup/plugin-node-resolve";
import typescript from "@rollup/plugin-typescript";

export default {
  input: "main.ts",
  output: [
    { file: "out/esm.js", format: "es" },
    { file: "out/commonjs.cjs", format: "cjs" },
  ],
  external: [/^node:/],
  plugins: [nodeResolve({ exportConditions: ["node"] }), typescript()],
};
