// Peer (c): the same Worker as one would write it with Hono and zod: sign-in, routes, tokens in
// memory and KV, headers. Cloudflare Access and the broker are left out, which makes it smaller.

import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { secureHeaders } from "hono/secure-headers";
import { z } from "zod";
import { canonical } from "./canonical.mjs";
import { words } from "./group.mjs";
import { readGroup } from "./zod.mjs";

/**
 * @import { Context as HonoContext } from "hono"
 * @import { ContentfulStatusCode } from "hono/utils/http-status"
 * @import { Group } from "./group.mjs"
 */

/**
 * What the Worker is bound to, as far as it is used.
 *
 * @typedef {object} Env
 * @property {string} PAYPLE_ENVIRONMENT
 * @property {string} PAYPLE_CST_ID
 * @property {string} PAYPLE_CUST_KEY
 * @property {string} [PAYPLE_HUB_CST_ID]
 * @property {string} [PAYPLE_HUB_CUST_KEY]
 * @property {string} [PAYPLE_HUB_ORIGIN]
 * @property {string} [PAYPLE_CPAY_ORIGIN]
 * @property {string} [PAYPLE_REFERER]
 * @property {string} ADMIN_TOKEN
 * @property {{ fetch: typeof fetch }} [ASSETS]
 * @property {{ fetch: typeof fetch }} [PAYPLE_EGRESS]
 * @property {{ limit: (of: { key: string }) => Promise<{ success: boolean }> }} [LOOKUP_LIMIT]
 * @property {Kv} [TOKENS]
 */

/**
 * @typedef {object} Kv
 * @property {GetText & GetBytes} get
 * @property {(name: string, value: string | ArrayBuffer, how: { expirationTtl: number }) =>
 *   Promise<void>} put
 * @typedef {(name: string, how: { cacheTtl: number }) => Promise<string | null>} GetText
 * @typedef {(name: string, how: { type: "arrayBuffer", cacheTtl: number }) =>
 *   Promise<ArrayBuffer | null>} GetBytes
 */

/**
 * @typedef {{ authentications: number, questions: number, token: string }} Upstream
 * @typedef {{ Bindings: Env, Variables: { requestId: string, upstream?: Upstream } }} Types
 * @typedef {HonoContext<Types>} Context
 * @typedef {"hub" | "cpay"} Service
 * @typedef {{ id: string, startedAt: number, seenAt: number }} Session
 * @typedef {{ who: string, session?: Session, expiresAt?: string }} Caller
 */

/**
 * What a service asks for with each question: the hub a token, cpay the rest.
 *
 * @typedef {object} Pass
 * @property {number} expiresAtMs
 * @property {string} [token]
 * @property {string} [cstId]
 * @property {string} [custKey]
 * @property {string} [authKey]
 * @property {string} [path]
 */

/** @type {Hono<Types>} */
const app = new Hono();

app.use(
  secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    crossOriginResourcePolicy: "same-origin",
    crossOriginOpenerPolicy: "same-origin",
    originAgentCluster: false,
    permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
    referrerPolicy: "no-referrer",
    strictTransportSecurity: "max-age=31536000",
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xFrameOptions: "DENY",
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  }),
);
app.use(async (context, next) => {
  const startedAtMs = Date.now();
  context.set("requestId", crypto.randomUUID());
  await next();
  context.header("Cache-Control", "no-store");
  context.header("X-Robots-Tag", "noindex, nofollow");
  const { pathname } = new URL(context.req.url);
  const { upstream } = context.var;
  console.log(
    JSON.stringify({
      event: "request",
      requestId: context.var.requestId,
      route: pathname.startsWith("/api/")
        ? pathname.slice(5)
        : pathname === "/healthz"
          ? "healthz"
          : "page",
      status: context.res.status,
      durationMs: Date.now() - startedAtMs,
      upstream,
    }),
  );
});

app.onError((error, context) => {
  const problem = error instanceof Problem ? error : Problem.of(error);
  return context.json(
    { ...problem.details, requestId: context.var.requestId },
    problem.details.status,
    {
      "Content-Type": "application/problem+json",
      ...problem.headers,
    },
  );
});
app.notFound((context) => {
  const isApi = new URL(context.req.url).pathname.startsWith("/api");
  if (!isApi && context.env.ASSETS) return context.env.ASSETS.fetch(context.req.raw);
  throw new Problem("not_found", 404, "there is nothing at this path");
});

