// CP949 in Node, as browsers read it and Excel writes it.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { root } from "../../pkg-scripts/common/checkout.mjs";

const { TextDecoder: Cp949Decoder } = await built("src/npm/cli/text-decoder.ts");

test("every character of CP949 is read, and nothing else", () => {
  const decoder = new Cp949Decoder("euc-kr", { fatal: true });
  const lines = [];
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x41; trail <= 0xfe; trail += 1) {
      const text = failsOr(() => decoder.decode(Uint8Array.of(lead, trail)));
      if (text === undefined) continue;
      const code = (lead << 8) | trail;
      lines.push(`${code.toString(16)} ${text.charCodeAt(0).toString(16).padStart(4, "0")}`);
    }
  }
  // As Python's codec cp949 has it.
  assert.equal(lines.length, COUNT);
  assert.equal(createHash("sha256").update(lines.join("\n")).digest("hex"), DIGEST);
});

test("what is no character is an error, or is shown as one where it may be", () => {
  const broken = Uint8Array.of(0x41, 0xff, 0x42);
  assert.throws(() => new Cp949Decoder("euc-kr", { fatal: true }).decode(broken), TypeError);
  assert.equal(new Cp949Decoder("euc-kr").decode(broken), "A\ufffdB");
});

test("other encodings are the platform's", () => {
  const bytes = new TextEncoder().encode("똠방각하");
  assert.equal(new Cp949Decoder("utf-8", { fatal: true }).decode(bytes), "똠방각하");
});

const COUNT = 17_048;
const DIGEST = "d785f188d2291459b030062ab735d9a06b21f8cbfe2a4acfd629c9b7acb97507";

/** @param {() => string} read */
function failsOr(read) {
  try {
    return read();
  } catch {
    return undefined;
  }
}

async function built(/** @type {string} */ path) {
  const { outputFiles } = await build({
    entryPoints: [join(root, path)],
    format: "esm",
    write: false,
  });
  const source = Buffer.from(outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${source}`);
}
