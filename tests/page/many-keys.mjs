// Thousands of billing keys from a file, in the browser and at the real pace: stopped in the
// middle, continued, the failed ones asked for again. Run by pkg-scripts/check/many-keys.mjs.

import assert from "node:assert/strict";
import { eventually } from "../worker/workers.mjs";
import { setStage } from "./stage.mjs";

/** @import { Visitor } from "./stage.mjs" */

/** As the page and the Worker pace them. */
const INTERVAL_S = 0.2;
const FAILING = 7;

/**
 * Fails where something is not as it should be; otherwise resolves to the figures.
 *
 * @param {number} all
 */
export async function lookUpManyKeys(all) {
  const stage = await setStage();
  try {
    const visitor = await stage.visit();
    const { page } = visitor;
    /** @type {string[]} */
    const sent = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/api/billing-keys"))
        sent.push(...request.postDataJSON().payerIds);
    });
    const heap = heapOf(visitor);
    const settled = async () =>
      (await page.locator("progress").count())
        ? Number(await page.locator("progress").getAttribute("value"))
        : undefined;
    /** @type {(n: number) => Promise<void>} */
    const reaches = async (n) => {
      for (;;) {
        const now = await settled();
        if (now === undefined || now >= n) return;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    };

    const keys = Array.from({ length: all }, (_, at) => keyAt(at));
    const lines = keys.map((key, at) => `이름 ${at},${key},국민은행`);
    await page.locator("#tab-billing").click();
    await page.locator("[data-part=key-file] input[type=file]").setInputFiles({
      name: "keys.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(`이름,빌링키,은행\n${lines.join("\n")}\n`),
    });
    /** @type {Record<string | number, number>} */
    const heaps = { before: await heap() };
    // A reply that cannot be read is not tried again by the Worker.
    stage.sandbox.queueFault({
      endpoint: "billing",
      fault: "FAULT_200_HTML",
      times: FAILING,
    });
    let seconds = 0;
    let startedAt = performance.now();
    await page.locator("[data-part=key-source-go] button").click();
    await page.locator("progress").waitFor();
    const tenth = Math.round(all / 10);
    await reaches(tenth);
    heaps[tenth] = await heap();

    // A stop ends the requests, and what was found stays.
    await reaches(Math.round(all / 4));
    await page.getByRole("button", { name: "중지" }).click();
    seconds += (performance.now() - startedAt) / 1_000;
    const left = Number(
      (await page.getByRole("button", { name: /^남은/ }).innerText()).replace(/\D/g, ""),
    );
    const sentAtStop = sent.length;
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    assert.equal(sent.length, sentAtStop, "nothing is sent after a stop");

    startedAt = performance.now();
    await page.getByRole("button", { name: /^남은/ }).click();
    await reaches(Math.round(all / 2));
    heaps[Math.round(all / 2)] = await heap();
    await reaches(all);
    await page.locator("progress").waitFor({ state: "detached", timeout: 120_000 });
    seconds += (performance.now() - startedAt) / 1_000;
    heaps[all] = await heap();

    const paced = all * INTERVAL_S;
    assert.ok(seconds < paced * 1.25 + 15, `${seconds} s where the pacing takes ${paced} s`);
    const growth = heaps[all] - heaps[tenth];
    assert.ok(growth < 8, `${growth} MB more after ${all} keys than after ${tenth}`);
    // Those under way at the stop were asked for again, and no other.
    assert.equal(new Set(sent).size, all);
    const again = sent.length - all;
    assert.ok(again <= 2 * 5, `${again} keys were asked for twice`);

    // A retry asks for the failed ones alone.
    const title = () => page.locator("#cards-title").innerText();
    const failed = Number((await title()).match(/실패 (\d+)개/)?.[1]);
    assert.ok(failed > 0 && failed <= FAILING, await title());
    const before = sent.length;
    await page.getByRole("button", { name: /^실패한/ }).click();
    await eventually(async () => assert.match(await title(), /^등록 200개 · 미등록 [\d,]+개$/));
    assert.equal(sent.length - before, failed);
    assert.ok((await page.locator("[data-part=key-row]").count()) < 60);
    visitor.assertCalm();
    /** @type {(n: number) => number} */
    const round = (n) => Math.round(n * 10) / 10;
    return {
      keys: all,
      seconds: round(seconds),
      pacing_seconds: round(paced),
      heap_mb: Object.fromEntries(Object.entries(heaps).map(([at, mb]) => [at, round(mb)])),
      left_at_the_stop: left,
      asked_again_after_it: again,
      failed_and_retried: failed,
      outcome: await title(),
    };
  } finally {
    await stage.close();
  }
}

/**
 * A hundred cards and a hundred accounts that the sandbox knows, and as many as wanted that it does
 * not.
 *
 * @param {number} at
 */
function keyAt(at) {
  const number = String((at % 100) + 1).padStart(3, "0");
  if (at < 100) return `BK_CARD_${number}`;
  if (at < 200) return `BK_ACCOUNT_${number}`;
  return `UNKNOWN-${String(at).padStart(6, "0")}`;
}

/**
 * JavaScript's heap in MB, without what is garbage.
 *
 * @param {Visitor} visitor
 */
function heapOf({ context, page }) {
  return async () => {
    const session = await context.newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    await session.detach();
    return usedSize / 2 ** 20;
  };
}
