"use server";
// A server action: what a page's form calls.

import { ask } from "../ask";

export async function lookUp() {
  return ask(process.env.SANDBOX!);
}
