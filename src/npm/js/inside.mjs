// What a client keeps to itself, in a property that no printing shows.
//
// A `Proxy` around a client, such as Vue's `reactive` makes one, cannot see private fields, but
// must show this property as it is.

import { PaypleError } from "./error.mjs";

const INSIDE = Symbol("payple-edge.inside");

/**
 * @param {object} client
 * @param {string} name of its class
 * @param {object} inside whose own fields are private
 */
export function keepInside(client, name, inside) {
  Object.defineProperty(client, INSIDE, { value: inside });
  // Of each client, not of the class: `jest.mock` takes only what looks like a plain object for a
  // class's methods.
  Object.defineProperty(client, Symbol.toStringTag, { value: name });
}

/**
 * What `client` keeps. Throws a PaypleError where a method was called on something else.
 * @template Inside
 * @param {unknown} client
 * @param {new (...args: any[]) => Inside} Inside
 * @param {{ name: string, variable: string }} called how the client is called, for the error
 */
export function insideOf(client, Inside, { name, variable }) {
  const inside = /** @type {{ [INSIDE]?: unknown } | null | undefined} */ (client)?.[INSIDE];
  if (inside instanceof Inside) return inside;
  const call = `${variable}.lookupBillingKey`;
  throw new PaypleError({
    kind: "invalid_input",
    message: `a method of ${name} was called on something else`,
    hint: `Call it on the client: ${call}(…). To hand it on as a function, bind it: ${call}.bind(${variable}).`,
    hintKo: `클라이언트에서 직접 호출하세요: ${call}(…). 함수로 넘기려면 ${call}.bind(${variable})처럼 바인딩하세요.`,
  });
}
