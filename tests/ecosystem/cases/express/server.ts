// Express: a route that looks up.

import express from "express";
import { ask } from "./ask.js";

const app = express();

app.get("/", async (_request, response) => {
  response.json(await ask(process.env["SANDBOX"]!));
});

app.listen(Number(process.env["PORT"]), "127.0.0.1");
