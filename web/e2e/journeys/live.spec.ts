import { axeOf } from "../axe.ts";
import { expect, journey, unique, type Person } from "../journey.ts";

/** Opens a page anew, and waits until its stream is open. */
async function listens({ page }: Person): Promise<void> {
  const opened = page.waitForResponse("**/api/v1/activity/feed/live");
  await page.reload();
  await opened;
}

journey("another member's post arrives on open pages, on a desk and on a phone", async ({ t, as }) => {
  const text = unique("Lamps are lit");
  const desk = await as("admin");
  const phone = await as("member", "/", { viewport: { width: 390, height: 844 } });
  for (const reader of [desk, phone]) await listens(reader);
  const author = await as("second", "/?write=true");
  await author.page.getByLabel(t("posts.text"), { exact: true }).fill(text);
  await author.page.getByRole("button", { name: t("posts.publish") }).click();
  await expect(author.page.getByRole("article").filter({ hasText: text })).toBeVisible();
  for (const { page } of [desk, phone]) {
    const arrived = page.getByRole("status").getByRole("button", { name: /\d/ });
    await expect(arrived).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(text)).toHaveCount(0);
    const violations = await axeOf(page);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(), colorScheme).toEqual([]);
    }
    await arrived.click();
    await expect(page.getByText(text)).toBeVisible();
  }
});

journey("reactions and comments arrive on the open page of a post, and its author is told of them at once", async ({ t, as }) => {
  const title = unique("The bridge holds");
  const author = await as("second", "/news/new");
  await author.page.getByRole("textbox", { name: t("news.title") }).fill(title);
  await author.page.getByRole("textbox", { name: t("news.text"), exact: true }).fill("We cross on **Friday**.");
  await author.page.getByRole("button", { name: t("news.publish"), exact: true }).click();
  await expect(author.page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await listens(author);
  const told = await as("second", "/notifications");

  const { page: reader } = await as("member", author.page.url());
  await reader.getByRole("button", { name: t("news.react") }).click();
  await reader.getByRole("menuitem", { name: "🔥" }).click();
  await expect(author.page.getByRole("button", { name: "🔥" })).toBeVisible({ timeout: 30_000 });
  await reader.getByRole("textbox", { name: t("news.comment.label") }).fill("Count me in");
  await reader.getByRole("button", { name: t("news.comment.send"), exact: true }).click();
  await expect(author.page.getByText("Count me in")).toBeVisible({ timeout: 30_000 });
  await expect(told.page.getByRole("link", { name: title }).first()).toBeVisible({ timeout: 30_000 });
  await expect(told.page.getByRole("banner").locator("a[href='/notifications']")).toHaveAccessibleName(/\d/);

  await author.page.getByRole("button", { name: t("news.actions", { title }) }).click();
  await author.page.getByRole("menuitem", { name: t("news.delete"), exact: true }).click();
  await author.page.getByRole("button", { name: t("news.delete"), exact: true }).click();
  await expect(reader.getByRole("heading", { level: 1, name: title })).toHaveCount(0, { timeout: 30_000 });
});
