// The versions of other libraries' functions that a shared library of Linux (ELF, 64 bit, little
// endian) asks for.

/**
 * The same library, for which these versions may be missing where it is loaded: their functions
 * then come from any library that has them by name.
 * @param {Buffer} library @param {string[]} versions
 */
export function withOptionalVersions(library, versions) {
  const bytes = Buffer.from(library);
  const sections = sectionsOf(bytes);
  const needed = sections.find(({ type }) => type === SHT_GNU_VERNEED);
  const names = sections[needed?.link ?? -1];
  if (!needed || !names) throw new Error("the library asks for no versions");
  const nameAt = (/** @type {number} */ offset) => {
    const from = names.offset + offset;
    return bytes.toString("latin1", from, bytes.indexOf(0, from));
  };
  for (let n = 0, at = needed.offset; n < needed.info; n += 1) {
    const count = bytes.readUInt16LE(at + 2);
    for (let m = 0, entry = at + bytes.readUInt32LE(at + 8); m < count; m += 1) {
      const flags = bytes.readUInt16LE(entry + 4);
      if (versions.includes(nameAt(bytes.readUInt32LE(entry + 8))))
        bytes.writeUInt16LE(flags | VER_FLG_WEAK, entry + 4);
      entry += bytes.readUInt32LE(entry + 12);
    }
    at += bytes.readUInt32LE(at + 12);
  }
  return bytes;
}

/** @param {Buffer} bytes */
function sectionsOf(bytes) {
  const table = Number(bytes.readBigUInt64LE(40));
  const [size, count] = [bytes.readUInt16LE(58), bytes.readUInt16LE(60)];
  return Array.from({ length: count }, (_, n) => {
    const at = table + n * size;
    return {
      type: bytes.readUInt32LE(at + 4),
      offset: Number(bytes.readBigUInt64LE(at + 24)),
      link: bytes.readUInt32LE(at + 40),
      info: bytes.readUInt32LE(at + 44),
    };
  });
}

const SHT_GNU_VERNEED = 0x6ffffffe;
const VER_FLG_WEAK = 2;
