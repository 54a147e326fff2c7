// What people paste, without what came along.

/** Messengers and spreadsheets paste more than was marked: space around, and characters that nobody sees. */
export function cleaned(text: string): string {
  return text.replace(/[\u200b-\u200d\u2060\ufeff]/g, "").trim();
}
