import { choose, expect, journey, pick, unique, type Words } from "../journey.ts";
import { names } from "../people.ts";
import { picture } from "../picture.ts";
import type { Page } from "@playwright/test";

/** A draft of an achievement, by the page that makes one. Gives the address of its page. */
async function draft(page: Page, t: Words, name: string): Promise<string> {
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

/** An event of today that has begun. Gives the address of its page. */
async function eventToday(page: Page, t: Words, title: string): Promise<string> {
  await page.goto("/events/new");
  await page.getByRole("textbox", { name: t("calendar.field.title") }).fill(title);
  await page.getByRole("switch", { name: t("calendar.field.allDay") }).press("Space");
  const today = await page.evaluate(() => new Date().toISOString().slice(0, 10));
  await page.getByLabel(t("calendar.field.firstDay"), { exact: true }).fill(today);
  await page.getByRole("button", { name: t("calendar.save.new"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  return new URL(page.url()).pathname;
}

journey("a rule is written, tried and published; a member attends, and the badge appears on pages that are open", async ({ t, as }) => {
  const name = unique("Night walker");
  const title = unique("Night walk");
  const { page } = await as("admin");
  const event = await eventToday(page, t, title);
  const member = await as("member", event);
  await member.page.getByRole("button", { name: t("calendar.answer.going"), exact: true }).click();
  await expect(member.page.getByRole("heading", { name: t("calendar.answer.is.going") })).toBeVisible();

  const achievement = await draft(page, t, name);
  const press = (key: string) => page.getByRole("button", { name: t(key), exact: true }).click();
  await page.getByRole("link", { name: t("achievements.rule.give"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: t("rules.title") })).toBeVisible();
  await choose(page, page.getByRole("button", { name: new RegExp(t("rules.measure")) }), new RegExp(`^${t("rules.measure.distinct")}`));
  await press("rules.field.event");
  await page.getByRole("button", { name: t("rules.save"), exact: true }).click();
  await expect(page.getByText(t("rules.filter.empty"))).toBeVisible();
  await pick(page, page.getByRole("combobox", { name: t("rules.pick.event") }), title);
  const words = page.getByRole("complementary", { name: t("rules.words") });
  await expect(words.getByRole("link", { name: title })).toBeVisible();
  await press("rules.dryRun");
  await expect(page.getByRole("heading", { name: t("rules.dryRun.none") })).toBeVisible();
  await press("rules.save");
  await expect(words.getByText(t("achievements.rule.waits"))).toBeVisible();
  await page.goto(achievement);
  await press("achievements.publish");
  await expect(page.getByText(t("achievements.rule.runs"))).toBeVisible();

  // Pages of the member stay open: that of the achievement, and the own profile.
  const watching = await as("member", achievement);
  await expect(watching.page.getByText(t("achievements.progress", { have: 0, need: 1 }))).toBeVisible();
  const profile = await as("member", "/people/00000000-0000-4000-8000-000000000002");
  const sewnOn = profile.page.getByRole("region", { name: t("achievements.showcase") });
  await expect(sewnOn).toBeVisible();
  await expect(sewnOn.getByRole("link", { name })).toHaveCount(0);
  await page.goto(event);
  await page.getByRole("link", { name: t("calendar.checkIn"), exact: true }).click();
  const row = page.getByRole("listitem").filter({ hasText: names.member });
  await row.getByRole("button", { name: t("calendar.checkIn.mark"), exact: true }).click();
  await expect(row.getByRole("button", { name: t("calendar.checkIn.unmark"), exact: true })).toBeVisible();
  const holders = watching.page.getByRole("region", { name: t("achievements.grants") });
  await expect(holders.getByText(names.member)).toBeVisible({ timeout: 30_000 });
  await expect(watching.page.getByText(t("achievements.progress.met"))).toBeVisible({ timeout: 30_000 });
  await expect(sewnOn.getByRole("link", { name })).toBeVisible({ timeout: 30_000 });

  // Now the rule says who has it, and it can be deleted without taking anything back.
  await page.goto(`${achievement}/rule`);
  await press("rules.dryRun");
  await expect(page.getByRole("listitem").filter({ hasText: names.member }).getByText(t("rules.dryRun.met"))).toBeVisible();
  await press("rules.delete");
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: t("rules.delete"), exact: true })
    .click();
  await expect(page.getByRole("link", { name: t("achievements.rule.give"), exact: true })).toBeVisible();
  await expect(page.getByRole("region", { name: t("achievements.grants") }).getByText(names.member)).toBeVisible();
});

journey("members nominate another one: one nomination is declined with a reason, the other approved", async ({ t, as }) => {
  const name = unique("Good neighbour");
  const { page } = await as("admin");
  const achievement = await draft(page, t, name);
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
