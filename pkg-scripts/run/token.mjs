// `npm run token`: makes a random secret, for ADMIN_TOKEN, SESSION_SECRET or RECORD_KEY.
//
// `npm run token -- --name billing-batch` makes a token for one program (or, with --kind person,
// one person), and the entry of NAMED_TOKENS that lets it in: the Worker is given its SHA-256
// alone.

import { createHash, randomBytes } from "node:crypto";
import { commandLine, main, Stop } from "../common/program.mjs";

main(import.meta, async () => {
  const { name, kind, roles, days } = options();
  const token = randomBytes(32).toString("base64url");
  if (name === undefined) {
    console.log(token);
    return;
  }
  const entry = {
    name,
    kind,
    sha256: createHash("sha256").update(token).digest("hex"),
    roles,
    expires: new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10),
  };
  // The token alone on stdout, so that it can be piped to where it is kept.
  console.error(`The token of ${name}, shown this once · 토큰은 지금 한 번만 표시됩니다:\n`);
  console.log(token);
  console.error(`
Its entry for NAMED_TOKENS, a JSON list · NAMED_TOKENS 목록에 추가할 항목:

  ${JSON.stringify(entry)}

Put the whole list, from a file: npx wrangler secret put NAMED_TOKENS --env live < .dev.vars.named-tokens
To change a token, let the old and the new entry of one name stand side by side until every program has the new one.`);
});

function options() {
  const { values } = commandLine({
    options: {
      name: { type: "string" },
      kind: { type: "string" },
      roles: { type: "string" },
      days: { type: "string" },
    },
  });
  const { name, kind = "program", roles = "lookup", days = "365" } = values;
  if (name === undefined && Object.keys(values).length > 0)
    throw new Stop("--kind, --roles and --days describe a named token: give its --name as well.");
  if (name !== undefined && !/^[^\s\p{Cc}]{1,64}$/u.test(name))
    throw new Stop("--name takes 1 to 64 characters without white space.");
  if (!KINDS.includes(kind)) throw new Stop(`--kind is ${KINDS.join(" or ")}, not "${kind}".`);
  const unknown = roles.split(",").filter((role) => !ROLES.includes(role));
  if (unknown.length > 0)
    throw new Stop(`No such role: ${unknown.join(", ")}. There are: ${ROLES.join(", ")}.`);
  if (!/^[1-9]\d{0,3}$/.test(days)) throw new Stop("--days takes a number from 1 to 9999.");
  return { name, kind, roles: [...new Set(roles.split(","))], days: Number(days) };
}

const KINDS = ["person", "program"];
const ROLES = ["lookup", "export", "audit"];
