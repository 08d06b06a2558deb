// What the server tells the browser to fetch beside the scripts (web/scripts/preload.mjs) is what the page then uses.
import { expect, test } from "@playwright/test";
import { portalOrigin, stateOf } from "../people.ts";

test("the posts of the home page are fetched once", async ({ browser }) => {
  const context = await browser.newContext({ storageState: stateOf("member"), baseURL: portalOrigin });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/v1/portal/posts")) asked.push(new URL(request.url()).search);
  });
  await page.goto("/");
  await page.getByRole("main").getByRole("article").first().waitFor();
  await page.waitForLoadState("networkidle");
  expect(await page.locator('link[rel="preload"][as="fetch"]').count()).toBe(1);
  expect(asked).toEqual(["?limit=20"]);
  await context.close();
});
