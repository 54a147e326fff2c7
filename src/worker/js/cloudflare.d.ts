// What workerd offers, as far as worker.mjs uses it: the platform's own types would declare every
// global anew, beside those of the browser that the rest of the project is checked with.

declare module "cloudflare:workers" {
  export class WorkerEntrypoint {
    constructor(ctx: object, env: object);
    protected ctx: object;
    protected env: object;
  }
}
