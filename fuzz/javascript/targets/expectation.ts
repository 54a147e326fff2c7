// What a caller hands over as `expect`, with any value in any place: it reaches the core as it is,
// or is refused by name.

// @ts-expect-error: of the npm face, which has its types beside the package's entry alone.
import { PaypleError } from "../../../src/npm/js/error.mjs";
// @ts-expect-error: as above.
import { expectJson } from "../../../src/npm/js/json.mjs";
import { must } from "../oracle/finding";
import { Input } from "../oracle/input";

type Fields = Record<string, unknown>;

export function fuzz(data: Uint8Array) {
  const input = new Input(data);
  const expect = objectOf(input, FIELDS);
  if (input.below(4) > 0)
    expect["requests"] = Array.from({ length: input.below(4) }, () =>
      input.below(16) === 0 ? anyValue(input) : objectOf(input, ROW_FIELDS),
    );
  let json: Fields;
  try {
    json = JSON.parse(expectJson(expect));
  } catch (error) {
    must(error instanceof PaypleError, "another error than ours", String(error));
    must((error as { kind: string }).kind === "invalid_input", "an error of another kind", error);
    return;
  }
  for (const name of Object.keys(expect)) {
    // What is not known has to be there to be refused, whatever it is.
    const isGone = json[name] === undefined && expect[name] !== undefined;
    must(!isGone, "a field is skipped in silence", name, json);
    if (FIELDS.slice(0, KNOWN).includes(name)) mustBeSame(name, expect[name], json[name]);
  }
  const [rows, written] = [expect["requests"], json["requests"]];
  if (!Array.isArray(rows)) return;
  must(Array.isArray(written) && written.length === rows.length, "a row is skipped", rows.length);
  for (const [at, row] of rows.entries())
    for (const name of ROW_FIELDS.slice(0, KNOWN)) mustBeSame(name, row[name], written[at][name]);
}

/** Whole numbers of any size as digits; everything else as JSON has it. */
function mustBeSame(name: string, given: unknown, written: unknown) {
  const meant = typeof given === "bigint" ? given.toString() : given;
  const isNothing = given === undefined || given === null;
  must(isNothing || (written !== undefined && written !== null), "a value is skipped", name);
  const isSame = JSON.stringify(meant ?? null) === JSON.stringify(written ?? null);
  must(isSame, "a value is another one", name, String(given), written);
}

function objectOf(input: Input, names: string[]): Fields {
  const fields: Fields = input.below(8) === 0 ? Object.create(null) : {};
  for (let count = input.below(6); count > 0; count -= 1)
    fields[input.oneOf(names)] = anyValue(input);
  return fields;
}

function anyValue(input: Input): unknown {
  const text = input.text(12);
  const made = [
    ...[text, text.length, Number(text), BigInt(`0x${Buffer.from(text).toString("hex") || "0"}`)],
    ...[undefined, null, true, Number.NaN, Number.POSITIVE_INFINITY, -0, 1e21, 0.1 + 0.2],
    ...[Symbol("s"), () => text, new Date(8.64e15), new Date(Number.NaN), [], {}, [text], { text }],
  ];
  const circular: Fields = {};
  circular["self"] = circular;
  return input.oneOf([...made, circular, 10n ** 400n, { toJSON: () => undefined }, /x/, new Map()]);
}

const FIELDS = ["total", "count", "matchBy", "fingerprint", "totl", "__proto__", "toString", ""];
const ROW_FIELDS = [
  "billingTranId",
  "subId",
  "printContent",
  "amount",
  "id",
  "constructor",
  "toString",
];
/** So many of the names are known. */
const KNOWN = 4;
