import { choose, expect, journey, named, pick, unique } from "../journey.ts";
import { idOrigin, names } from "../people.ts";

journey(
  "an organiser invites a member and an address: the address answers by the link of its mail, without an account",
  async ({ t, as }) => {
    const title = unique("Garden party");
    const address = `${unique("guest").replaceAll(" ", "-").toLowerCase()}@example.com`;
    const { page } = await as("admin", "/events/new");
    await page.getByRole("textbox", { name: t("calendar.field.title") }).fill(title);
    await page.getByRole("button", { name: t("calendar.save.new"), exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();

    const panel = page.getByRole("region", { name: t("calendar.invited"), exact: true });
    const who = panel.getByRole("combobox", { name: t("calendar.invite.person.field") });
    await who.evaluate((field) => field.scrollIntoView({ block: "center" })); // a list closes when its page scrolls
    await pick(page, who, names.second);
    await panel.getByRole("button", { name: t("calendar.invite"), exact: true }).click();
    await expect(panel.getByRole("listitem").filter({ hasText: names.second })).toBeVisible();
    await choose(page, panel.getByRole("button", { name: named(t("calendar.invite.whom")) }), t("calendar.invite.addresses"));
    await panel.getByRole("textbox", { name: t("calendar.invite.addresses.field") }).fill(address);
    await panel.getByRole("button", { name: t("calendar.invite"), exact: true }).click();
    const invited = panel.getByRole("listitem").filter({ hasText: address });
    await expect(invited).toBeVisible();

    const guest = (await as(undefined, "/")).page;
    await expect(async () => {
      await guest.goto(`${idOrigin}/dev/mail`);
      await guest.getByRole("listitem").filter({ hasText: address }).first().getByRole("link").click({ timeout: 1000 });
    }).toPass();
    await guest
      .getByRole("main")
      .getByRole("link", { name: /\/invitation#.*going$/ })
      .first()
      .click();
    await expect(guest.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await expect(guest.getByText(t("calendar.invitation.press"))).toBeVisible(); // the link alone has changed nothing
    await expect(guest.getByRole("heading", { name: t("calendar.answer.is.none") })).toBeVisible();
    await guest.getByRole("button", { name: t("calendar.answer.going"), exact: true }).click();
    await expect(guest.getByRole("heading", { name: t("calendar.answer.is.going") })).toBeVisible();

    await page.reload();
    await expect(page.getByRole("region", { name: t("calendar.guests.going") }).getByText(address)).toBeVisible();
    await expect(invited.getByText(t("calendar.guests.going"), { exact: true })).toBeVisible();
    await panel.getByRole("button", { name: t("calendar.invited.withdraw", { name: address }) }).click();
    await expect(invited.getByText(t("calendar.invited.withdrawn"), { exact: true })).toBeVisible();
    await guest.reload();
    await expect(guest.getByText(t("error.INVITATION_WITHDRAWN"))).toBeVisible();
  },
  /status of 410/,
);
