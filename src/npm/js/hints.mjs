// What to do about an error of which nothing more is known than its kind.

/**
 * Runs `act`; a PaypleError that it throws has a hint in both languages.
 * @template T
 * @param {() => T} act
 * @returns {T}
 */
export function hinted(act) {
  try {
    return act();
  } catch (error) {
    throw withHint(error);
  }
}

/**
 * The same error, with advice by its kind where it has none of its own.
 * @template E
 * @param {E} error
 * @returns {E}
 */
export function withHint(error) {
  const details = /** @type {{ kind?: string, hint?: string } | null | undefined} */ (error);
  const [hint, hintKo] = HINTS[details?.kind ?? ""] ?? [];
  if (details && hint !== undefined && details.hint === undefined)
    Object.assign(details, { hint, hintKo });
  return error;
}

/** By kind: in English, in Korean. @type {Record<string, [string, string]>} */
const HINTS = {
  invalid_config: [
    "Correct the option that the message names.",
    "메시지에 나온 옵션을 바로잡으세요.",
  ],
  invalid_input: ["Correct the value that the message names.", "메시지에 나온 값을 바로잡으세요."],
  authentication: [
    "Payple refused the credentials. Check cstId, custKey and environment; the code tells more.",
    "페이플이 인증을 거부했습니다. cstId, custKey, environment를 확인하세요. 자세한 이유는 code에 있습니다.",
  ],
  rejected: [
    "Payple refused this look-up. Check the key that was asked for; the code tells more.",
    "페이플이 조회를 거부했습니다. 조회한 키를 확인하세요. 자세한 이유는 code에 있습니다.",
  ],
  unavailable: [
    "Payple could not be reached or cannot answer now. Try again later.",
    "페이플에 연결할 수 없거나 지금은 응답할 수 없는 상태입니다. 잠시 후 다시 시도하세요.",
  ],
  timeout: [
    "There was no answer in time. Try again; where it happens often, allow more by timeoutMs.",
    "제한 시간 안에 응답이 없었습니다. 다시 시도하고, 자주 발생하면 timeoutMs를 늘리세요.",
  ],
  aborted: [
    "The caller's signal ended the look-up; its reason is the cause.",
    "호출한 쪽의 signal이 조회를 중단했습니다. 이유는 cause에 있습니다.",
  ],
  protocol: [
    "The reply is not what Payple's documents say. Where origins leads to a relay, check that it passes replies on unchanged.",
    "응답이 페이플 문서와 다릅니다. origins가 중계 서버를 가리킨다면 응답을 그대로 전달하는지 확인하세요.",
  ],
  internal: [
    "This is a fault of payple-edge; please report it.",
    "payple-edge의 오류입니다. 알려 주시기 바랍니다.",
  ],
};
