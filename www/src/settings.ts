// What the page remembers between visits: language, theme and which headings of a list stand for what, and nothing else.

import { effect, signal } from "@preact/signals";

export type Language = "ko" | "en";
export type Theme = "auto" | "light" | "dark";

export const language = signal<Language>(stored("language") === "en" ? "en" : "ko");
export const theme = signal<Theme>(asTheme(stored("theme")));

/** Keeps the document and the memory in step with both. */
export function applySettings() {
  effect(() => {
    document.documentElement.lang = language.value;
    store("language", language.value);
  });
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    store("theme", theme.value);
  });
}

export function asTheme(text: string | null): Theme {
  return text === "light" || text === "dark" ? text : "auto";
}

export function stored(name: string): string | null {
  try {
    return localStorage.getItem(`payple-edge:${name}`);
  } catch {
    return null; // storage may be forbidden; the page works without
  }
}

export function store(name: string, value: string) {
  try {
    localStorage.setItem(`payple-edge:${name}`, value);
  } catch {
    // As above.
  }
}
