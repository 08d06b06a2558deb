import { expect, journey, signIn, unique, type World } from "../journey.ts";
import { idOrigin } from "../people.ts";

/** Opens the newest mail to an address with a text in its subject, and follows its link. */
async function followMail(as: World["as"], email: string, subject: RegExp, link: RegExp) {
  const { page } = await as(undefined, `${idOrigin}/dev/mail`);
  await expect(async () => {
    await page.goto(`${idOrigin}/dev/mail`);
    await page
      .getByRole("listitem")
      .filter({ hasText: email })
      .filter({ hasText: subject })
      .first()
      .getByRole("link")
      .click({ timeout: 1000 });
  }).toPass();
  await page.getByRole("main").getByRole("link", { name: link }).click();
  return page;
}

// The players of the demo data have no password, and each run takes one of them: mails are limited for each account.
journey(
  "a first password by a mailed link, another one, another address, and the former one taken back",
  async ({ id, language, as }) => {
    const email = `player${(language === "en" ? 1 : 10) + Math.floor(Math.random() * 9)}@aef.test`;
    const first = `${unique("the first of seven foxes")}`;
    const { page } = await as(undefined, `${idOrigin}/login`);
    await page.getByRole("link", { name: id("signin.forgotten") }).click();
    await page.getByLabel(id("signin.email")).fill(email);
    await page.getByRole("button", { name: id("reset.send") }).click();
    await expect(page.getByRole("heading", { level: 1, name: id("reset.asked") })).toBeVisible();

    const mailed = await followMail(as, email, /new password|Новый пароль/, /\/reset#/);
    await mailed.getByLabel(id("password.new"), { exact: true }).fill("passwordpassword");
    await mailed.getByRole("button", { name: id("reset.button") }).click();
    await expect(mailed.getByText(id("field.TOO_COMMON"))).toBeVisible();
    await mailed.getByLabel(id("password.new"), { exact: true }).fill(first);
    await mailed.getByRole("button", { name: id("reset.button") }).click();
    await expect(mailed.getByRole("heading", { level: 1, name: id("reset.done") })).toBeVisible();
    await mailed.getByRole("link", { name: id("signin.button") }).click();
    await signIn(mailed, email, id, first);
    await expect(mailed.getByRole("heading", { level: 1, name: id("nav.profile") })).toBeVisible();

    // Another password, which the history tells nothing of, but the sign-in before it.
    const second = `${unique("the second of seven foxes")}`;
    await mailed.getByRole("link", { name: id("nav.security") }).click();
    await mailed.getByLabel(id("password.current"), { exact: true }).fill(first);
    await mailed.getByLabel(id("password.new"), { exact: true }).fill(second);
    await mailed.getByRole("button", { name: id("password.button") }).click();
    await expect(mailed.getByText(id("password.changed"))).toBeVisible();
    await mailed.getByRole("link", { name: id("nav.history") }).click();
    await expect(mailed.getByRole("main").getByText(id("history.new")).first()).toBeVisible();

    // Another address: the new one confirms it, the former one undoes it.
    const address = `${unique("fox").replace(" ", "")}@new.test`;
    await mailed.getByRole("link", { name: id("nav.profile") }).click();
    await mailed.getByRole("textbox", { name: id("email.new") }).fill(address);
    await mailed.getByRole("button", { name: id("email.button") }).click();
    await expect(mailed.getByRole("button", { name: id("email.resend") })).toBeVisible();
    const confirming = await followMail(as, address, /Confirm|Подтвердите/, /\/verify#confirm=/);
    await confirming.getByRole("button", { name: id("verify.confirm.button") }).click();
    await expect(confirming.getByRole("heading", { level: 1, name: id("verify.confirm.done") })).toBeVisible();
    await mailed.reload();
    await expect(mailed.getByText(address).first()).toBeVisible();
    const undoing = await followMail(as, email, /was changed|Адрес вашего аккаунта/, /\/verify#undo=/);
    await undoing.getByRole("button", { name: id("verify.undo.button") }).click();
    await expect(undoing.getByRole("heading", { level: 1, name: id("verify.undo.done") })).toBeVisible();
    await mailed.reload();
    await expect(mailed.getByLabel(id("signin.email"), { exact: true })).toBeVisible();
  },
  /status of 4(01|22)/,
);
