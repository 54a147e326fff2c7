// The shortest way through the page: sign in, look up a group and two billing keys, and read what
// Payple says of them.

import { after, before, describe, test } from "node:test";
import { ACCOUNT, CARD, DESKTOP, GROUP, LANGUAGES, PHONE, setStage, shows } from "./stage.mjs";

/** @import { Stage } from "./stage.mjs" */

describe("both look-ups in the page", () => {
  /** @type {Stage} */
  let stage;
  before(async () => (stage = await setStage()));
  after(() => stage?.close());

  for (const language of LANGUAGES) {
    for (const [size, screen] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      test(`the sample group is shown as consistent (${language}, ${size})`, async () => {
        const { page, lookUpGroup, assertCalm, assertAccessible, leave } = await stage.visit({
          language,
          screen,
        });
        await lookUpGroup(GROUP);

        const verdict = page.locator("[data-part=verdict]");
        await verdict.waitFor();
        await shows(
          verdict,
          language === "ko" ? /오류는 없습니다. 확인 필요 4건/ : /No errors, 4 items/,
        );
        await shows(
          verdict.locator("[data-part=totals]"),
          language === "ko" ? /₩4,000\s+4건/ : /₩4,000\s+4\s/,
        );
        await shows(() => page.getByRole("grid").getAttribute("aria-rowcount"), "5");
        await shows(() => page.locator("[data-part=grid-body] [role=row]").count(), 4);
        await assertAccessible();
        assertCalm();
        await leave();
      });

      test(`the sample billing keys show their card and their account (${language}, ${size})`, async () => {
        const { page, lookUpKeys, assertCalm, assertAccessible, leave } = await stage.visit({
          language,
          screen,
        });
        await lookUpKeys(CARD, ACCOUNT);

        const card = page.locator("[data-part=key-card][data-type=card]");
        await card.waitFor();
        await shows(() => card.innerText(), /BC카드[\s\S]*0200[\s\S]*1111-\*{4}-\*{4}-2222/);
        const account = page.locator("[data-part=key-card][data-type=transfer]");
        await account.waitFor();
        await shows(account, /하나은행[\s\S]*081[\s\S]*123-\*+-021/);
        await assertAccessible();
        assertCalm();
        await leave();
      });
    }
  }
});
