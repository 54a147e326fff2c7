// The paper: what is printed in place of the page. A sheet is on it only while a button of the page prints it, since that is
// on the access record; the browser's own print is not, and finds a note.

import { effect } from "@preact/signals";
import { type ComponentChild, render } from "preact";
import { session, signIn } from "../session";
import { t } from "../text";
import { bar, handOver, type Leaving } from "./hand-over";

/** Whether a sheet is on the paper. */
let isFilled = false;

/** From here on the paper is printed, and never the page behind it as long as somebody is signed in. */
export function layPaper() {
  addEventListener("beforeprint", () => {
    if (signIn.peek().is !== "in" || isFilled) return;
    fill(<Note />);
  });
  addEventListener("afterprint", clear);
  effect(() => {
    if (signIn.value.is !== "in") clear();
  });
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, footer];
}

/** Why the browser's own print gives nothing, and what would. An auditor's sheet has its button whatever else may not leave. */
function Note() {
  const { notPrinted, bars, byButton } = t.value.reason;
  const isAuditor = session.value?.roles?.includes("audit");
  return (
    <main>
      <h1>{notPrinted}</h1>
      <p>{bar.value && !isAuditor ? bars[bar.value] : byButton}</p>
    </main>
  );
}

/** Prints a sheet once that is on the access record; `footer` is on each of its pages. */
export function printOut(
  leaving: Omit<Leaving, "action">,
  sheet: () => ComponentChild,
  footerText = "",
): void {
  handOver({ ...leaving, action: "print" }, () => {
    fill(sheet());
    isFilled = true;
    footer.replaceSync(footerText && footerOf(footerText));
    window.print();
  });
}

function fill(what: ComponentChild) {
  document.documentElement.dataset.paper = "";
  render(what, paper());
}

function clear() {
  delete document.documentElement.dataset.paper;
  footer.replaceSync("");
  render(null, paper());
  isFilled = false;
}

function paper(): HTMLElement {
  return document.getElementById("paper")!;
}

/** A rule for the margin of a page cannot be set on an element. */
const footer = new CSSStyleSheet();

function footerOf(text: string): string {
  const quoted = text.replace(/["\\]/g, (mark) => `\\${mark}`);
  return `@media print { @page { @bottom-left { content: "${quoted}"; font: 8pt sans-serif; } } }`;
}
