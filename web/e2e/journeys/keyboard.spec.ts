import type { Page } from "@playwright/test";
import { expect, journey, unique } from "../journey.ts";

/** Finds an entry of the palette and opens it. What the search finds stands before it, and can come at any time. */
async function byPalette(page: Page, label: string, entry: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("searchbox", { name: label }).waitFor();
  await page.keyboard.type(entry);
  const wanted = page.getByRole("menuitem", { name: entry, exact: true });
  await expect(wanted).toBeVisible();
  await expect(async () => {
    await page.keyboard.press("ArrowDown");
    await expect(wanted).toHaveAttribute("data-focused", "true", { timeout: 500 });
  }).toPass();
  await page.keyboard.press("Enter");
}

journey("without a mouse: find a page by the palette, write a post, open it", async ({ t, as }) => {
  const text = unique("By keyboard");
  const { page } = await as("member");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await byPalette(page, t("palette.open"), t("nav.people"));
  await expect(page).toHaveURL(/\/people$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();

  await byPalette(page, t("palette.open"), t("palette.write"));
  const field = page.getByLabel(t("posts.text"), { exact: true });
  await field.focus();
  await page.keyboard.type(text);
  const publish = page.getByRole("button", { name: t("posts.publish") });
  for (let i = 0; i < 30 && !(await publish.evaluate((b) => b === document.activeElement)); i++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("article").getByText(text)).toBeVisible();
});
