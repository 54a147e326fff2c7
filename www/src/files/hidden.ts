// What of a workbook a spreadsheet program does not show: sheets, and rows that are hidden by hand or by a filter. Reads
// XML as `plainXml` leaves it.

/** The sheets in the workbook's order, and where each stands. */
export function sheetsIn(workbook: string, relationships: string) {
  const targets = new Map(
    attributesOf(relationships, "Relationship").map(({ Id = "", Target = "" }) => [Id, Target]),
  );
  return attributesOf(workbook, "sheet")
    .filter(({ name }) => name)
    .map(({ id = "", state = "" }) => {
      const target = targets.get(id) ?? "";
      const path = target.startsWith("/") ? target.slice(1) : `xl/${target}`;
      return { path, isHidden: /hidden/i.test(state) };
    });
}

/** The numbers of a sheet's hidden rows, from 1. */
export function hiddenRowsIn(sheet: string): ReadonlySet<number> {
  const found = new Set<number>();
  if (!/\shidden\s*=/.test(sheet)) return found;
  let line = 0;
  for (const { r, hidden } of attributesOf(sheet, "row")) {
    line = r === undefined ? line + 1 : Number(r);
    if (hidden === "1" || hidden === "true") found.add(line);
  }
  return found;
}

/** Of each element of this name, without prefixes. */
function attributesOf(xml: string, name: string): Record<string, string | undefined>[] {
  const element = new RegExp(`<(?:[^\\s<>/:]+:)?${name}(?=[\\s/>])([^<>]*)>`, "g");
  return Array.from(xml.matchAll(element), ([, attributes = ""]) =>
    Object.fromEntries(
      Array.from(attributes.matchAll(ATTRIBUTE), ([, name, quoted, single]) => [
        name,
        quoted ?? single,
      ]),
    ),
  );
}

const ATTRIBUTE = /(?:[^\s=:]+:)?([^\s=:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
