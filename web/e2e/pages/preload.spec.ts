// What the server tells the browser to fetch beside the scripts (web/scripts/preload.mjs) is what the page then uses.
import { expect, test } from "@playwright/test";
import { portalOrigin, stateOf } from "../people.ts";
import { achievement, chess, heart, id, open, openings, poll } from "./demo.ts";

const somePost = async (ask: (path: string) => Promise<unknown>) => {
  const { items } = (await ask("/api/v1/portal/posts?limit=1")) as { items: { id: string }[] }; // the server's list
  return `/posts/${items[0]?.id}`;
};

const pages = {
  "/": "/",
  "/achievements": "/achievements",
  "/achievements/$id": achievement(heart),
  "/c/$id": chess,
  "/t/$id": openings,
  "/communities": "/communities",
  "/events": "/events",
  "/people": "/people",
  "/people/$id": `/people/${id("02")}`,
  "/polls": "/polls",
  "/polls/$id": poll(open),
  "/posts/$id": somePost,
} as const;

for (const [path, address] of Object.entries(pages)) {
  test(`what the page of ${path} asks for first is fetched once`, async ({ browser }) => {
    const context = await browser.newContext({ storageState: stateOf("member"), baseURL: portalOrigin });
    const page = await context.newPage();
    const ask = async (of: string) => {
      await page.goto("/");
      return page.evaluate(async (a) => (await fetch(a)).json() as Promise<unknown>, of);
    };
    const where = typeof address === "string" ? address : await address(ask);
    const asked: string[] = [];
    page.on("request", (request) => void asked.push(request.url().replace(portalOrigin, "")));
    await page.goto(where);
    await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
    const links = await page.locator('link[rel="preload"][as="fetch"]').evaluateAll((all) => all.map((l) => l.getAttribute("href") ?? ""));
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect.soft(asked.filter((a) => a === link)).toEqual([link]);
    await context.close();
  });
}
