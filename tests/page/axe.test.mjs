// Nothing that axe finds, in any state of the page. `npm run axe` looks at each in every way:
// light, dark, forced colours, Korean, English, 1280 and 320 pixels wide; the tests at each in one
// way, and in every way at some.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chosen } from "../../pkg-scripts/common/program.mjs";
import { setStage, widthTooMuch } from "./stage.mjs";
import { covering, look, STATES, WAYS, whole } from "./states.mjs";

/**
 * @import { Page } from "playwright-core"
 * @import { Stage } from "./stage.mjs"
 */

const { AXE_MATRIX, AXE_STATES } = process.env;
const isWhole = AXE_MATRIX === "whole";
/** The states that were asked for, or all. */
const wanted = chosen(AXE_STATES, Object.keys(STATES), "state");

describe(`axe and the states of the page${isWhole ? ", whole" : ""}`, () => {
  /** @type {Stage} */
  let stage;
  before(async () => {
    stage = await setStage();
  });
  after(() => stage?.close());

  test("the covering set has every state, every way, and every state's way differs from the next", () => {
    const set = covering();
    assert.deepEqual(
      set.map(({ state }) => state),
      Object.keys(STATES),
    );
    assert.equal(
      new Set(set.flatMap(({ ways }) => ways.map(({ name }) => name))).size,
      WAYS.length,
    );
  });

  for (const { state, ways } of isWhole ? whole() : covering()) {
    if (!wanted.includes(state)) continue;
    test(isWhole ? state : `${state}, ${ways[0].name}`, async () => {
      const { enter, media, signsIn, seesNames } = STATES[state];
      stage.sandbox.reset();
      const visitor = await stage.visit({ signsIn, seesNames });
      await enter(visitor);
      const faults = [];
      for (const way of ways) {
        await look(visitor.page, way, media);
        faults.push(...(await faultsOf(visitor.page)).map((fault) => `${way.name}: ${fault}`));
      }
      assert.deepEqual(faults, []);
      visitor.assertCalm();
      await visitor.leave();
    });
  }
});

/**
 * What axe finds, and whether the page would have to be scrolled sideways.
 *
 * @param {Page} page
 */
async function faultsOf(page) {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).setLegacyMode();
  axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
  const { violations } = await axe.analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
  const wide = await widthTooMuch(page);
  return wide > 0 ? [...found, `${wide} pixels wider than the screen`] : found;
}
