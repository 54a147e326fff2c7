// What a target says when what it looks for does not hold.

/** Something that must never be; the message shows what was read. */
export class Finding extends Error {}

/** Throws a finding unless it holds. */
export function must(holds: unknown, what: string, ...shown: unknown[]): asserts holds {
  if (!holds) throw new Finding(`${what}: ${shown.map((each) => print(each)).join(" | ")}`);
}

function print(value: unknown): string {
  const text = JSON.stringify(value, (_, each) => (typeof each === "bigint" ? `${each}n` : each));
  return (text ?? String(value)).slice(0, 1_000);
}
