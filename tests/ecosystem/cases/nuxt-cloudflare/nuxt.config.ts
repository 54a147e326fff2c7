// A Worker. `experimental.wasm` lets Nitro take the package's WebAssembly as a file.

export default defineNuxtConfig({
  compatibilityDate: "2026-01-01",
  telemetry: false,
  nitro: {
    preset: "cloudflare_module",
    cloudflare: { deployConfig: true, nodeCompat: true },
    experimental: { wasm: true },
  },
});
