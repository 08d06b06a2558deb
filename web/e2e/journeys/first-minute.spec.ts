import type { Locator } from "@playwright/test";
import { expect, found, journey, signIn, unique } from "../journey.ts";
import { gamingOrigin, idOrigin } from "../people.ts";

/** Counts what a person has to decide and to write. */
class Effort {
  decisions = 0;
  fields = 0;
  async press(what: Locator) {
    this.decisions++;
    await what.click();
  }
  async write(where: Locator, text: string) {
    this.fields++;
    await where.fill(text);
  }
}

journey("an invitation link: four decisions and one text field, and the player is in the community", async ({ t, as }) => {
  const name = unique("Lighthouse keepers");
  const owner = await as("admin", "/communities?found=true");
  await found(owner.page, t, name);
  await owner.page.getByRole("link", { name: t("groups.invite"), exact: true }).click();
  await owner.page.getByRole("button", { name: t("groups.link.create") }).click();
  const made = owner.page.getByRole("textbox", { name: t("groups.link.new") });
  await expect(made).toHaveValue(/\/join#/);
  await owner.page.getByRole("button", { name: t("action.copy"), exact: true }).click();
  await expect(owner.page.getByText(t("action.copied"))).toBeVisible();
  const address = await made.inputValue();
  expect(await owner.page.evaluate(() => navigator.clipboard.readText())).toBe(address);

  // The players of the demo data have no password. Each run takes one of them, since links by mail are limited for each account.
  const email = `player${1 + Math.floor(Math.random() * 18)}@aef.test`;
  const { page, context } = await as(undefined, address);
  const effort = new Effort();
  await effort.write(page.getByRole("textbox", { name: t("signin.email") }), email);
  await effort.press(page.getByRole("button", { name: t("signin.link.button") }));
  await expect(page.getByRole("status").filter({ hasText: t("signin.link.sent") })).toBeVisible();

  const mail = await context.newPage();
  await expect(async () => {
    await mail.goto(`${idOrigin}/dev/mail`);
    await mail.getByRole("listitem").filter({ hasText: email }).first().getByRole("link").click({ timeout: 1000 }); // the newest is the first
  }).toPass();
  await effort.press(mail.getByRole("main").getByRole("link", { name: /aef\./ }));
  await effort.press(mail.getByRole("button", { name: t("link.button"), exact: true }));
  await expect(mail.getByRole("heading", { level: 1, name })).toBeVisible(); // back at the invitation, which says what one joins
  await effort.press(mail.getByRole("button", { name: t("groups.join"), exact: true }));
  await expect(mail.getByText(t("groups.joined", { name }))).toBeVisible();
  await expect(mail).toHaveURL(/\/c\//);
  expect(effort).toEqual({ decisions: 4, fields: 1 });
});

journey("an owner begins: a colour, a community, its link, a poll from a template", async ({ t, id, language, as }) => {
  // Two spaces, since both languages run at once and a space has one colour.
  const { page } = language === "en" ? await as("admin", "/manage") : await as(undefined, gamingOrigin);
  if (language === "ru") {
    await page
      .getByRole("link", { name: t("shell.signIn"), exact: true })
      .first()
      .click();
    await signIn(page, "outsider@gaming.test", id);
    await page
      .getByRole("navigation", { name: t("nav.label") })
      .first()
      .getByRole("link", { name: t("nav.manage") })
      .click();
  }
  await page
    .getByRole("main")
    .getByRole("link", { name: t("manage.look") })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1, name: t("manage.look") })).toBeVisible(); // the page before has dyes, too
  const dyes = page.getByRole("group", { name: t("manage.look.swatches") });
  const dye = dyes.getByRole("button", { pressed: false }).first();
  await dye.click();
  await page.getByRole("button", { name: t("action.save"), exact: true }).click();
  await expect(page.getByText(t("manage.look.saved"))).toBeVisible();

  const name = unique("First harbour");
  await page.getByRole("button", { name: t("create.label"), exact: true }).click();
  await page.getByRole("menuitem", { name: t("create.community") }).click();
  await found(page, t, name);
  await page.getByRole("link", { name: t("groups.invite"), exact: true }).click();
  await page.getByRole("button", { name: t("groups.link.create") }).click();
  await page.getByRole("button", { name: t("action.copy"), exact: true }).click();
  await expect(page.getByText(t("action.copied"))).toBeVisible();

  await page.getByRole("button", { name: t("create.label"), exact: true }).click();
  await page.getByRole("menuitem", { name: t("create.poll") }).click();
  await page.getByRole("textbox", { name: t("polls.field.title") }).fill(unique("First question"));
  await page.getByRole("radio", { name: /Find a date|Выбор даты/ }).check(); // the service's words
  await page.getByRole("button", { name: t("polls.new.next") }).click();
  await expect(page.getByRole("link", { name: /When does it suit you\?|Когда вам удобно\?/ }).first()).toBeVisible();
});
