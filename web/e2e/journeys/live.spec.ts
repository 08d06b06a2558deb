import { expect, journey, unique } from "../journey.ts";

journey("another member's post arrives on an open page", async ({ t, as }) => {
  const text = unique("Lamps are lit");
  const reader = await as("admin");
  const waiting = reader.page.waitForResponse("**/api/v1/activity/feed/live");
  await reader.page.reload();
  await waiting;
  const author = await as("second", "/?write=true");
  await author.page.getByLabel(t("posts.text"), { exact: true }).fill(text);
  await author.page.getByRole("button", { name: t("posts.publish") }).click();
  await expect(author.page.getByRole("article").filter({ hasText: text })).toBeVisible();

  const arrived = reader.page.getByRole("status").getByRole("button", { name: /\d/ });
  await expect(arrived).toBeVisible({ timeout: 30_000 });
  await expect(reader.page.getByText(text)).toHaveCount(0);
  await arrived.click();
  await expect(reader.page.getByText(text)).toBeVisible();
});
