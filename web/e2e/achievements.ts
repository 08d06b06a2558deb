// What journeys about achievements share.
import { expect, type Page } from "@playwright/test";
import { picture } from "./picture.ts";
import type { Words } from "./words.ts";

/** A draft of an achievement, by the page that makes one. Gives the address of its page. */
export async function draftAchievement(page: Page, t: Words, name: string): Promise<string> {
  await page.goto("/achievements/new");
  await page
    .getByRole("textbox", { name: /\((English|английский)\)/ })
    .first()
    .fill(name);
  await page.locator('input[type="file"]').first().setInputFiles({ name: "patch.png", mimeType: "image/png", buffer: picture });
  await expect(page.getByRole("button", { name: t("achievements.picture.remove"), exact: true })).toBeVisible();
  await page.getByRole("button", { name: t("achievements.saveDraft"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  return new URL(page.url()).pathname;
}
