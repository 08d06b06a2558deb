import { expect, journey, unique } from "../journey.ts";
import { names } from "../people.ts";

journey("an event every week with one seat: one comes, one waits, the seat passes on, and a date is cancelled", async ({ t, as }) => {
  const title = unique("Night walk");
  const { page } = await as("admin", "/events/new");
  await page.getByRole("textbox", { name: t("calendar.field.title") }).fill(title);
  await page.getByRole("button", { name: t("calendar.field.repeat") }).click();
  await page.getByRole("option", { name: t("calendar.repeat.kind.week"), exact: true }).click();
  await page.getByRole("radio", { name: t("calendar.repeat.end.count") }).check();
  const seats = page.getByRole("textbox", { name: t("calendar.field.capacity"), exact: true });
  await seats.fill("1");
  await seats.press("Tab");
  await page.getByRole("button", { name: t("calendar.save.new"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(page.getByText(t("calendar.seats", { taken: 0, of: 1 }))).toBeVisible();
  const address = new URL(page.url()).pathname;

  const member = await as("member", address);
  const second = await as("second", address);
  const press = (p: typeof page, name: string) => p.getByRole("button", { name: t(name), exact: true }).click();
  await press(member.page, "calendar.answer.going");
  await expect(member.page.getByRole("heading", { name: t("calendar.answer.is.going") })).toBeVisible();
  await press(second.page, "calendar.answer.going");
  await expect(second.page.getByRole("heading", { name: t("calendar.answer.waiting") })).toBeVisible();
  await expect(second.page.getByRole("region", { name: t("calendar.guests.waiting") }).getByText(names.second)).toBeVisible();

  await press(member.page, "calendar.answer.withdraw");
  await expect(member.page.getByRole("heading", { name: t("calendar.answer.is.none") })).toBeVisible();
  await second.page.reload();
  await expect(second.page.getByRole("heading", { name: t("calendar.answer.is.going") })).toBeVisible();

  await page.reload();
  await expect(page.getByRole("region", { name: t("calendar.guests.going") }).getByText(names.second)).toBeVisible();
  await page.getByRole("button", { name: t("calendar.menu", { title }) }).click();
  await page.getByRole("menuitem", { name: t("calendar.cancelDate") }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("textbox", { name: t("calendar.cancel.reason") }).fill("Storm");
  await dialog.getByRole("button", { name: t("calendar.cancelDate") }).click();
  await expect(page.getByText(t("calendar.cancelled"), { exact: true })).toBeVisible();
  await second.page.goto("/events");
  await expect(second.page.getByRole("listitem").filter({ hasText: title }).getByText(t("calendar.state.cancelled")).first()).toBeVisible();
});

journey("the door of an event: a member shows a code, another enters the one that is shown", async ({ t, as }) => {
  const title = unique("Meeting");
  const { page } = await as("admin", "/events/new");
  await page.getByRole("textbox", { name: t("calendar.field.title") }).fill(title);
  await page.getByRole("switch", { name: t("calendar.field.allDay") }).press("Space");
  const today = await page.evaluate(() => new Date().toISOString().slice(0, 10));
  await page.getByLabel(t("calendar.field.firstDay"), { exact: true }).fill(today);
  await page.getByRole("button", { name: t("calendar.save.new"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  const address = new URL(page.url()).pathname;

  const member = await as("member", address);
  const second = await as("second", address);
  for (const p of [member.page, second.page]) {
    await p.getByRole("button", { name: t("calendar.answer.going"), exact: true }).click();
    await expect(p.getByRole("heading", { name: t("calendar.answer.is.going") })).toBeVisible();
  }
  const codeOf = (p: typeof page) => p.getByText(/^[0-9A-Z]{3,4}-[0-9A-Z]{3,4}$/).first();
  const memberCode = await codeOf(member.page).innerText();

  await page.getByRole("link", { name: t("calendar.checkIn"), exact: true }).click();
  await page.getByRole("textbox", { name: t("calendar.checkIn.member") }).fill(memberCode);
  await page.getByRole("textbox", { name: t("calendar.checkIn.member") }).press("Enter");
  await expect(page.getByText(t("calendar.checkIn.by.scan"))).toBeVisible();
  const dateCode = await codeOf(page).innerText();
  await second.page.getByRole("textbox", { name: t("calendar.checkIn.code") }).fill(dateCode);
  await second.page.getByRole("button", { name: t("calendar.checkIn.enter"), exact: true }).click();
  await expect(second.page.getByText(t("calendar.checkIn.present")).first()).toBeVisible();
  await page.reload();
  await expect(page.getByText(t("calendar.checkIn.by.self"))).toBeVisible();
  await page
    .getByRole("listitem")
    .filter({ hasText: t("calendar.checkIn.by.self") })
    .getByRole("button", { name: t("calendar.checkIn.unmark") })
    .click();
  await expect(page.getByText(t("calendar.checkIn.by.absent"))).toBeVisible();
});
