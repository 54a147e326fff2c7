// Korean or English, as the terminal's locale says.

import { en } from "../../../www/src/text/en";
import { ko, type Words } from "../../../www/src/text/ko";

export type Language = "ko" | "en";

/**
 * Of the variables that say it, the first that is set, as POSIX has it; where none is, as on
 * Windows, the system's own setting.
 */
export function languageOf(env: NodeJS.ProcessEnv): Language {
  const told = env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"];
  const locale = told || new Intl.DateTimeFormat().resolvedOptions().locale;
  return /^ko\b|^ko_/i.test(locale) ? "ko" : "en";
}

/** The page's words: the same finding has the same name there and here. */
export function wordsIn(language: Language): Words {
  return language === "ko" ? ko : en;
}
