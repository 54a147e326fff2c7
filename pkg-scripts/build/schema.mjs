// `npm run schema`: writes what is generated from the Rust models. `-- --check` writes nothing, and
// fails where a file is not what the models say.
//
// examples/schema.rs prints the schemas. Paths, statuses and examples of the API's description are
// written by hand around them (docs/decisions/0031).

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../common/checkout.mjs";
import { commandLine, main, Stop, say } from "../common/program.mjs";
import { rust } from "../tools/cargo.mjs";
import { npmTool } from "../tools/npm.mjs";
import { readToml } from "../tools/toml.mjs";

/** @import { JSONSchema } from "json-schema-to-typescript" */

/** The schema of each model. @typedef {Record<string, JSONSchema>} Schemas */

/** Each generated file, and its text as the models have it. */
const FILES = { "www/public/openapi.json": description, "src/npm/js/models.d.ts": models };

main(import.meta, async () => {
  const { check } = commandLine({ options: { check: { type: "boolean" } } }).values;
  await rust();
  const biome = await npmTool("biome");
  const schemas = JSON.parse(
    output("cargo", ["run", "--quiet", "--example", "schema", "--features", "schema"]),
  );
  const stale = [];
  for (const [path, make] of Object.entries(FILES)) {
    const file = join(root, path);
    const text = output(biome, ["format", `--stdin-file-path=${path}`], await make(schemas, file));
    if (existsSync(file) && text === readFileSync(file, "utf8")) continue;
    stale.push(path);
    if (!check) writeFileSync(file, text);
  }
  if (check && stale.length > 0)
    throw new Stop(
      `The Rust models say otherwise than ${stale.join(" and ")}. Run: npm run schema`,
    );
  say(stale.length > 0 ? `written: ${stale.join(", ")}` : "all that is generated is current");
});

/**
 * The description of the API with these schemas and the version of the crate; everything else in it
 * is written by hand.
 * @param {Schemas} schemas
 * @param {string} file
 */
async function description(schemas, file) {
  const openapi = JSON.parse(readFileSync(file, "utf8"));
  openapi.components.schemas = schemas;
  openapi.info.version = (await readToml("Cargo.toml")).package.version;
  return JSON.stringify(openapi);
}

/**
 * The models as TypeScript has them.
 * @param {Schemas} schemas
 */
async function models(schemas) {
  const { compile } = await import("json-schema-to-typescript");
  const $defs = JSON.parse(JSON.stringify(schemas).replaceAll(DEFINITIONS, "#/$defs/"), adapted);
  // What a schema of JSON cannot say: JavaScript has whole numbers of its own, and a list may be
  // one that is not changed.
  for (const [name, tsType] of Object.entries(TYPES)) $defs[name].tsType = tsType;
  const { PayoutExpectation } = $defs;
  PayoutExpectation.properties.requests.tsType = "readonly ExpectedPayoutRequest[] | null";
  // That at least one field must be there is said in its comment.
  delete PayoutExpectation.anyOf;
  const options = {
    additionalProperties: false,
    bannerComment: "",
    declareExternallyReferenced: false,
    format: false,
    ignoreMinAndMaxItems: true,
  };
  const types = [];
  for (const [name, schema] of Object.entries($defs)) {
    const type = await compile({ ...schema, $defs }, name, options);
    // Also for who compiles with `exactOptionalPropertyTypes`.
    types.push(HANDED_OVER.includes(name) ? type.replaceAll("| null", "| null | undefined") : type);
  }
  // A comment of one line stands in one line.
  const text = types.join("\n").replaceAll(/\/\*\*\n \* (.*)\n \*\//g, "/** $1 */");
  return `// The models that users meet. Written by \`npm run schema\` from the Rust models: change those.\n\n${text}`;
}

/**
 * What json-schema-to-typescript would make less of: a reference with a comment, a union of models,
 * and a list of names with a comment each.
 * @param {string} _key
 * @param {JSONSchema | null} schema
 */
function adapted(_key, schema) {
  if (typeof schema?.$ref === "string" && schema.description) {
    const { $ref, ...rest } = schema;
    return { ...rest, allOf: [{ $ref }] };
  }
  const named = (schema?.anyOf ?? schema?.oneOf)?.map((of) => of.$ref ?? of.allOf?.[0].$ref);
  if (named?.every((path) => path !== undefined)) {
    const tsType = named.map((path) => path.split("/").at(-1)).join(" | ");
    return { description: schema?.description, tsType };
  }
  if (schema?.oneOf?.every(({ const: name, description }) => name && description)) {
    const names = schema.oneOf.map(
      ({ const: name, description }) => `- \`${name}\`: ${description}`,
    );
    return { ...schema, description: `${schema.description}\n\n${names.join("\n")}` };
  }
  return schema;
}

/** @param {string} command @param {string[]} args @param {string} [input] */
function output(command, args, input = "") {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    input,
    encoding: "utf8",
    maxBuffer: 64 * 2 ** 20,
  });
  if (status !== 0) throw new Stop(`${command} ${args[0]} failed: ${error?.message ?? stderr}`);
  return stdout;
}

const TYPES = {
  ExpectedNumber: "number | bigint | string",
  ExpectedKey: "string | number | bigint",
  ExpectedText: "string | number | bigint",
};
/** What a caller makes, where `undefined` is as good as absent. */
const HANDED_OVER = ["PayoutExpectation", "ExpectedPayoutRequest"];
const DEFINITIONS = "#/components/schemas/";
