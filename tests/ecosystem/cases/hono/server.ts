// Hono on Node: a route that looks up.

import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { ask } from "./ask.js";

const app = new Hono();

app.get("/", async (context) => context.json(await ask(process.env["SANDBOX"]!)));

serve({ fetch: app.fetch, port: Number(process.env["PORT"]), hostname: "127.0.0.1" });
