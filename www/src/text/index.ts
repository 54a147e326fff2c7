// The words of the page in the language chosen.

import { computed } from "@preact/signals";
import { language } from "../settings";
import { en } from "./en";
import { ko } from "./ko";

export const t = computed(() => (language.value === "ko" ? ko : en));

/** One of two texts that come from elsewhere in both languages. */
export function inLanguage(
  english: string | undefined,
  korean: string | undefined,
): string | undefined {
  return language.value === "ko" ? (korean ?? english) : english;
}
