// Compiled, never run: every fetch that people hand over fits.
import crossFetch from "cross-fetch";
import nodeFetch from "node-fetch";
import { type FetchLike, PaypleClient } from "payple-edge";
import { Agent, ProxyAgent, fetch as undiciFetch } from "undici";

const options = { environment: "test", cstId: "a", custKey: "b" } as const;
const dispatcher = new ProxyAgent("http://proxy.example:3128");
const wrapped: FetchLike = (url, init) => undiciFetch(url, { ...init, dispatcher });
const timed: FetchLike = async (url, init) => {
  const response = await fetch(url, init);
  return response;
};
const typed = (async (input: RequestInfo | URL, init?: RequestInit) =>
  fetch(input, init)) as typeof fetch;
for (const one of [fetch, undiciFetch, nodeFetch, crossFetch, wrapped, timed, typed]) {
  new PaypleClient({ ...options, fetch: one });
}
// @ts-expect-error a reply has a status
new PaypleClient({ ...options, fetch: async () => ({ headers: new Headers() }) });
void Agent;
