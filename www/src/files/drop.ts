// Files dropped anywhere on the page: never a way to leave it, and taken where there is a place for one.

/** Takes what was dropped; done when it stands on the page. */
export interface DropPlace {
  takeFile(...files: File[]): Promise<void>;
  takeText(text: string): Promise<void>;
  /** What is scrolled into view then. */
  selector: string;
}

/** `placeNow` says which part of what is on the page has a place for a file. */
export function acceptDrops(placeNow: () => DropPlace | undefined) {
  const isText = (event: DragEvent) =>
    event.target instanceof Element &&
    event.target.closest("input, textarea:not([data-takes-files])") !== null;
  const isFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragover", (event) => {
    // A marked text may be dragged into a field, as anywhere.
    if (!isFile(event) && isText(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = placeNow() ? "copy" : "none";
  });
  addEventListener("drop", (event) => {
    if (!isFile(event) && isText(event)) return;
    event.preventDefault();
    const place = placeNow();
    if (!place) return;
    const files = Array.from(event.dataTransfer?.files ?? []);
    const text = event.dataTransfer?.getData("text/plain");
    const taken =
      files.length > 0 ? place.takeFile(...files) : text ? place.takeText(text) : undefined;
    void taken?.then(() =>
      document.querySelector(place.selector)?.scrollIntoView({ block: "nearest" }),
    );
  });
}
