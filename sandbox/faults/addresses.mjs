// Faults of the address that cpay tells a client to call: hostile hosts, odd paths, missing parts.

import { define } from "./definition.mjs";

/**
 * What a reply to an authentication says of the address, and what a fault makes of that;
 * `undefined` leaves a field out of the JSON text.
 * @import { Context, Expectation, Outline } from "./definition.mjs"
 * @typedef {{ PCD_PAY_HOST: string, PCD_PAY_URL: string, return_url: string }} Address
 * @typedef {{ [Field in keyof Address]?: string | undefined }} Changed
 * @typedef {(body: Address, context: Context) => Changed} Change
 */

/*
 * The AuthKey goes to that address, so a client must refuse every one that is not the service it is
 * configured for. Wherever a loopback spelling exists, the hostile address leads to the trap, which
 * proves what was sent.
 */

const hostFaults = [
  host("OTHER", "another host", ({ trapPort }) => `http://localhost:${trapPort}`),
  host(
    "OTHER_PORT",
    "the same host, another port",
    ({ ownName, trapPort }) => `http://${ownName}:${trapPort}`,
  ),
  host(
    "OTHER_SCHEME",
    "the same host with the other of `http` and `https`",
    ({ scheme, own }) => `${scheme === "http:" ? "https:" : "http:"}//${own}`,
  ),
  host(
    "USERINFO",
    "the right host as the user of another one",
    ({ own, trapHost }) => `http://${own}@${trapHost}`,
  ),
  host(
    "USERINFO_OWN",
    "the right host with a user and password",
    ({ scheme, own }) => `${scheme}//user:password@${own}`,
  ),
  host("IPV6", "an IPv6 address", ({ trapPort }) => `http://[::ffff:127.0.0.1]:${trapPort}`),
  host(
    "DECIMAL",
    "an IPv4 address as one number",
    ({ trapPort }) => `http://2130706433:${trapPort}`,
  ),
  // Cyrillic а in "payple", as its punycode; `.example` never resolves.
  host("PUNYCODE", "a punycode look-alike", () => "http://democpay.xn--pyple-4ve.example"),
  host("UNICODE", "a look-alike in other digits", ({ trapPort }) => `http://①②⑦.⓪.⓪.①:${trapPort}`),
  host(
    "TRAILING_DOT",
    "a host name with a dot behind it",
    ({ trapPort }) => `http://localhost.:${trapPort}`,
  ),
  host(
    "PREFIX",
    "a longer name that starts with the right host",
    ({ ownName, own }) => `http://${ownName}.example${own.slice(ownName.length)}`,
  ),
  host(
    "BACKSLASH",
    "two hosts, and parsers disagree on which one",
    ({ own, trapHost }) => `http://${trapHost}\\@${own}`,
  ),
  host("FILE", "a `file:` address", () => "file:///etc"),
  host("WORDS", "a text that is no address", () => "democpay"),
];

const pathFaults = [
  ok("PATH_ABSOLUTE", "`PCD_PAY_URL` is the whole address", (body) => ({
    PCD_PAY_URL: body.return_url,
  })),
  ok("PATH_WITHOUT_SLASH", "`PCD_PAY_URL` without its leading slash", (body) => ({
    PCD_PAY_URL: body.PCD_PAY_URL.slice(1),
  })),
  refused(
    "PATH_ABSOLUTE_ELSEWHERE",
    "`PCD_PAY_URL` is a whole address of another host",
    (body, { trapHost }) => {
      const elsewhere = `http://${trapHost}${body.PCD_PAY_URL}`;
      return { PCD_PAY_URL: elsewhere, return_url: elsewhere };
    },
  ),
  refused(
    "PATH_DOUBLE_SLASH",
    "`PCD_PAY_URL` starts with `//` and another host",
    (body, { trapHost }) => joined(body, `//${trapHost}${body.PCD_PAY_URL}`),
  ),
  refused("PATH_AT", "`PCD_PAY_URL` starts with `@` and another host", (body, { trapHost }) =>
    joined(body, `@${trapHost}${body.PCD_PAY_URL}`),
  ),
  refused("PATH_DOTS", "`PCD_PAY_URL` leads out of `/php/` by dot segments", (body) =>
    joined(body, `/php/../admin${body.PCD_PAY_URL}`),
  ),
  refused("PATH_OUTSIDE", "`PCD_PAY_URL` is no script below `/php/`", (body) =>
    joined(body, "/admin/export?ACT_=PUSERINFO"),
  ),
  ok("RETURN_URL_ONLY", "`return_url` alone, the other two are missing", () => ({
    PCD_PAY_HOST: undefined,
    PCD_PAY_URL: undefined,
  })),
  ok("HOST_MISSING", "no `PCD_PAY_HOST`, but a `return_url`", () => ({ PCD_PAY_HOST: undefined })),
  refused(
    "RETURN_URL_ONLY_ELSEWHERE",
    "a `return_url` of another host alone",
    (body, { trapHost }) => ({
      PCD_PAY_HOST: undefined,
      PCD_PAY_URL: undefined,
      return_url: `http://${trapHost}${body.PCD_PAY_URL}`,
    }),
  ),
  ok(
    "RETURN_URL_ELSEWHERE",
    "`return_url` on another host, the two parts are right",
    (body, { trapHost }) => ({
      return_url: `http://${trapHost}${body.PCD_PAY_URL}`,
    }),
  ),
  refused("ADDRESS_MISSING", "no address at all", () => ({
    PCD_PAY_HOST: undefined,
    PCD_PAY_URL: undefined,
    return_url: undefined,
  })),
];

export const addressFaults = define({ at: ["auth"] }, [...hostFaults, ...pathFaults]);

/**
 * @param {string} name
 * @param {string} what
 * @param {(context: Context) => string} hostileHost
 */
function host(name, what, hostileHost) {
  return refused(`HOST_${name}`, `\`PCD_PAY_HOST\` is ${what}`, (body, context) => {
    const hostile = hostileHost(context);
    return { PCD_PAY_HOST: hostile, return_url: hostile + body.PCD_PAY_URL };
  });
}

/**
 * @param {Address} body
 * @param {string} path
 */
function joined(body, path) {
  return { PCD_PAY_URL: path, return_url: body.PCD_PAY_HOST + path };
}

/**
 * @param {string} name
 * @param {string} describes
 * @param {Change} changes
 */
function refused(name, describes, changes) {
  return address(name, describes, { kind: "protocol", note: "nothing is sent there" }, changes);
}

/**
 * @param {string} name
 * @param {string} describes
 * @param {Change} changes
 */
function ok(name, describes, changes) {
  return address(name, describes, { kind: "ok" }, changes);
}

/**
 * @param {string} name
 * @param {string} describes
 * @param {Expectation} expectation
 * @param {Change} changes
 * @returns {Outline}
 */
function address(name, describes, expectation, changes) {
  return {
    name,
    describes,
    ...expectation,
    edit: (body, context) => ({ ...body, ...changes(body, context) }),
  };
}