app.get("/healthz", (context) => {
  const { PAYPLE_ENVIRONMENT, PAYPLE_CST_ID, PAYPLE_CUST_KEY } = context.env;
  const needed = { PAYPLE_ENVIRONMENT, PAYPLE_CST_ID, PAYPLE_CUST_KEY };
  const missing = Object.entries(needed).flatMap(([name, value]) => (value ? [] : [name]));
  if (missing.length > 0) throw new Problem("invalid_config", 503, `${missing.join(", ")} missing`);
  return context.json({ status: "ok", version: "0.1.0" });
});

const smallBody = bodyLimit({
  maxSize: 64 * 1024,
  onError() {
    throw new Problem("body_too_large", 413, "the body must not be larger than 65536 bytes");
  },
});

app.post("/api/session", smallBody, async (context) => {
  refuseCrossSite(context);
  const { token } = await body(context, z.strictObject({ token: z.string() }));
  await checkToken(context, token);
  const now = seconds();
  await setSession(context, {
    id: hex(crypto.getRandomValues(new Uint8Array(16))),
    startedAt: now,
    seenAt: now,
  });
  return context.body(null, 204);
});
app.get("/api/session", async (context) => {
  const caller = await callerOf(context);
  return context.json({
    environment: context.env.PAYPLE_ENVIRONMENT,
    method: "token",
    expiresAt: caller.expiresAt,
  });
});
app.delete("/api/session", async (context) => {
  refuseCrossSite(context);
  const session = await sessionOf(context);
  if (session)
    await context.env.TOKENS?.put(await endedEntry(context.env, session), "", {
      expirationTtl: WHOLE_S,
    });
  deleteCookie(context, COOKIE, { path: "/", secure: true, prefix: "host" });
  return context.body(null, 204);
});

app.post("/api/payout-requests", smallBody, async (context) => {
  const caller = await admit(context);
  const { groupKey } = await body(context, z.strictObject({ groupKey: key(64) }));
  return audited(context, caller, groupKey, async () => {
    const { bytes, token } = await ask(context, "hub", (pass) =>
      exchange(
        context,
        `${hubOf(context.env)}/request/result/group_key`,
        { ...pair(context.env), group_key: groupKey },
        { Authorization: `Bearer ${pass.token}` },
      ),
    );
    const { PAYPLE_CST_ID: cstId, PAYPLE_CUST_KEY: custKey } = context.env;
    const group = readGroup(bytes, groupKey, cstId, [custKey, cstId, token, groupKey]);
    return withFingerprint(group);
  });
});

/** A group with its fingerprint, by WebCrypto. */
async function withFingerprint(/** @type {Group} */ group) {
  const bytes = new TextEncoder().encode(canonical(group));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return {
    ...group,
    fingerprint: `v1:${hex(hash)}`,
  };
}

const text = z
  .union([z.string(), z.int().transform(String)])
  .nullish()
  .transform((value) => value ?? "");
const BillingReply = z.object({
  PCD_PAY_RST: text,
  PCD_PAY_CODE: text,
  PCD_PAY_MSG: text,
  PCD_PAY_TYPE: text,
  PCD_PAY_BANKACCTYPE: text,
  PCD_PAYER_ID: text,
  PCD_PAYER_NAME: text,
  PCD_PAYER_HP: text,
  PCD_PAY_CARD: text,
  PCD_PAY_CARDNAME: text,
  PCD_PAY_CARDNUM: text,
  PCD_PAY_ISTAX: text,
  PCD_PAY_BANK: text,
  PCD_PAY_BANKNAME: text,
  PCD_PAY_BANKNUM: text,
});

app.post("/api/billing-key", smallBody, async (context) => {
  const caller = await admit(context);
  const { payerId } = await body(context, z.strictObject({ payerId: key(255) }));
  return audited(context, caller, payerId, async () => {
    const { bytes } = await ask(context, "cpay", (pass) =>
      exchange(context, cpayOf(context.env) + pass.path, {
        PCD_CST_ID: pass.cstId,
        PCD_CUST_KEY: pass.custKey,
        PCD_AUTH_KEY: pass.authKey,
        PCD_PAYER_ID: payerId,
      }),
    );
    const reply = BillingReply.parse(JSON.parse(new TextDecoder().decode(bytes)));
    const message = words(reply.PCD_PAY_MSG, [payerId]);
    if (reply.PCD_PAY_RST !== "success" || reply.PCD_PAY_CODE !== "0000") {
      throw new Problem("rejected", 422, message, { code: reply.PCD_PAY_CODE, phase: "lookup" });
    }
    if (reply.PCD_PAYER_ID !== payerId)
      throw new Problem("protocol", 502, "the reply is about another billing key");
    return {
      ...methodOf(reply),
      payerId,
      payerName: reply.PCD_PAYER_NAME || undefined,
      payerPhone: reply.PCD_PAYER_HP || undefined,
      ownerType: reply.PCD_PAY_BANKACCTYPE || undefined,
      code: "0000",
      message,
    };
  });
});

