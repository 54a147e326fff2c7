// A page that calls the action while it is rendered, and brings the form that calls it later.

import { Form } from "./form";
import { lookUp } from "./look-up";

export const dynamic = "force-dynamic";

export default async function Page() {
  return (
    <main>
      <pre id="report">{JSON.stringify(await lookUp())}</pre>
      <Form />
    </main>
  );
}
