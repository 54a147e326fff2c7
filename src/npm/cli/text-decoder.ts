// TextDecoder as browsers have it. Node's `euc-kr` is not the whole of CP949, which the same label
// means on the web and which Excel writes: it lacks 8,822 Hangul syllables (똠, 뷁) and two signs.
// Takes the place of the global in the bundle.

const Native = globalThis.TextDecoder;

export class TextDecoder {
  readonly #native: InstanceType<typeof Native>;
  readonly #isKorean: boolean;
  readonly #isFatal: boolean;

  constructor(label = "utf-8", options: { fatal?: boolean } = {}) {
    this.#native = new Native(label, options);
    this.#isKorean = this.#native.encoding === "euc-kr";
    this.#isFatal = options.fatal === true;
  }

  decode(bytes: Uint8Array): string {
    return this.#isKorean ? decodeCp949(bytes, this.#isFatal) : this.#native.decode(bytes);
  }
}

function decodeCp949(bytes: Uint8Array, isFatal: boolean): string {
  const table = cp949();
  let text = "";
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) {
      text += String.fromCharCode(byte);
      continue;
    }
    const character = table.get((byte << 8) | (bytes[at + 1] ?? 0));
    if (character !== undefined) at += 1;
    else if (isFatal) throw new TypeError("the bytes are not CP949");
    text += character ?? "\ufffd";
  }
  return text;
}

let made: Map<number, string> | undefined;

/** Every character of two bytes, by these. */
function cp949(): Map<number, string> {
  if (made) return made;
  made = new Map([
    [0xa2e6, "€"],
    [0xa2e7, "®"],
  ]);
  const decoder = new Native("euc-kr");
  const inStandard = new Set<string>();
  for (let lead = 0xa1; lead <= 0xfe; lead += 1) {
    for (let trail = 0xa1; trail <= 0xfe; trail += 1) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      // Rows for private use, which no font shows, are left out.
      if (!/^[^\ufffd\ue000-\uf8ff]$/.test(character)) continue;
      made.set((lead << 8) | trail, character);
      inStandard.add(character);
    }
  }
  // CP949 has the other syllables in the order of Unicode, in the places that EUC-KR leaves free.
  const places = placesLeft();
  for (let code = 0xac00; code <= 0xd7a3; code += 1) {
    const syllable = String.fromCharCode(code);
    if (inStandard.has(syllable)) continue;
    const { value: place } = places.next();
    if (place !== undefined) made.set(place, syllable);
  }
  return made;
}

function* placesLeft(): Generator<number, undefined> {
  for (let lead = 0x81; lead <= 0xc6; lead += 1) {
    for (let trail = 0x41; trail <= (lead < 0xa1 ? 0xfe : 0xa0); trail += 1) {
      const isLetter = (trail >= 0x41 && trail <= 0x5a) || (trail >= 0x61 && trail <= 0x7a);
      if (isLetter || trail >= 0x81) yield (lead << 8) | trail;
    }
  }
  return undefined;
}
