import { setStage } from "./stage.mjs";

const stage = await setStage({ test: { settings: { EXPORT_REASON: "off" } } });
const small = {
  viewport: { width: 360, height: 780 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 1.5,
};
{
  const v = await stage.visit({});
  const { page } = v;
  await v.lookUpGroup("CLEAN_128");
  await page.locator("[data-part=verdict]").waitFor();
  let acts = 0,
    downs = 0;
  page.on("download", () => downs++);
  await page.route("**/api/actions", async (r) => {
    acts++;
    await new Promise((f) => setTimeout(f, 1500));
    r.continue();
  });
  const b = page.getByRole("button", { name: "CSV 저장", exact: true }).first();
  await b.click();
  await b.click();
  await b.click();
  console.log("status", await page.getByRole("status").allInnerTexts());
  await page.waitForTimeout(4000);
  console.log({ acts, downs });
  await v.leave();
}
for (const [n, o] of [
  ["p", { screen: small }],
  ["e", { language: "en", scheme: "dark" }],
]) {
  const v = await stage.visit(o);
  const { page } = v;
  await v.lookUpGroup("MANY_FINDINGS");
  await page.locator("[data-part=verdict]").waitFor();
  await page
    .locator("[data-part=expect] input[type=file]")
    .setInputFiles("tests/page/sheets/payments.xlsx");
  await page.locator("[data-part=list]").waitFor();
  await page.locator("[data-part=list-go] button").click();
  await page.locator("[data-part=outcome]").waitFor();
  await page.waitForTimeout(1000);
  await page.screenshot({ path: `/tmp/p28_${n}1.png`, fullPage: true });
  await v.lookUpKeys("BK_CARD_001", "BK_ACCOUNT_001", "BK_OTHER", "BK_UNKNOWN", "FAULT_200_HTML");
  await page.waitForTimeout(4000);
  await page.screenshot({ path: `/tmp/p28_${n}2.png`, fullPage: true });
  await v.leave();
}
await stage.close();
