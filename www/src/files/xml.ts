// XML in the form that the library for workbooks reads as every other program does. It keeps only what stands last in an
// element (`1<!-- -->000` is 000), cuts characters beyond 16 bits, and is slow where a tag does not end.

/** Nothing where it is no XML, or has a document type, which no workbook has. */
export function plainXml(text: string): string | undefined {
  let plain = "";
  let at = 0;
  const mark = /<[!?]/g;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    const from = found.index;
    const section = SECTIONS.find(([begin]) => text.startsWith(begin, from));
    if (!section) return undefined;
    const [begin, end] = section;
    const to = text.indexOf(end, from + begin.length);
    if (to < 0) return undefined;
    plain += text.slice(at, from);
    if (begin === CDATA) plain += escaped(text.slice(from + begin.length, to));
    at = to + end.length;
    mark.lastIndex = at;
  }
  plain += text.slice(at);
  // A tag ends before the next one begins.
  if (/<[^<>]*</.test(plain)) return undefined;
  return plain.replace(/&#(?:x([0-9a-f]{1,9})|(\d{1,9}));/gi, (all, hex, decimal) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0xffff && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const CDATA = "<![CDATA[";
const SECTIONS = [
  ["<!--", "-->"],
  [CDATA, "]]>"],
  ["<?", "?>"],
] as const;
