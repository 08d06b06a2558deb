import type { Page } from "@playwright/test";
import { expect, journey, unique } from "../journey.ts";
import { idOrigin } from "../people.ts";

/** Opens the newest mail to an address that has such a link, and follows it. */
async function follow(page: Page, address: string, link: RegExp): Promise<void> {
  await expect(async () => {
    await page.goto(`${idOrigin}/dev/mail`);
    await page.getByRole("listitem").filter({ hasText: address }).first().getByRole("link").click({ timeout: 1000 });
    await page.getByRole("main").getByRole("link", { name: link }).click({ timeout: 1000 });
  }).toPass();
}

journey("a guest applies, an administrator approves, the account is activated, and the member is in", async ({ t, as, language }) => {
  const name = unique("Nora");
  const email = `${name.replace(" ", "-").toLowerCase()}@player.test`;
  const guest = (await as(undefined, "/")).page;
  await guest
    .getByRole("main")
    .getByRole("link", { name: t("guest.apply") })
    .first()
    .click();
  await guest.getByRole("textbox", { name: t("apply.name"), exact: true }).fill(name);
  await guest.getByRole("textbox", { name: t("apply.email") }).fill(email);
  await guest.getByRole("textbox", { name: language === "ru" ? "Во что вы играете?" : "What do you play?" }).fill("Go, mostly");
  await guest.getByText(language === "ru" ? "В выходные" : "At weekends", { exact: true }).click();
  await guest.getByRole("button", { name: t("apply.send") }).click();
  await expect(guest.getByText(t("field.REQUIRED"))).toBeVisible(); // the rules of the house
  await guest.getByText(language === "ru" ? "Правила прочитаны" : "I have read the rules of the house", { exact: true }).click();
  await guest.getByRole("button", { name: t("apply.send") }).click();
  await expect(guest.getByRole("heading", { name: t("apply.sent") })).toBeVisible();

  await follow(guest, email, /\/apply#/);
  await expect(guest.getByRole("heading", { name: t("apply.status.pending") })).toBeVisible();

  const admin = (await as("admin", "/manage")).page;
  await admin
    .getByRole("main")
    .getByRole("link", { name: t("manage.applications") })
    .first()
    .click();
  await admin.getByRole("searchbox", { name: t("manage.applications.find") }).fill(email);
  const card = admin.getByRole("article", { name });
  await expect(card.getByText("Go, mostly")).toBeVisible();
  await card.getByRole("button", { name: t("manage.applications.approve") }).click();
  await expect(admin.getByText(t("manage.applications.approved.done", { name }))).toBeVisible();
  await expect(card).toHaveCount(0);

  await follow(guest, email, /\/invite\//);
  await expect(guest.getByRole("textbox", { name: t("apply.name"), exact: true })).toHaveValue(name);
  await guest.getByLabel(t("apply.invite.password"), { exact: true }).fill("quiet harbour, seven lanterns");
  await guest.getByRole("button", { name: t("apply.invite.activate") }).click();
  await expect(guest.getByRole("navigation", { name: t("nav.label") }).first()).toBeVisible(); // a member's home
  await guest.goto("/people");
  await guest.getByRole("searchbox").first().fill(name);
  await expect(guest.getByText(name).first()).toBeVisible();
});

journey(
  "an administrator invites a list; one accepts, another is revoked",
  async ({ t, as }) => {
    const one = `${unique("one").replace(" ", "-")}@player.test`;
    const two = `${unique("two").replace(" ", "-")}@player.test`;
    const admin = (await as("admin", "/manage/invitations")).page;
    await admin.getByText(t("manage.invitations.list"), { exact: true }).click();
    await admin.getByRole("textbox", { name: t("manage.invitations.csv") }).fill(`${one}\n${two}\nnonsense\n`);
    await admin.getByRole("button", { name: t("manage.invitations.inviteAll") }).click();
    await expect(admin.getByRole("heading", { name: t("manage.invitations.report", { count: 2 }) })).toBeVisible();
    await expect(admin.getByText(t("manage.invitations.outcome.invalid"))).toBeVisible();

    const guest = (await as(undefined, "/")).page;
    await follow(guest, one, /\/invite\//);
    await guest.getByRole("textbox", { name: t("apply.name"), exact: true }).fill(unique("Guest"));
    await guest.getByText(t("apply.invite.way.link"), { exact: true }).click();
    await guest.getByRole("button", { name: t("apply.invite.activate") }).click();
    await expect(guest.getByRole("navigation", { name: t("nav.label") }).first()).toBeVisible();

    await admin.reload();
    const row = admin.getByRole("listitem").filter({ hasText: two });
    await row.getByRole("button", { name: t("manage.invitations.revoke") }).click();
    await admin
      .getByRole("alertdialog")
      .getByRole("button", { name: t("manage.invitations.revoke"), exact: true })
      .click();
    await expect(row).toHaveCount(0);
    const late = (await as(undefined, "/")).page;
    await follow(late, two, /\/invite\//);
    await expect(late.getByRole("heading", { name: t("error.TOKEN_NOT_FOUND") })).toBeVisible();
  },
  /status of 404/,
);
