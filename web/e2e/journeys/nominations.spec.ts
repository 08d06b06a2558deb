import { draftAchievement } from "../achievements.ts";
import { expect, journey, pick, unique } from "../journey.ts";
import { names } from "../people.ts";

journey("members nominate another one: one nomination is declined with a reason, the other approved", async ({ t, as }) => {
  const name = unique("Good neighbour");
  const { page } = await as("admin");
  const achievement = await draftAchievement(page, t, name);
  await page.getByRole("button", { name: t("achievements.publish"), exact: true }).click();
  await expect(page.getByText(t("achievements.state.draft"))).toHaveCount(0);
  const why = { member: unique("Carried the tables"), second: unique("Brought the lamps") };
  const nominee = { member: names.second, second: names.member };
  for (const who of ["member", "second"] as const) {
    const nominator = await as(who, achievement);
    await nominator.page.getByRole("button", { name: t("achievements.nominate"), exact: true }).click();
    const dialog = nominator.page.getByRole("dialog");
    await pick(nominator.page, dialog.getByRole("combobox", { name: t("achievements.nominate.who") }), nominee[who]);
    await dialog.getByRole("textbox", { name: t("achievements.nominate.why") }).fill(why[who]);
    await dialog.getByRole("button", { name: t("achievements.nominate"), exact: true }).click();
    await expect(nominator.page.getByText(t("achievements.nominate.done"))).toBeVisible();
  }

  await page.goto("/achievements");
  await page.getByRole("link", { name: new RegExp(`^${t("achievements.nominations")}`) }).click();
  const decide = async (text: string, decision: "approve" | "decline", reason: string) => {
    await page
      .getByRole("listitem")
      .filter({ hasText: text })
      .getByRole("button", { name: t(`achievements.nominations.${decision}`), exact: true })
      .click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("textbox", { name: t("achievements.nominations.reason") }).fill(reason);
    await dialog.getByRole("button", { name: t(`achievements.nominations.${decision}`), exact: true }).click();
    await expect(page.getByRole("listitem").filter({ hasText: text })).toHaveCount(0);
  };
  await decide(why.second, "decline", "Not this time");
  await decide(why.member, "approve", "For the tables");

  const mine = await as("second", "/achievements/nominations");
  await expect(mine.page.getByRole("listitem").filter({ hasText: why.second }).getByText("Not this time")).toBeVisible();
  const holders = await as("member", achievement);
  await expect(holders.page.getByRole("region", { name: t("achievements.grants") }).getByText("For the tables")).toBeVisible();
});
