// What worker-build makes of the Worker's Rust, as far as worker.mjs uses it.

import { WorkerEntrypoint } from "cloudflare:workers";

export default class Worker extends WorkerEntrypoint {
  fetch(request: Request): Promise<Response>;
}
