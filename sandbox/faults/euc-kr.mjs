// Writing EUC-KR, which Node can read but not write.

/** The bytes of each letter, read once. @type {Map<string, Buffer> | undefined} */
let codes;

/** @param {string} text @returns {Buffer} */
export function toEucKr(text) {
  codes ??= readCodes();
  const known = codes;
  return Buffer.concat(
    Array.from(text, (letter) => known.get(letter) ?? Buffer.from(letter, "utf8")),
  );
}

/** The table read backwards: every pair of bytes that decodes to a letter. */
function readCodes() {
  const decoder = new TextDecoder("euc-kr");
  /** @type {Map<string, Buffer>} */
  const found = new Map();
  for (let lead = 0xa1; lead <= 0xfe; lead += 1) {
    for (let trail = 0xa1; trail <= 0xfe; trail += 1) {
      const pair = Buffer.from([lead, trail]);
      const letter = decoder.decode(pair);
      if (letter.length === 1 && letter !== "\ufffd") found.set(letter, pair);
    }
  }
  return found;
}
