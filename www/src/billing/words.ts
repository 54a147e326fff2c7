// One billing key's result in words: for the table and for the CSV file.

import type { BillingKey } from "payple-edge/browser";
import { inWords, wordsOfPayple } from "../parts/error-panel";
import { t } from "../text";
import { type Item, isUnderWay } from "./state";

export interface KeyWords {
  status: string;
  /** 카드 · 신한카드 */
  method: string;
  /** The masked number. */
  digits: string;
  owner: string;
  /** Why there is nothing, or why nobody knows. */
  note: string;
}

export function wordsOf({ state }: Item): KeyWords {
  const words = t.value.billing;
  const nothing = { method: "", digits: "", owner: "", note: "" };
  switch (state.is) {
    case "registered": {
      const { kind, name, digits } = methodOf(state.found);
      const owner = [state.found.payerName, state.found.ownerType].filter(Boolean).join(" · ");
      return {
        ...nothing,
        status: words.kinds.registered,
        method: [kind, name].filter(Boolean).join(" · "),
        digits,
        owner,
      };
    }
    case "missing":
      return {
        ...nothing,
        status: words.kinds.missing,
        note: noteOf(saidOf(state.error), state.error.code),
      };
    case "failed":
      return {
        ...nothing,
        status: words.kinds.failed,
        note: noteOf(wordsOfPayple(state.error) ?? inWords(state.error)[0], state.error.code),
      };
    case "asking":
      return { ...nothing, status: words.asking };
    case "waiting":
      return { ...nothing, status: isUnderWay.value ? words.waiting : words.notAsked };
  }
}

/** What Payple said of a key that is not registered. */
export function saidOf({ code, message }: { code?: string | undefined; message: string }): string {
  const at = message.indexOf(": ");
  return message
    .slice(at < 0 ? 0 : at + 2)
    .replace(`[${code}]`, "")
    .replace(/^\[Test\]\s*-?\s*/, "")
    .trim();
}

export function methodOf(found: BillingKey): {
  kind: string;
  name: string;
  code: string;
  digits: string;
} {
  const words = t.value.billing;
  switch (found.type) {
    case "card":
      return { kind: words.card, ...named(found.card) };
    case "transfer":
      return { kind: words.transfer, ...named(found.bank) };
    case "other":
      return { kind: words.other, name: found.rawType, code: "", digits: "" };
  }
}

function named({ name, code, number }: { name: string; code: string; number: string }) {
  return { name, code, digits: number };
}

/** Everything that is known, with the keys in full: whoever gets this has them already. */
export function linesOf(items: { item: Item; number: number }[]): (string | number)[][] {
  const words = t.value.billing;
  const lines = items.map(({ item, number }) => {
    const { status, note } = wordsOf(item);
    const found = item.state.is === "registered" ? item.state.found : undefined;
    const method = found && methodOf(found);
    const code = "error" in item.state ? item.state.error.code : undefined;
    return [
      number,
      item.line,
      item.key,
      status,
      method?.kind ?? "",
      method?.code ?? "",
      method?.name ?? "",
      method?.digits ?? "",
      found?.payerName ?? "",
      found?.ownerType ?? "",
      found?.payerPhone ?? "",
      code ?? "",
      note,
    ];
  });
  return [words.csvColumns, ...lines];
}

function noteOf(words: string, code: string | undefined): string {
  return code && !words.includes(code) ? `${words} (${code})` : words;
}
