// A server-side bundle with the package inside.
export default {
  build: {
    ssr: "esm.mjs",
    outDir: "bundled/vite",
    target: "node20",
    rollupOptions: { output: { entryFileNames: "esm.js", format: "esm" } },
  },
  ssr: { noExternal: true },
};
