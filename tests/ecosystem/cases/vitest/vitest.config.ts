// happy-dom applies the rules of a web page's origin to fetch, as a browser would; a back end has
// no origin.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environmentOptions: {
      happyDOM: { settings: { fetch: { disableSameOriginPolicy: true } } },
    },
  },
});
