// Forwards payple-edge's calls to a proxy with a fixed address. It is bound to payple-edge as
// PAYPLE_EGRESS and has no address of its own in the internet (workers_dev = false, no route).

const HOSTS = new Set(["hub.payple.kr", "cpay.payple.kr"]);

export default {
  /**
   * @param {Request} request
   * @param {{ PROXY_ORIGIN: string, PROXY_CLIENT_ID: string, PROXY_CLIENT_SECRET: string }} env
   */
  fetch(request, env) {
    const { protocol, host, pathname, search } = new URL(request.url);
    if (protocol !== "https:" || !HOSTS.has(host))
      return new Response("not for this relay", { status: 403 });

    const headers = new Headers(request.headers);
    // A service token of Cloudflare Access: nobody but this Worker gets through to the proxy.
    headers.set("CF-Access-Client-Id", env.PROXY_CLIENT_ID);
    headers.set("CF-Access-Client-Secret", env.PROXY_CLIENT_SECRET);
    const { method, body, signal } = request;
    return fetch(`${env.PROXY_ORIGIN}/${host}${pathname}${search}`, {
      method,
      headers,
      body,
      signal,
      redirect: "manual",
    });
  },
};
