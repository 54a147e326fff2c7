// Measures the page with 10,000 rows in a real browser, against the real Worker and the sandbox.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../pkg-scripts/common/checkout.mjs";
import { gzipSize } from "../../pkg-scripts/measure/sizes.mjs";
import { setStage } from "../page/stage.mjs";

/** @import { Page } from "playwright-core" */

/**
 * The page's measures: `{ name, ours, goal, unit, n }`, medians of `n` runs; smaller is better. The
 * Worker and the page must have been built.
 */
export async function measurePage({ runs = 5 } = {}) {
  const stage = await setStage();
  try {
    /** @type {Awaited<ReturnType<typeof measureOnce>>[]} */
    const samples = [];
    for (let run = 0; run < runs; run += 1) {
      // Nothing is pressed but what is measured.
      const visitor = await stage.visit({ seesNames: false });
      samples.push(await measureOnce(visitor.page));
      await visitor.leave();
    }
    const measure = (
      /** @type {keyof typeof samples[number]} */ name,
      /** @type {string} */ unit,
      /** @type {number} */ goal,
    ) => ({
      name,
      ours: median(samples.map((sample) => sample[name])),
      goal,
      unit,
      n: runs,
    });
    return [
      measure("page_10k_usable_ms", "ms after the reply", 1_000),
      measure("page_10k_dom_nodes", "nodes", 2_000),
      measure("page_10k_sort_amount_ms", "ms to the next frame", 200),
      measure("page_10k_sort_text_ms", "ms to the next frame", 200),
      measure("page_10k_filter_ms", "ms to the next frame", 200),
      measure("page_10k_scroll_ms", "ms to the next frame, at most", 100),
      { name: "page_first_view_gzip_kb", ours: firstViewKb(), goal: 200, unit: "KB", n: 1 },
    ];
  } finally {
    await stage.close();
  }
}

async function measureOnce(/** @type {Page} */ page) {
  // In the page, so that the way to this process does not count.
  return page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    /** @returns {Promise<void>} */
    const appearance = (/** @type {string} */ selector) =>
      new Promise((resolve) => {
        const look = () => {
          if (!document.querySelector(selector)) return;
          observer.disconnect();
          resolve();
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { childList: true, subtree: true });
        look();
      });
    const after = async (/** @type {() => void} */ action) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      const startedAt = performance.now();
      action();
      await frame();
      return performance.now() - startedAt;
    };
    /**
     * @template {HTMLElement} [E=HTMLButtonElement]
     * @returns {E}
     */
    const part = (/** @type {string} */ selector) => {
      const found = document.querySelector(selector);
      if (!found) throw new Error(`nothing is ${selector}`);
      return /** @type {E} */ (found);
    };
    const type = (/** @type {string} */ selector, /** @type {string} */ text) => {
      /** @type {HTMLInputElement} */
      const input = part(selector);
      input.value = text;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const sortBy = (/** @type {string} */ column) =>
      part(`[role=columnheader][data-field="${column}"] button`).click();

    /** The slowest of sixty turns of the screen. */
    const scroll = async () => {
      const grid = part("[data-part=grid]");
      let slowest = 0;
      for (let turn = 0; turn < 60; turn += 1) {
        const startedAt = performance.now();
        grid.scrollTop += 2_000;
        await frame();
        slowest = Math.max(slowest, performance.now() - startedAt);
      }
      grid.scrollTop = 0;
      return slowest;
    };

    type("#group-key", "ROWS_10000");
    part("#group-key").form?.requestSubmit();
    await appearance('[aria-rowindex="2"]');
    await frame();
    const usableAt = performance.now();
    // One of the names is searched for below.
    part("[data-part=show-names]").click();
    while (document.querySelector("[data-part=show-names]")) await frame();
    const resources = /** @type {PerformanceResourceTiming[]} */ (
      performance.getEntriesByType("resource")
    );
    const reply = resources.findLast(({ name }) => name.endsWith("/api/payout-requests"));
    return {
      page_10k_usable_ms: usableAt - (reply?.responseEnd ?? Number.NaN),
      page_10k_sort_amount_ms: await after(() => sortBy("amount")),
      page_10k_sort_text_ms: await after(() => sortBy("printContent")),
      page_10k_scroll_ms: await scroll(),
      page_10k_filter_ms: await after(() => type("input[type=search]", "강서윤")),
      page_10k_dom_nodes: await after(() => type("input[type=search]", "")).then(
        () => document.querySelectorAll("*").length,
      ),
    };
  });
}

/**
 * Everything that is loaded before the first look-up; charts, the readers of files and the access
 * record come later.
 */
function firstViewKb() {
  const dist = "www/dist";
  const files = readdirSync(join(root, dist, "assets")).filter((name) =>
    FIRST.some((start) => name.startsWith(start)),
  );
  const bytes = gzipSize(
    `${dist}/index.html`,
    `${dist}/favicon-test.svg`,
    ...files.map((name) => `${dist}/assets/${name}`),
  );
  return Math.round(bytes / 100) / 10;
}

const FIRST = ["index-", "rolldown-runtime-", "payple_edge_bg-"];

function median(/** @type {number[]} */ values) {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)] * 10) / 10;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const measured = await measurePage();
  if (process.argv.includes("--json")) process.stdout.write(JSON.stringify(measured));
  else console.table(measured);
}
