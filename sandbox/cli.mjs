#!/usr/bin/env node
// payple-edge-sandbox, the name that the command has by itself.

import { sandboxCommand } from "./command.mjs";

await sandboxCommand(process.argv.slice(2), "payple-edge-sandbox");
