// What callers hand over, as the JSON that Rust or the Worker reads; they check the rest.

import { PaypleError } from "./error.mjs";

export function asJson(name, value) {
  if (value === null || typeof value !== "object") throw invalidInput(`${name} must be an object`);
  let json;
  try {
    json = JSON.stringify(value);
  } catch (cause) {
    throw invalidInput(`${name} cannot be written as JSON`, cause);
  }
  if (json === undefined) throw invalidInput(`${name} cannot be written as JSON`);
  return json;
}

function invalidInput(message, cause) {
  return new PaypleError({ kind: "invalid_input", message, ...(cause !== undefined && { cause }) });
}
