import type { Page } from "@playwright/test";
import { jwtVerify } from "jose";
import { draftAchievement } from "../achievements.ts";
import { api, revoked, verified } from "../verification.ts";
import { choose, expect, journey, named, pick, textOf, unique, type Words } from "../journey.ts";
import { names } from "../people.ts";

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

/** Another program verifies the file of a page, refuses one with another byte, and finds it not revoked. Gives the badge. */
async function verifiedElsewhere(page: Page, path: string): Promise<string> {
  const token = await textOf(page, `${api}/badges/shared${path.replace("/badges", "")}/credential`);
  const { payload, keys, options } = await verified(page, token);
  expect(payload.credentialSubject.identifier).toBeUndefined();
  expect(await textOf(page, new URL(payload.credentialSubject.achievement.id).pathname)).toContain(
    payload.credentialSubject.achievement.name,
  );
  for (const at of [5, Math.floor(token.length / 2), token.length - 40]) {
    const other = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
    await expect(jwtVerify(other, keys, options)).rejects.toThrow();
  }
  expect(await revoked(page, token)).toBe(false);
  return token;
}

const profileOfMember = "/people/00000000-0000-4000-8000-000000000002";

journey(
  "a rule is written, tried and published; a member attends, the badge appears on open pages, and everybody verifies it until it is revoked",
  async ({ t, as }) => {
    const name = unique("Night walker");
    const title = unique("Night walk");
    const { page } = await as("admin");
    const press = (key: string) => page.getByRole("button", { name: t(key), exact: true }).click();
    const event = await eventToday(page, t, title);
    const member = await as("member", event);
    await member.page.getByRole("button", { name: t("calendar.answer.going"), exact: true }).click();
    await expect(member.page.getByRole("heading", { name: t("calendar.answer.is.going") })).toBeVisible();

    // The manager writes a rule, which grants to no one yet, and publishes.
    const achievement = await draftAchievement(page, t, name);
    await page.getByRole("link", { name: t("achievements.rule.give"), exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: t("rules.title") })).toBeVisible();
    await choose(page, page.getByRole("button", { name: new RegExp(t("rules.measure")) }), new RegExp(`^${t("rules.measure.distinct")}`));
    await press("rules.field.event");
    await press("rules.save");
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
    const holder = await as("member", achievement);
    await expect(holder.page.getByText(t("achievements.progress", { have: 0, need: 1 }))).toBeVisible();
    const profile = await as("member", profileOfMember);
    const sewnOn = profile.page.getByRole("region", { name: t("achievements.showcase") });
    await expect(sewnOn).toBeVisible();
    await expect(sewnOn.getByRole("link", { name })).toHaveCount(0);
    await page.goto(event);
    await page.getByRole("link", { name: t("calendar.checkIn"), exact: true }).click();
    const row = page.getByRole("listitem").filter({ hasText: names.member });
    await row.getByRole("button", { name: t("calendar.checkIn.mark"), exact: true }).click();
    await expect(row.getByRole("button", { name: t("calendar.checkIn.unmark"), exact: true })).toBeVisible();
    const holders = holder.page.getByRole("region", { name: t("achievements.grants") });
    await expect(holders.getByText(names.member)).toBeVisible({ timeout: 30_000 });
    await expect(holder.page.getByText(t("achievements.progress.met"))).toBeVisible({ timeout: 30_000 });
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
    const granted = page.getByRole("region", { name: t("achievements.grants") });
    await expect(granted.getByText(names.member)).toBeVisible();

    // The holder switches the public page on, and names no one.
    await sewnOn.getByRole("button", { name: t("achievements.share.of", { name }) }).click();
    await profile.page.getByRole("switch", { name: named(t("achievements.share.link")) }).click();
    const path = new URL(await profile.page.getByLabel(t("achievements.share.address")).inputValue()).pathname;
    const guest = await as(undefined, path);
    const verify = () => guest.page.getByRole("button", { name: t("badges.verify"), exact: true }).click();
    await expect(guest.page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(guest.page.getByText(t("badges.state.valid"), { exact: true })).toBeVisible();
    await expect(guest.page.getByText(names.member)).toHaveCount(0);
    await expect(guest.page.locator('meta[property="og:image"]')).toHaveAttribute("content", /badges\/shared\/.*\/image$/);
    await verify();
    await expect(guest.page.getByText(t("badges.verified"))).toBeVisible();
    const token = await verifiedElsewhere(guest.page, path);

    // Revoked: the page says so, and so does the list for other programs.
    await granted.getByRole("button", { name: t("achievements.revoke.of", { name: names.member }) }).click();
    await page
      .getByRole("alertdialog")
      .getByRole("button", { name: t("achievements.revoke"), exact: true })
      .click();
    await expect(granted.getByText(names.member)).toHaveCount(0);
    expect(await revoked(guest.page, token)).toBe(true);
    await guest.page.reload();
    await verify();
    await expect(guest.page.getByText(t("badges.refused"))).toBeVisible();

    // The former holder finds the page among the open ones, and withdraws it.
    await profile.page.goto(profileOfMember);
    await expect(sewnOn.getByRole("link", { name })).toHaveCount(0);
    await sewnOn.getByRole("button", { name: t("achievements.pages"), exact: true }).click();
    const open = profile.page.getByRole("dialog").getByRole("listitem").filter({ hasText: name });
    await expect(open.getByText(t("achievements.pages.revoked"))).toBeVisible();
    await open.getByRole("button", { name: t("achievements.pages.withdraw", { name }) }).click();
    await expect(open).toHaveCount(0);
    await guest.page.reload();
    await expect(guest.page.getByText(t("badges.unknown"))).toBeVisible();
  },
  /status of 404/,
);
