// Starts the page.

import { render } from "preact";
import { App, isListWelcome } from "./app";
import { acceptDrops } from "./expect/drop";
import { keepFocus, listenForShortcuts } from "./parts/focus";
import { printable } from "./review/print-sheet";
import { discover } from "./session";
import { applySettings } from "./settings";
import "./style/index.css";

applySettings();
render(<App />, document.getElementById("app")!);
acceptDrops(isListWelcome);
printable(document.getElementById("paper")!);
keepFocus();
listenForShortcuts();
void discover();