function methodOf(/** @type {z.output<typeof BillingReply>} */ reply) {
  switch (reply.PCD_PAY_TYPE) {
    case "card": {
      /** @type {Record<string, boolean>} */
      const answers = { Y: true, N: false };
      const taxable = answers[reply.PCD_PAY_ISTAX];
      return {
        type: "card",
        card: {
          code: reply.PCD_PAY_CARD,
          name: reply.PCD_PAY_CARDNAME,
          number: reply.PCD_PAY_CARDNUM,
        },
        taxable,
      };
    }
    case "transfer":
      return {
        type: "transfer",
        bank: {
          code: reply.PCD_PAY_BANK,
          name: reply.PCD_PAY_BANKNAME,
          number: reply.PCD_PAY_BANKNUM,
        },
      };
    default:
      return { type: "other", rawType: reply.PCD_PAY_TYPE };
  }
}

export default app;

// ---- what a request passes ----

async function admit(/** @type {Context} */ context) {
  refuseCrossSite(context);
  const caller = await callerOf(context);
  if (!(await isWithinLimit(context.env, caller.who))) throw tooMany();
  if (caller.session && seconds() >= caller.session.seenAt + RENEW_AFTER_S)
    await setSession(context, { ...caller.session, seenAt: seconds() });
  return caller;
}

/** @returns {Promise<Caller>} */
async function callerOf(/** @type {Context} */ context) {
  if (!context.env.ADMIN_TOKEN)
    throw new Problem("sign_in_not_configured", 503, "no way to sign in is configured");
  const authorization = context.req.header("Authorization");
  if (authorization !== undefined) {
    await checkToken(context, /^Bearer +(.*)$/i.exec(authorization)?.[1].trim() ?? "");
    return { who: "token" };
  }
  const session = await sessionOf(context);
  if (session)
    return {
      who: `session ${session.id.slice(0, 8)}`,
      session,
      expiresAt: new Date((session.seenAt + IDLE_S) * 1_000).toISOString(),
    };
  throw new Problem(
    "not_signed_in",
    401,
    "sign in, or send Authorization: Bearer with the admin token",
    {},
    { "WWW-Authenticate": "Bearer" },
  );
}

/**
 * WebCrypto as workerd has it.
 *
 * @typedef {SubtleCrypto & { timingSafeEqual: (a: ArrayBuffer, b: ArrayBuffer) => boolean }}
 *   WorkersCrypto
 */

async function checkToken(/** @type {Context} */ context, /** @type {string} */ given) {
  const { ADMIN_TOKEN } = context.env;
  const guesser = `sign-in ${context.req.header("CF-Connecting-IP") ?? "unknown"}`;
  if (!(await isWithinLimit(context.env, guesser))) throw tooMany();
  const [ours, theirs] = await Promise.all(
    [ADMIN_TOKEN, given].map((token) => crypto.subtle.digest("SHA-256", utf8(token))),
  );
  if (!(/** @type {WorkersCrypto} */ (crypto.subtle).timingSafeEqual(ours, theirs))) {
    context.executionCtx.waitUntil(
      Promise.all(Array.from({ length: 9 }, () => isWithinLimit(context.env, guesser))),
    );
    throw new Problem(
      "not_signed_in",
      401,
      "the admin token is wrong",
      {},
      { "WWW-Authenticate": "Bearer" },
    );
  }
}

function refuseCrossSite(/** @type {Context} */ context) {
  if (context.req.header("Authorization") !== undefined) return;
  const site = context.req.header("Sec-Fetch-Site");
  const origin = context.req.header("Origin");
  const isOurs =
    site !== undefined
      ? site === "same-origin"
      : origin !== undefined
        ? origin === new URL(context.req.url).origin
        : !context.req.header("Cookie");
  if (!isOurs)
    throw new Problem(
      "cross_site",
      403,
      "only a page of this origin may ask this without a Bearer token",
    );
}

