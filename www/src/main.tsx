// Starts the page.

import { render } from "preact";
import { App } from "./app";
import { printable } from "./payout/print-sheet";
import { discover } from "./session";
import { applySettings } from "./settings";
import "./style/index.css";

applySettings();
render(<App />, document.getElementById("app")!);
printable(document.getElementById("paper")!);
void discover();
