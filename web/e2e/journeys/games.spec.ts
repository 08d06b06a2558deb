import { expect, journey } from "../journey.ts";

journey("what is read of a linked account is shown to its owner, who decides who else sees it", async ({ language, t, as }) => {
  const { page } = await as("member", "/settings?part=games");
  await expect(page.getByRole("heading", { name: /^Steam/ })).toBeVisible();
  await expect(async () => {
    await page.reload(); // it is read in the background
    await expect(page.getByText("Portal 2")).toBeVisible({ timeout: 2_000 });
  }).toPass();
  if (language !== "en") return; // the person has one account, and journeys run in both languages at once
  const seen = page.getByRole("button", { name: t("settings.games.seen") });
  await seen.click();
  await page.getByRole("option", { name: t("settings.games.seen.private") }).click();
  await expect(seen).toContainText(t("settings.games.seen.private"));
  await page.reload();
  await expect(seen).toContainText(t("settings.games.seen.private"));
  await seen.click();
  await page.getByRole("option", { name: t("settings.games.seen.community") }).click();
  await expect(seen).toContainText(t("settings.games.seen.community"));
});
