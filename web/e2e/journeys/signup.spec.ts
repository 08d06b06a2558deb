import type { Page } from "@playwright/test";
import { expect, journey, unique } from "../journey.ts";
import { gamingOrigin, idOrigin } from "../people.ts";

const password = "quiet harbour, seven lanterns";

/** Follows the link of the mail about a sign-up. */
async function follow(page: Page, address: string): Promise<void> {
  await expect(async () => {
    await page.goto(`${idOrigin}/dev/mail`);
    await page.getByRole("listitem").filter({ hasText: address }).first().getByRole("link").click({ timeout: 1000 });
    await page
      .getByRole("main")
      .getByRole("link", { name: /#signup=/ })
      .click({ timeout: 1000 });
  }).toPass();
}

journey(
  "a guest of an open community signs up, confirms the address by the mail, and is in",
  async ({ t, id, as }) => {
    const name = unique("Nora");
    const email = `${name.replace(" ", "-").toLowerCase()}@player.test`;
    const { page } = await as(undefined, gamingOrigin);
    await page
      .getByRole("main")
      .getByRole("link", { name: t("shell.signIn") })
      .first()
      .click();
    await page.getByRole("link", { name: id("signin.signUp") }).click();
    await page.getByLabel(id("profile.displayName"), { exact: true }).fill(name);
    await page.getByLabel(id("signin.email"), { exact: true }).fill(email);
    await page.getByLabel(id("password.new"), { exact: true }).fill(password);
    await page.getByLabel(id("profile.birthDate"), { exact: true }).fill("2020-05-01");
    await page.getByText(id("signup.processing"), { exact: true }).click();
    await page.getByRole("button", { name: id("signup.button") }).click();
    await expect(page.getByLabel(id("signup.guardian"), { exact: true })).toBeFocused(); // a minor needs a guardian
    await page.getByLabel(id("profile.birthDate"), { exact: true }).fill("1994-05-01");
    await expect(page.getByLabel(id("signup.guardian"), { exact: true })).toHaveCount(0);
    await page.getByRole("button", { name: id("signup.button") }).click();
    await expect(page.getByRole("heading", { level: 1, name: id("signup.sent") })).toBeVisible();

    await follow(page, email);
    await page.getByLabel(id("signup.chosen"), { exact: true }).fill("not this one at all");
    await page.getByRole("button", { name: id("verify.confirm.button") }).click();
    await expect(page.getByText(id("signup.wrong"))).toBeVisible();
    await page.getByLabel(id("signup.chosen"), { exact: true }).fill(password);
    await page.getByRole("button", { name: id("verify.confirm.button") }).click();
    await expect(page).toHaveURL(new RegExp(`^${gamingOrigin}/`));
    await expect(page.getByRole("navigation", { name: t("nav.label") }).first()).toBeVisible(); // a member's home
    await page.goto(`${idOrigin}/account`);
    await expect(page.getByLabel(id("profile.displayName"), { exact: true })).toHaveValue(name);
  },
  /status of 400/,
);

journey("a community without sign-ups says how one becomes a member, and its sign-in offers none", async ({ id, as }) => {
  const { page } = await as(undefined, `${idOrigin}/signup?tenant=aef`);
  await expect(page.getByRole("heading", { level: 1, name: id("signup.closed") })).toBeVisible();
  await page.getByRole("link", { name: id("signin.button") }).click();
  await expect(page.getByRole("link", { name: id("signin.signUp") })).toHaveCount(0);
});
