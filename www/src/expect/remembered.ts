// Which headings stood for what, as the clerk chose it: names of columns and nothing that stands under them, kept in this
// browser for the next list of the same kind.

import { plain } from "../files/headings";
import { store, stored } from "../settings";
import { type Columns, NOTHING, type Remembered, type Role } from "./columns";

export function recall(): Remembered {
  try {
    const found = JSON.parse(stored(NAME) ?? "");
    const isWhole = [found.chosen, found.refused, found.matchBy].every(
      (part) => typeof part === "object" && part !== null,
    );
    return isWhole ? found : NOTHING;
  } catch {
    return NOTHING;
  }
}

/** The clerk put a role under another heading; `before` is the one that it stood under. */
export function rememberColumn(
  role: Role,
  heading: string | undefined,
  before: string | undefined,
) {
  const { chosen, refused, ...rest } = recall();
  const without = (names: string[] | undefined, name: string | undefined) =>
    (names ?? []).filter((other) => other !== name);
  const put = (names: string[] | undefined, name: string | undefined) =>
    name === undefined ? (names ?? []) : [name, ...without(names, name)].slice(0, MOST);
  const [now, was] = [heading, before].map((name) => name && plain(name));
  keep({
    ...rest,
    chosen: { ...chosen, [role]: without(put(chosen[role], now), was) },
    refused: { ...refused, [role]: without(put(refused[role], was), now) },
  });
}

export function rememberMatchBy(names: string[], matchBy: Role) {
  const remembered = recall();
  const others = Object.entries(remembered.matchBy).slice(-MOST);
  keep({
    ...remembered,
    matchBy: { ...Object.fromEntries(others), [signatureOf(names)]: matchBy },
  });
}

export function forgetChoices() {
  keep(NOTHING);
}

/** The headings of a list, whatever their order. */
export function signatureOf(names: string[]): string {
  return names.map(plain).sort().join("|");
}

/** Whether any of these columns stands where the clerk's earlier choice puts it. */
export function isOfMemory({ chosen }: Remembered, columns: Columns, names: string[]): boolean {
  return Object.entries(columns).some(([role, at]) =>
    chosen[role as Role]?.includes(plain(names[at] ?? "")),
  );
}

function keep(remembered: Remembered) {
  store(NAME, JSON.stringify(remembered));
}

const NAME = "columns";
const MOST = 20;
