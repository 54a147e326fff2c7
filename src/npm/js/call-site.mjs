// Where a look-up was called from: an error that comes later, out of a timer or a socket, points
// there.

import { PaypleError } from "./error.mjs";

/**
 * The stack above `method`. V8 writes it down only when it is read.
 * @param {Function} method
 */
export function callSite(method) {
  const site = new Site();
  if (Error.captureStackTrace) Error.captureStackTrace(site, method);
  else site.stack = new Error().stack;
  return site;
}

/**
 * The same error, with the caller's frames in place of ours where it is a PaypleError. Another
 * one's frames say where it comes from.
 * @template E
 * @param {E} error
 * @param {Site} site
 * @returns {E}
 */
export function withCaller(error, site) {
  const { stack } = site;
  if (!(error instanceof PaypleError) || typeof stack !== "string" || stack === "") return error;
  const frames = stack.startsWith(HEAD) ? stack.slice(HEAD.length) : `\n${stack}`;
  error.stack = `${error.name}: ${error.message}${frames}`;
  return error;
}

/**
 * What `act` comes to; its error has the caller's frames.
 * @template T
 * @param {Site} site
 * @param {() => Promise<T>} act
 * @param {(error: unknown) => unknown} [explain] says more in the error
 */
export async function calledFrom(site, act, explain = (error) => error) {
  try {
    return await act();
  } catch (error) {
    throw explain(withCaller(error, site));
  }
}

const HEAD = "Error";

/** V8 begins a stack with what the object calls itself. */
class Site {
  name = HEAD;
  message = "";
  /** @type {string | undefined} */
  stack = "";

  toString() {
    return HEAD;
  }
}
