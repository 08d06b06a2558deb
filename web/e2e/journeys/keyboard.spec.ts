import { expect, journey, unique } from "../journey.ts";

journey("without a mouse: find a page by the palette, write a post, open it", async ({ t, as }) => {
  const text = unique("By keyboard");
  const { page } = await as("member");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("searchbox", { name: t("palette.open") }).waitFor();
  await page.keyboard.type(t("nav.people"));
  await expect(page.getByRole("menuitem", { name: t("nav.people") })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/people$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();

  await page.keyboard.press("Control+k");
  await page.getByRole("searchbox", { name: t("palette.open") }).waitFor();
  await page.keyboard.type(t("palette.write"));
  await expect(page.getByRole("menuitem", { name: t("palette.write") })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const field = page.getByLabel(t("posts.text"), { exact: true });
  await field.focus();
  await page.keyboard.type(text);
  const publish = page.getByRole("button", { name: t("posts.publish") });
  for (let i = 0; i < 30 && !(await publish.evaluate((b) => b === document.activeElement)); i++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("article").getByText(text)).toBeVisible();
});
