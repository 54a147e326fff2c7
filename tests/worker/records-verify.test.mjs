// The verifier of the access record: it accepts what the Worker wrote, and finds what was changed,
// removed or moved.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { canonical, FormError, parseRecordFile, verify } from "../../www/src/records/verify.ts";

/** @import { Entry, Link, RecordFile } from "../../www/src/records/verify.ts" */

/** @type {{ entry: Entry & Record<string, unknown>, canonical: string }[]} */
const vectors = JSON.parse(
  readFileSync(new URL("../../docs/access-record-vectors.json", import.meta.url), "utf8"),
).entries;
const entries = () => structuredClone(vectors.map(({ entry }) => entry));
const last = () => entries()[vectors.length - 1];
const kinds = async (/** @type {RecordFile} */ file) =>
  (await verify(file)).faults.map(({ kind, sequence }) => [kind, sequence]);
const archive = (/** @type {unknown[]} */ lines) =>
  lines.map((line) => JSON.stringify(line)).join("\n");
const link = (/** @type {Link} */ { sequence, hash }) => ({ sequence, hash });
const ORIGIN = { sequence: 0, hash: "0".repeat(64) };

describe("a file of the access record", () => {
  test("meets the vectors", async () => {
    for (const { entry, canonical: text } of vectors) assert.equal(canonical(entry), text);
    const { faults, chains } = await verify({ entries: entries() });
    assert.deepEqual(faults, []);
    const hash = vectors.at(-1)?.entry.hash;
    assert.deepEqual(chains, [{ chain: "people", from: 1, to: 4, count: 4, hash }]);
    assert.deepEqual(await kinds({ entries: entries().reverse() }), [], "the newest first");
  });

  test("a changed entry is found, whatever was changed", async () => {
    for (const name of Object.keys(vectors[0].entry)) {
      const changed = entries();
      changed[1][name] = typeof changed[1][name] === "number" ? 9 : `${changed[1][name]}0`;
      const found = await kinds({ entries: changed });
      assert.ok(found.length > 0, name);
    }
  });

  test("an entry with a hash made anew does not fit the next one", async () => {
    const changed = entries();
    changed[1] = { ...changed[1], who: "person other", hash: "1".repeat(64) };
    assert.deepEqual(await kinds({ entries: changed }), [
      ["changed", 2],
      ["unlinked", 3],
    ]);
  });

  test("the last entry with a hash made anew is not the one that the file ends with", async () => {
    const forged = { ...last(), who: "person other" };
    forged.hash = createHash("sha256").update(canonical(forged)).digest("hex");
    const changed = [...entries().slice(0, -1), forged];
    const head = link(last());
    // By itself nothing tells it from a record.
    assert.deepEqual(await kinds({ entries: changed }), []);
    assert.deepEqual(await kinds({ entries: changed, head }), [["cut", 4]]);
  });

  test("nor the one that a JSON file says that its chain ended with", async () => {
    const json = (/** @type {unknown[]} */ records, anchor = ORIGIN, head = link(last())) =>
      parseRecordFile(JSON.stringify({ records, chains: [{ chain: "people", anchor, head }] }));
    assert.deepEqual(await kinds(json(entries())), []);
    const forged = { ...last(), who: "person other" };
    forged.hash = createHash("sha256").update(canonical(forged)).digest("hex");
    assert.deepEqual(await kinds(json([...entries().slice(0, -1), forged])), [["cut", 4]]);
    // One that was added, and a first one that does not follow what was let go of.
    const [first, second, third] = entries();
    assert.deepEqual(await kinds(json(entries(), ORIGIN, link(third))), [["cut", 3]]);
    const anchor = { sequence: 1, hash: "1".repeat(64) };
    assert.deepEqual(await kinds(json(entries().slice(1), anchor)), [["unlinked", 2]]);
    // A page of a chain that goes on, and another chain's.
    assert.deepEqual(await kinds(json([first, second])), []);
    assert.deepEqual(await kinds(json([third])), []);
    for (const chains of [{}, [{}], [{ chain: "people" }]])
      assert.throws(
        () => parseRecordFile(JSON.stringify({ records: entries(), chains })),
        FormError,
      );
  });

  test("a removed entry is found", async () => {
    assert.deepEqual(await kinds({ entries: entries().toSpliced(1, 1) }), [["missing", 3]]);
    assert.deepEqual(await kinds({ entries: entries().toSpliced(1, 2) }), [["missing", 4]]);
    // The first and the last one, where the file says where it begins and ends.
    const ends = { anchor: ORIGIN, head: link(last()) };
    assert.deepEqual(await kinds({ entries: entries(), ...ends }), []);
    assert.deepEqual(await kinds({ entries: entries().slice(1), ...ends }), [["missing", 2]]);
    assert.deepEqual(await kinds({ entries: entries().slice(0, -1), ...ends }), [["cut", 4]]);
    assert.deepEqual(await kinds({ entries: [], ...ends }), [["cut", 4]]);
    // Of a time in which nothing was recorded.
    assert.deepEqual(await kinds({ entries: [], anchor: link(last()), head: link(last()) }), []);
  });

  test("reordered and repeated entries are found", async () => {
    const [a, b, c, d] = entries();
    assert.deepEqual(await kinds({ entries: [a, c, b, d] }), [["reordered", 2]]);
    assert.deepEqual(await kinds({ entries: [d, b, c, a] }), [["reordered", 3]]);
    assert.deepEqual(await kinds({ entries: [a, b, b, c, d] }), [["repeated", 2]]);
  });

  test("is read as it was downloaded, and as it lies in the archive", async () => {
    const records = entries().reverse();
    const json = JSON.stringify({ records, chains: [] }, null, 2);
    const lines = [{ anchor: ORIGIN }, ...entries(), { head: link(last()) }];
    for (const text of [json, archive(lines), `${archive(lines)}\n`])
      assert.deepEqual(await kinds(parseRecordFile(text)), []);
    assert.deepEqual(await kinds(parseRecordFile(archive(lines.slice(0, -1)))), [["noHead", 4]]);
    assert.deepEqual(await kinds(parseRecordFile(archive(lines.slice(0, 1)))), [["noHead", 0]]);
    const headless = archive([...lines.slice(0, -1), { head: { sequence: 4 } }]);
    for (const text of ["", "x", "{}", "[]", '{"records":[{}]}', "a,b\n1,2", headless])
      assert.throws(() => parseRecordFile(text), FormError, text);
  });

  const COLUMNS = [...Object.keys(vectors[0].entry), "subjectText"];
  const table = (/** @type {Record<string, unknown>[]} */ rows, columns = COLUMNS) =>
    [columns, ...rows.map((row) => columns.map((name) => row[name] ?? ""))]
      .map((cells) => cells.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(","))
      .join("\r\n")
      .replace(/^.*/, columns.join(","));

  test("says to every reader what its hashes cover", async () => {
    assert.deepEqual(await kinds(parseRecordFile(table(entries()))), []);
    const json = JSON.stringify({ records: entries() });
    const [first] = entries();
    const of = (/** @type {object} */ changed) => table([{ ...first, ...changed }]);
    const misleading = {
      // The first of two equal names is what another program may read.
      "a name twice": json.replace('"who":', '"who":"person other","who":'),
      "all records twice": json.replace('{"records":', '{"records":[],"records":'),
      "a line in between": archive([
        { anchor: ORIGIN },
        first,
        { who: "x" },
        { head: link(first) },
      ]),
      "two columns of a name": table([first], [...COLUMNS, "who"]),
      "a cell of no column": `${table([first])},"x"`,
      "no column for what is covered": table(
        [first],
        COLUMNS.filter((name) => name !== "reason"),
      ),
      "a heading that never ends": table([first]).replaceAll("\r\n", "\0"),
      "a line break of another kind": table(entries()).replace("subjectText", "x\ry"),
      "a number written otherwise": of({ rows: "0x4d2" }),
      "a number with white space": of({ sequence: " 1" }),
      "a number that is a text": JSON.stringify({ records: [{ ...first, rows: "1234" }] }),
      "a text that is a list": JSON.stringify({ records: [{ ...first, subject: [] }] }),
    };
    for (const [what, text] of Object.entries(misleading))
      assert.throws(() => parseRecordFile(text), FormError, what);
  });
});
