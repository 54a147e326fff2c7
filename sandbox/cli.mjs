#!/usr/bin/env node
// payple-edge-sandbox, the name that the command has by itself.

import { sandboxCommand } from "./command.mjs";

// Whoever reads no further, such as `head`, does not end the sandbox.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
    if (error.code !== "EPIPE") throw error;
  });

await sandboxCommand(process.argv.slice(2), "payple-edge-sandbox");
