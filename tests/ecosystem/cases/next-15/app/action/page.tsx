// A page with a form, whose action looks up.

import { Form } from "./form";

export default function Page() {
  return <Form />;
}
