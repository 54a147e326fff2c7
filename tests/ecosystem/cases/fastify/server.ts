// Fastify: a route that looks up.

import { fastify } from "fastify";
import { ask } from "./ask.js";

const app = fastify();

app.get("/", () => ask(process.env["SANDBOX"]!));

await app.listen({ port: Number(process.env["PORT"]), host: "127.0.0.1" });
