import { draftAchievement } from "../achievements.ts";
import { expect, journey, unique } from "../journey.ts";

journey("who gets a badge is told of it by the bell, reads it, and can do without", async ({ t, as }) => {
  const name = unique("Full hold");
  // Journeys run in both languages at once, and a person has one inbox.
  const holder = t("nav.polls") === "Опросы" ? ({ who: "second", id: "03" } as const) : ({ who: "member", id: "02" } as const);
  const { page } = await as("admin");
  const achievement = await draftAchievement(page, t, name);
  await page.getByRole("button", { name: t("achievements.publish"), exact: true }).click();
  await expect(page.getByText(t("achievements.state.draft"))).toHaveCount(0);
  await page
    .getByRole("button", { name: t("achievements.grant"), exact: true })
    .first()
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: t("achievements.grant.by.table") }).click();
  await dialog
    .getByRole("textbox", { name: t("achievements.grant.csv") })
    .fill(`00000000-0000-4000-8000-0000000000${holder.id};for the cargo`);
  await dialog.getByRole("button", { name: t("achievements.grant.check") }).click();
  await dialog.getByRole("button", { name: t("achievements.grant.now", { n: 1 }) }).click();
  await expect(page.getByText("for the cargo")).toBeVisible();

  const { page: own } = await as(holder.who);
  await own.getByRole("banner").locator("a[href='/notifications']").click();
  const row = own.getByRole("listitem").filter({ hasText: name });
  await expect(async () => {
    await own.reload(); // the notice is on its way
    await expect(row).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await expect(row.getByText(t("notifications.new"))).toBeAttached();
  await row.getByRole("link", { name }).click();
  await expect(own).toHaveURL(new RegExp(`${achievement}$`));
  await own.goBack();
  await expect(row).toBeVisible();
  await expect(row.getByText(t("notifications.new"))).toHaveCount(0);
  await row.getByRole("button").click();
  await expect(row).toHaveCount(0);

  await own.getByRole("link", { name: t("notifications.preferences") }).click();
  const level = t("notifications.channel.of", { kind: t("notifications.kind.level"), channel: t("notifications.channel.email") });
  const tick = own.getByRole("checkbox", { name: level });
  const before = await tick.isChecked();
  await tick.click();
  await expect(own.getByText(t("notifications.saved"))).toBeVisible();
  await own.reload();
  await expect(tick).toBeChecked({ checked: !before });
});
