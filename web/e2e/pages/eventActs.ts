// What a person does to bring a page of the calendar into a state.
import { expect } from "@playwright/test";
import { named } from "../journey.ts";
import { button, dialog, dialogOf, item, menu, type Act } from "./acts.ts";

export const eventMenu =
  (title: string): Act =>
  (page, t) =>
    menu(page, button(page, t("calendar.menu", { title })));

export const cancelDate =
  (title: string): Act =>
  async (page, t) => {
    await eventMenu(title)(page, t);
    await item(page, t("calendar.cancelDate")).click();
    await dialog(page, t);
  };

export const repeatMonthly: Act = async (page, t) => {
  await page.getByRole("button", { name: t("calendar.field.repeat") }).click();
  await page.getByRole("option", { name: t("calendar.repeat.kind.month"), exact: true }).click();
  await page.getByRole("radio", { name: t("calendar.repeat.end.count") }).check();
};

/** A series with an extra date and one that is left out. */
export const singleDates: Act = async (page, t) => {
  await page.getByRole("button", { name: t("calendar.field.repeat") }).click();
  await page.getByRole("option", { name: t("calendar.repeat.kind.day"), exact: true }).click();
  const first = await page.evaluate(() => new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10));
  await page.getByLabel(t("calendar.dates.leftOut.one"), { exact: true }).fill(first);
  await button(page, t("calendar.dates.leftOut.add")).click();
  await expect(page.getByRole("group", { name: t("calendar.dates.leftOut") }).getByRole("listitem")).toHaveCount(1);
};

export const eventFilters: Act = async (page, t) => {
  await button(page, t("calendar.filters")).click();
  await dialog(page, t);
};

export const answerFor: Act = async (page, t) => {
  await button(page, t("calendar.answerFor")).click();
  await dialog(page, t);
};

export const inviteAddresses: Act = async (page, t) => {
  await page.getByRole("button", { name: named(t("calendar.invite.whom")) }).click();
  await page.getByRole("option", { name: t("calendar.invite.addresses"), exact: true }).click();
  await page.getByRole("textbox", { name: t("calendar.invite.addresses.field"), exact: true }).waitFor();
  await page.evaluate(() => scrollTo(0, 0)); // nothing lies half behind the bar of the page
};

/** A browser without a camera, or whose user gives none. */
export const camera: Act = async (page, t) => {
  await button(page, t("calendar.camera.start")).click();
  await page
    .getByText(t("calendar.camera.denied"))
    .or(page.getByText(t("calendar.camera.none")))
    .waitFor();
};

export const makeAddress: Act = async (page, t) => {
  await button(page, t("calendar.feeds.make")).click();
  await page.getByRole("textbox", { name: t("calendar.feeds.address") }).waitFor();
};

export const renewAddress: Act = async (page, t) => {
  await button(page, t("calendar.feeds.renew.of", { name: "AEF" })).click();
  await dialogOf(page).waitFor();
};

const calendarFile = `BEGIN:VCALENDAR
BEGIN:VEVENT
UID:one
SUMMARY:Raid
DTSTART:20990310T160000Z
RRULE:FREQ=WEEKLY;COUNT=5
END:VEVENT
BEGIN:VEVENT
UID:two
SUMMARY:Camp
DTSTART;VALUE=DATE:20200501
END:VEVENT
BEGIN:VEVENT
UID:three
SUMMARY:Meeting
DTSTART;TZID=Mars/Olympus:20990310T160000
END:VEVENT
END:VCALENDAR
`;

export const importDryRun: Act = async (page, t) => {
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: "raids.ics", mimeType: "text/calendar", buffer: Buffer.from(calendarFile) });
  await button(page, t("calendar.import.look")).click();
  await page.getByRole("table").waitFor();
};