async function isWithinLimit(/** @type {Env} */ env, /** @type {string} */ key) {
  if (!env.LOOKUP_LIMIT) return true;
  return (await env.LOOKUP_LIMIT.limit({ key }).catch(() => ({ success: true }))).success;
}

function tooMany() {
  return new Problem(
    "rate_limited",
    429,
    "the limit for one caller is reached; wait a minute",
    {},
    { "Retry-After": "60" },
  );
}

/**
 * @template T
 * @param {Context} context
 * @param {z.ZodType<T>} schema
 */
async function body(context, schema) {
  const isJson =
    context.req.header("Content-Type")?.split(";")[0].trim().toLowerCase() === "application/json";
  if (!isJson)
    throw new Problem("not_json", 415, "the body must be sent with Content-Type: application/json");
  const json = await context.req.json().catch(() => {
    throw new Problem("invalid_input", 400, "the body is not JSON");
  });
  const { success, data } = schema.safeParse(json);
  if (!success) throw new Problem("invalid_input", 400, "the body is not of the form described");
  return data;
}

function key(/** @type {number} */ maxChars) {
  return z
    .string()
    .min(1)
    .max(maxChars)
    .regex(/^[^\s\p{Cc}]+$/u);
}

/**
 * @param {Context} context
 * @param {Caller} caller
 * @param {string} asked
 * @param {() => Promise<object>} lookUp
 */
async function audited(context, caller, asked, lookUp) {
  const what = hex(
    new Uint8Array(
      await crypto.subtle.sign(
        "HMAC",
        await derived(context.env, "PAYPLE_CUST_KEY", "audit"),
        utf8(asked),
      ),
    ).slice(0, 16),
  );
  const route = new URL(context.req.url).pathname.slice(5);
  const line = (/** @type {string} */ outcome) =>
    console.log(
      JSON.stringify({
        event: "audit",
        requestId: context.var.requestId,
        who: caller.who,
        route,
        what,
        outcome,
      }),
    );
  try {
    const answer = await lookUp();
    line("ok");
    return context.json(answer);
  } catch (error) {
    line(/** @type {{ kind?: string }} */ (error).kind ?? "internal");
    throw error;
  }
}

// ---- Payple ----

/**
 * Passes in this isolate, by service.
 *
 * @type {Partial<Record<Service, Pass>>}
 */
const passes = {};

/**
 * Asks with the pass in hand, the one in KV or a new one; once again with a new one where it is
 * refused.
 *
 * @param {Context} context
 * @param {Service} service
 * @param {(pass: Pass) => Promise<{ status: number, bytes: ArrayBuffer }>} send
 */
async function ask(context, service, send) {
  const upstream = { authentications: 0, questions: 0, token: "memory" };
  context.set("upstream", upstream);
  for (let isSecondTry = false; ; isSecondTry = true) {
    const pass = await passOf(context, service, isSecondTry, upstream);
    upstream.questions += 1;
    const { status, bytes } = await send(pass);
    if (status === 401 && !isSecondTry) {
      delete passes[service];
      continue;
    }
    return { bytes, token: pass.token ?? "" };
  }
}

/**
 * @param {Context} context
 * @param {Service} service
 * @param {boolean} isFresh
 * @param {Upstream} upstream
 * @returns {Promise<Pass>}
 */
async function passOf(context, service, isFresh, upstream) {
  const held = passes[service];
  if (held && Date.now() < held.expiresAtMs) return held;
  const { TOKENS } = context.env;
  const kept = isFresh
    ? undefined
    : await TOKENS?.get(`pass/${service}`, { type: "arrayBuffer", cacheTtl: 30 }).catch(
        () => undefined,
      );
  const opened = kept && (await unseal(context.env, kept).catch(() => undefined));
  if (opened && Date.now() < opened.expiresAtMs) {
    upstream.token = "kv";
    passes[service] = opened;
    return opened;
  }
  upstream.token = "new";
  upstream.authentications += 1;
  const pass = await (service === "hub" ? authenticateAtHub(context) : authenticateAtCpay(context));
  passes[service] = pass;
  const expirationTtl = Math.max(60, Math.ceil((pass.expiresAtMs - Date.now()) / 1_000));
  context.executionCtx.waitUntil(
    seal(context.env, pass)
      .then((sealed) => TOKENS?.put(`pass/${service}`, sealed, { expirationTtl }))
      .catch(() => {}),
  );
  return pass;
}

