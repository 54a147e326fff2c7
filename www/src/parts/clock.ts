// What time it is, as coarsely as the page needs to know it.

import { signal } from "@preact/signals";

export const now = signal(Date.now());

function tick() {
  now.value = Date.now();
}

setInterval(tick, 5_000);
// A laptop that slept has missed its ticks.
document.addEventListener("visibilitychange", tick);
