// A page whose loader looks up on the server.

import type { Route } from "./+types/home";
import { ask } from "./ask";

export async function loader() {
  return ask(process.env["SANDBOX"]!);
}

export default function Home({ loaderData }: Route.ComponentProps) {
  return <pre id="report">{JSON.stringify(loaderData)}</pre>;
}