/** @returns {Promise<Pass>} */
async function authenticateAtHub(/** @type {Context} */ context) {
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  const code = `a1${[...crypto.getRandomValues(new Uint8Array(8))].map((byte) => letters[byte % 36]).join("")}`;
  const askedAtMs = Date.now();
  const { bytes } = await exchange(context, `${hubOf(context.env)}/oauth/token`, {
    ...pair(context.env),
    code,
  });
  const reply = JSON.parse(new TextDecoder().decode(bytes));
  if (reply.result !== "T0000")
    throw new Problem("authentication", 502, `Payple refused the partner: [${reply.result}]`, {
      code: reply.result,
      phase: "token",
    });
  if (reply.code !== code)
    throw new Problem("protocol", 502, "the token reply does not echo the code");
  return {
    token: reply.access_token,
    expiresAtMs: askedAtMs + Math.min(Number(reply.expires_in) || 0, 60) * 900,
  };
}

/** @returns {Promise<Pass>} */
async function authenticateAtCpay(/** @type {Context} */ context) {
  const askedAtMs = Date.now();
  const { cst_id, custKey } = pair(context.env);
  const { bytes } = await exchange(context, `${cpayOf(context.env)}/php/auth.php`, {
    cst_id,
    custKey,
    PCD_PAY_WORK: "PUSERINFO",
  });
  const reply = JSON.parse(new TextDecoder().decode(bytes));
  if (reply.result !== "success")
    throw new Problem("authentication", 502, words(reply.result_msg ?? "", [custKey]), {
      phase: "token",
    });
  const url = new URL(reply.PCD_PAY_HOST + reply.PCD_PAY_URL);
  if (url.origin !== new URL(cpayOf(context.env)).origin)
    throw new Problem("protocol", 502, "the reply points to a foreign address");
  return {
    cstId: reply.cst_id,
    custKey: reply.custKey,
    authKey: reply.AuthKey,
    path: url.pathname + url.search,
    expiresAtMs: askedAtMs + 25 * 60_000,
  };
}

/**
 * @param {Context} context
 * @param {string} url
 * @param {object} fields
 * @param {Record<string, string>} [headers]
 */
async function exchange(context, url, fields, headers) {
  /** @type {RequestInit} */
  const request = {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "Cache-Control": "no-cache",
      ...(context.env.PAYPLE_REFERER && { Referer: context.env.PAYPLE_REFERER }),
      ...headers,
    },
    body: JSON.stringify(fields),
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
  };
  const response = await (context.env.PAYPLE_EGRESS ?? globalThis).fetch(url, request);
  return { status: response.status, bytes: await response.arrayBuffer() };
}

function pair(/** @type {Env} */ env) {
  return {
    cst_id: env.PAYPLE_HUB_CST_ID ?? env.PAYPLE_CST_ID,
    custKey: env.PAYPLE_HUB_CUST_KEY ?? env.PAYPLE_CUST_KEY,
  };
}

function hubOf(/** @type {Env} */ env) {
  return (
    env.PAYPLE_HUB_ORIGIN ??
    (env.PAYPLE_ENVIRONMENT === "live" ? "https://hub.payple.kr" : "https://demohub.payple.kr")
  );
}

function cpayOf(/** @type {Env} */ env) {
  return (
    env.PAYPLE_CPAY_ORIGIN ??
    (env.PAYPLE_ENVIRONMENT === "live" ? "https://cpay.payple.kr" : "https://democpay.payple.kr")
  );
}

// ---- sessions, seals, keys ----

const COOKIE = "payple-edge";
const IDLE_S = 30 * 60;
const WHOLE_S = 8 * 60 * 60;
const RENEW_AFTER_S = 60;

/** @returns {Promise<Session | undefined>} */
async function sessionOf(/** @type {Context} */ context) {
  const [version, id, startedAt, seenAt, signature] = (
    getCookie(context, COOKIE, "host") ?? ""
  ).split(".");
  if (version !== "1" || !signature) return undefined;
  const session = { id, startedAt: Number(startedAt), seenAt: Number(seenAt) };
  const isSigned = await crypto.subtle.verify(
    "HMAC",
    await derived(context.env, "ADMIN_TOKEN", "session"),
    fromHex(signature),
    utf8(`1.${id}.${startedAt}.${seenAt}`),
  );
  const isAlive = seconds() < Math.min(session.seenAt + IDLE_S, session.startedAt + WHOLE_S);
  if (!isSigned || !isAlive) return undefined;
  const ended = await context.env.TOKENS?.get(await endedEntry(context.env, session), {
    cacheTtl: 30,
  });
  return typeof ended === "string" ? undefined : session;
}

