// What to do about a failed `fetch`, by the transport's own error: the name was not found, TLS was
// refused, nobody listens.
//
// Node and Bun say it by a code, mostly of a cause or of one of several errors; Deno in words.

/**
 * @param {unknown} error what `fetch` failed with
 * @returns {{ hint: string, hintKo: string } | undefined}
 */
export function transportHint(error) {
  try {
    const told = [...errorsIn(error)];
    return HINTS.find(({ codes, words }) =>
      told.some(({ code, message }) => codes?.test(String(code)) || words.test(String(message))),
    )?.hints;
  } catch {
    // A fetch of the user's own may fail with anything, also with what cannot be read.
    return undefined;
  }
}

/**
 * An error, what it comes from, and that one's own causes.
 * @param {unknown} error
 * @returns {Generator<TransportError>}
 */
function* errorsIn(error, depth = 0) {
  if (error === null || typeof error !== "object" || depth > MAX_DEPTH) return;
  const told = /** @type {TransportError} */ (error);
  yield told;
  yield* errorsIn(told.cause, depth + 1);
  for (const one of Array.isArray(told.errors) ? told.errors : []) yield* errorsIn(one, depth + 1);
}

/**
 * What runtimes put into the error of a failed `fetch`.
 * @typedef {{ code?: unknown, message?: unknown, cause?: unknown, errors?: unknown }}
 *   TransportError
 */

const MAX_DEPTH = 4;

const HINTS = [
  {
    words: /^the option fetch gave /,
    hints: {
      hint: "The option fetch must resolve to a Response, or to what FetchLikeResponse says: status, headers with get(), and a body of bytes. A mock of your tests may give less.",
      hintKo:
        "fetch 옵션은 Response 또는 FetchLikeResponse 형식(status, get()이 있는 headers, 바이트 본문)으로 응답해야 합니다. 테스트의 모의(mock) 응답이 이 형식을 갖추지 못했을 수 있습니다.",
    },
  },
  {
    codes: /^(UND_MOCK_ERR_|ERR_NOCK_)/,
    words: /^\[MSW\]|\bnock\b|MockAgent|Mock dispatch not matched/i,
    hints: {
      hint: "A mock of your tests has no reply for this request. mockPayple() of payple-edge/sandbox plays Payple's addresses in MSW; startSandbox() with the option origins needs no mock.",
      hintKo:
        "테스트의 모의(mock) 설정에 이 요청의 응답이 없습니다. payple-edge/sandbox의 mockPayple()로 MSW에서 페이플 주소를 흉내 내거나, startSandbox()와 origins 옵션을 사용하세요.",
    },
  },
  {
    codes: /^(ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL|UND_ERR_DNS\w*)$/,
    words: /\bdns error\b|getaddrinfo|name or service not known/i,
    hints: {
      hint: "The host name was not found (DNS). Check the network's name resolution, a proxy that is needed, and the option origins.",
      hintKo:
        "호스트 이름을 찾지 못했습니다(DNS). 네트워크의 이름 해석과 프록시 설정, origins 옵션을 확인하세요.",
    },
  },
  {
    codes: /CERT|^(ERR_TLS_|ERR_SSL_|SSL_|EPROTO$|UNABLE_TO_)/,
    words: /certificate|\b(tls|ssl)\b/i,
    hints: {
      hint: "TLS failed: the other side's certificate is not trusted, or something between answers in its place. Check a company proxy's certificate (NODE_EXTRA_CA_CERTS) and the clock; do not switch the check off.",
      hintKo:
        "TLS 연결에 실패했습니다. 인증서를 신뢰할 수 없거나 중간 장비가 대신 응답했습니다. 사내 프록시 인증서(NODE_EXTRA_CA_CERTS)와 서버 시각을 확인하고, 인증서 검증은 끄지 마세요.",
    },
  },
  {
    codes: /^(ECONNREFUSED|ConnectionRefused|ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL)$/,
    words: /connection refused|network (is )?unreachable|no route to host/i,
    hints: {
      hint: "Nobody answers at this address, or a firewall stands between. Check the outgoing rules for Payple's hosts and the option origins; a sandbox must be running.",
      hintKo:
        "이 주소에서 연결을 받지 않거나 방화벽이 막고 있습니다. 페이플 호스트로 나가는 규칙과 origins 옵션을 확인하세요. 샌드박스라면 실행 중이어야 합니다.",
    },
  },
  {
    codes: /^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/,
    words: /connect(ion)? time(d )?out/i,
    hints: {
      hint: "The connection was not made in time: mostly a firewall that drops what is sent. Check the outgoing rules for Payple's hosts.",
      hintKo:
        "제한 시간 안에 연결되지 않았습니다. 방화벽이 패킷을 버리는 경우가 많습니다. 페이플 호스트로 나가는 규칙을 확인하세요.",
    },
  },
  {
    codes:
      /^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|ERR_STREAM_PREMATURE_CLOSE|ConnectionClosed)$/,
    words: /connection (was )?(closed|reset)|other side closed|premature close|socket hang up/i,
    hints: {
      hint: "The connection broke off before the reply was whole. That mostly passes; a relay or firewall with a short idle limit does it again and again.",
      hintKo:
        "응답이 끝나기 전에 연결이 끊겼습니다. 대개 일시적이지만, 중계 서버나 방화벽의 유휴 시간 제한이 짧으면 반복됩니다.",
    },
  },
  {
    words: /cross-origin request blocked|same origin policy/i,
    hints: {
      hint: "The fetch here applies a web page's rules of origin, as happy-dom does in tests. A back end has no origin: use the test environment node, or switch the rule off (happy-dom: settings.fetch.disableSameOriginPolicy).",
      hintKo:
        "이 환경의 fetch가 웹 페이지의 출처 규칙을 적용하고 있습니다(테스트의 happy-dom 등). 서버 코드에는 출처가 없으므로 테스트 환경을 node로 바꾸거나 규칙을 끄세요(happy-dom: settings.fetch.disableSameOriginPolicy).",
    },
  },
  {
    words: /bad port|Requests to port \d+ are blocked/i,
    hints: {
      hint: "fetch refuses this port by the web's own rules. Choose another one in the option origins.",
      hintKo:
        "fetch가 웹 표준에 따라 이 포트를 거부합니다. origins 옵션에서 다른 포트를 사용하세요.",
    },
  },
];
