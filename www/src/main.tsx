// Starts the page.

import "./style/index.css";
import { render } from "preact";
import { App, dropPlace } from "./app";
import { acceptDrops } from "./files/drop";
import { layPaper } from "./files/paper";
import { keepFocus, listenForShortcuts } from "./parts/focus";
import { discover } from "./session";
import { applySettings } from "./settings";

applySettings();
render(<App />, document.getElementById("app")!);
acceptDrops(dropPlace);
layPaper();
keepFocus();
listenForShortcuts();
void discover();
