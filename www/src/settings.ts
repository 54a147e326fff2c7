// What the page remembers between visits: language and theme, and nothing else.

import { effect, signal } from "@preact/signals";

export type Language = "ko" | "en";
export type Theme = "auto" | "light" | "dark";

export const language = signal<Language>(remembered("language") === "en" ? "en" : "ko");
export const theme = signal<Theme>(asTheme(remembered("theme")));

/** Keeps the document and the memory in step with both. */
export function applySettings() {
  effect(() => {
    document.documentElement.lang = language.value;
    remember("language", language.value);
  });
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    remember("theme", theme.value);
  });
}

export function asTheme(text: string | null): Theme {
  return text === "light" || text === "dark" ? text : "auto";
}

function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`payple-edge:${name}`);
  } catch {
    return null; // storage may be forbidden; the page works without
  }
}

function remember(name: string, value: string) {
  try {
    localStorage.setItem(`payple-edge:${name}`, value);
  } catch {
    // As above.
  }
}