async function setSession(
  /** @type {Context} */ context,
  /** @type {Session} */ { id, startedAt, seenAt },
) {
  const claim = `1.${id}.${startedAt}.${seenAt}`;
  const signature = await crypto.subtle.sign(
    "HMAC",
    await derived(context.env, "ADMIN_TOKEN", "session"),
    utf8(claim),
  );
  setCookie(context, COOKIE, `${claim}.${hex(new Uint8Array(signature))}`, {
    prefix: "host",
    path: "/",
    httpOnly: true,
    secure: true,
    sameSite: "Strict",
    maxAge: IDLE_S,
  });
}

async function endedEntry(/** @type {Env} */ env, /** @type {Session} */ session) {
  return `ended/${hex(new Uint8Array(await crypto.subtle.sign("HMAC", await derived(env, "ADMIN_TOKEN", "session"), utf8(`ended ${session.id}`))))}`;
}

async function seal(/** @type {Env} */ env, /** @type {Pass} */ pass) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv },
    await derived(env, "PAYPLE_CUST_KEY", "pass"),
    utf8(JSON.stringify(pass)),
  );
  return new Blob([iv, sealed]).arrayBuffer();
}

/** @returns {Promise<Pass>} */
async function unseal(/** @type {Env} */ env, /** @type {ArrayBuffer} */ bytes) {
  const key = await derived(env, "PAYPLE_CUST_KEY", "pass");
  return JSON.parse(
    new TextDecoder().decode(
      await crypto.subtle.decrypt(
        { name: "AES-GCM", iv: bytes.slice(0, 12) },
        key,
        bytes.slice(12),
      ),
    ),
  );
}

/**
 * Keys in this isolate, by what they are for.
 *
 * @type {Map<string, CryptoKey>}
 */
const keys = new Map();

/**
 * @param {Env} env
 * @param {"ADMIN_TOKEN" | "PAYPLE_CUST_KEY"} setting
 * @param {string} purpose
 */
async function derived(env, setting, purpose) {
  const name = `${purpose} ${env[setting]}`;
  let key = keys.get(name);
  if (!key) {
    const root = await crypto.subtle.importKey("raw", utf8(env[setting]), "HKDF", false, [
      "deriveKey",
    ]);
    const how = { name: "HKDF", hash: "SHA-256", salt: utf8("peer"), info: utf8(purpose) };
    /** @type {[kind: AesKeyGenParams | HmacKeyGenParams, usages: KeyUsage[]]} */
    const [kind, usages] =
      purpose === "pass"
        ? [{ name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]]
        : [{ name: "HMAC", hash: "SHA-256", length: 256 }, ["sign", "verify"]];
    key = await crypto.subtle.deriveKey(how, root, kind, false, usages);
    keys.set(name, key);
  }
  return key;
}

class Problem extends Error {
  /**
   * @param {string} kind
   * @param {ContentfulStatusCode} status
   * @param {string} detail
   * @param {{ code?: string, phase?: string }} [more]
   * @param {Record<string, string>} [headers]
   */
  constructor(kind, status, detail, more = {}, headers = {}) {
    super(detail);
    this.kind = kind;
    this.details = {
      type: `urn:payple-edge:problem:${kind}`,
      title: kind.replaceAll("_", " "),
      status,
      detail,
      kind,
      ...more,
    };
    this.headers = headers;
  }

  /**
   * What another error comes to: LookupError, or one of the platform's.
   *
   * @param {Error & { kind?: string, code?: string, phase?: string }} error
   */
  static of(error) {
    if (error.name === "TimeoutError")
      return new Problem("timeout", 504, "Payple did not answer in time");
    const { kind = "" } = error;
    const status = STATUSES[kind];
    return status
      ? new Problem(kind, status, error.message, { code: error.code, phase: error.phase })
      : new Problem("internal", 500, "a fault of this Worker's own");
  }
}

/** @type {Record<string, ContentfulStatusCode>} */
const STATUSES = { invalid_input: 400, rejected: 422, protocol: 502, authentication: 502 };

function utf8(/** @type {string} */ text) {
  return new TextEncoder().encode(text);
}

function hex(/** @type {Uint8Array} */ bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(/** @type {string} */ text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function seconds() {
  return Math.floor(Date.now() / 1_000);
}
