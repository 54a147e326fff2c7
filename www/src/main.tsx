// Starts the page.

import "./style/index.css";
import { render } from "preact";
import { App, dropPlace } from "./app";
import { acceptDrops } from "./files/drop";
import { keepFocus, listenForShortcuts } from "./parts/focus";
import { printable } from "./review/print-sheet";
import { discover } from "./session";
import { applySettings } from "./settings";

applySettings();
render(<App />, document.getElementById("app")!);
acceptDrops(dropPlace);
printable(document.getElementById("paper")!);
keepFocus();
listenForShortcuts();
void discover();
