// Keeps the focus from falling to the body when what had it goes away, and the page's shortcuts.

/** What takes the focus over, in the nearest part of the page that is still there: the first of these, else the part itself. */
const HEIRS = "[data-part=asking] button, h2, h3";

export function keepFocus() {
  let held: Element | undefined;
  let around: Element[] = [];
  addEventListener("focusin", ({ target }) => {
    if (!(target instanceof Element)) return;
    held = target;
    around = [];
    for (let part = target.parentElement; part && part !== document.body; part = part.parentElement)
      around.push(part);
  });
  const give = (heir: HTMLElement) => {
    if (heir.tabIndex < 0) heir.tabIndex = -1;
    heir.focus({ preventScroll: true });
  };
  /** A part that has the focus itself until there is something in it that can take it. */
  let waiting: HTMLElement | undefined;
  new MutationObserver(() => {
    if (waiting && document.activeElement === waiting) {
      const heir = waiting.querySelector<HTMLElement>(HEIRS);
      if (heir) give(heir);
    }
    if (!held || held.isConnected || document.activeElement !== document.body) return;
    held = undefined;
    const part = around.find(
      (part): part is HTMLElement =>
        part instanceof HTMLElement && part.isConnected && part.matches(PARTS),
    );
    // What stood above the page's content, such as a notice, leads to it.
    if (!part) return document.getElementById("main")?.focus({ preventScroll: true });
    const heir = part.querySelector<HTMLElement>(HEIRS);
    if (heir) return give(heir);
    waiting = part;
    give(part);
  }).observe(document.body, { childList: true, subtree: true });
}

/**
 * A control is reached or pressed by the key that its `aria-keyshortcuts` names, while it is in sight and no dialog is open:
 * `/` goes to a field, Escape presses a button. Neither takes a key while somebody is typing.
 */
export function listenForShortcuts() {
  addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    const isTyping = target instanceof Element && target.matches("input, textarea, select");
    if (key === "/" ? isTyping : key !== "Escape") return;
    const control = [
      ...document.querySelectorAll<HTMLElement>(`[aria-keyshortcuts="${key}"]`),
    ].find((each) => each.checkVisibility());
    if (!control) return;
    event.preventDefault();
    if (key === "/") control.focus();
    else control.click();
  });
}

/** Parts of the page that can have the focus in place of something in them. */
const PARTS = "section, details, [data-part=result], [role=tabpanel], main";
