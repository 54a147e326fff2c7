// A server component that looks up while it is rendered.

import { ask } from "./ask";

export const dynamic = "force-dynamic";

export default async function Page() {
  return <pre id="report">{JSON.stringify(await ask(process.env.SANDBOX!))}</pre>;
}
