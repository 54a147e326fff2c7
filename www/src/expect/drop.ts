// Files dropped anywhere on the page: never a way to leave it, and the list where there is a place for one.

import { takeFile, takeText } from "./state";

/** `isWelcome` says whether what is on the page has a place for a list. */
export function acceptDrops(isWelcome: () => boolean) {
  const isText = (event: DragEvent) =>
    event.target instanceof Element && event.target.closest("input, textarea:not(.paste)") !== null;
  const isFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragover", (event) => {
    // A marked text may be dragged into a field, as anywhere.
    if (!isFile(event) && isText(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = isWelcome() ? "copy" : "none";
  });
  addEventListener("drop", (event) => {
    if (!isFile(event) && isText(event)) return;
    event.preventDefault();
    if (!isWelcome()) return;
    const file = event.dataTransfer?.files[0];
    const text = event.dataTransfer?.getData("text/plain");
    const taken = file ? takeFile(file) : text ? takeText(text) : undefined;
    void taken?.then(() => document.querySelector(".expect")?.scrollIntoView({ block: "nearest" }));
  });
}
