import { readFileSync } from "node:fs";
import { browserThatSees, read } from "../codes.ts";
import { choose, expect, found, journey, named, pick, statusOf, textOf, unique } from "../journey.ts";
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

journey("an event every day: another answers, codes are read by camera and by phone, and the calendar file is read", async ({ t, as }) => {
  const title = unique("Meeting");
  const { page } = await as("admin", "/events/new");
  await page.getByRole("textbox", { name: t("calendar.field.title") }).fill(title);
  await page.getByRole("switch", { name: t("calendar.field.allDay") }).press("Space");
  const today = await page.evaluate(() => new Date().toISOString().slice(0, 10));
  await page.getByLabel(t("calendar.field.firstDay"), { exact: true }).fill(today);
  await choose(page, page.getByRole("button", { name: t("calendar.field.repeat") }), t("calendar.repeat.kind.day"));
  await page.getByRole("radio", { name: t("calendar.repeat.end.count") }).check();
  const inTwoDays = await page.evaluate(() => new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10));
  await page.getByLabel(t("calendar.dates.leftOut.one"), { exact: true }).fill(inTwoDays);
  await page.getByRole("button", { name: t("calendar.dates.leftOut.add"), exact: true }).click();
  await page.getByRole("textbox", { name: t("calendar.field.tags") }).fill("e2e, door");
  await pick(page, page.getByRole("combobox", { name: t("calendar.field.coHosts.add") }), names.second);
  await page.getByRole("button", { name: t("calendar.save.new"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(page.getByRole("list").getByText(names.second)).toBeVisible();
  const address = new URL(page.url()).pathname;

  const member = await as("member", address);
  await member.page.getByRole("button", { name: t("calendar.answer.going"), exact: true }).click();
  await expect(member.page.getByRole("heading", { name: t("calendar.answer.is.going") })).toBeVisible();
  await member.page.getByRole("textbox", { name: t("calendar.answer.comment") }).fill("Half an hour late");
  await member.page.getByRole("button", { name: t("calendar.answer.comment.save"), exact: true }).click();
  await page.reload();
  await expect(page.getByRole("region", { name: t("calendar.guests.going") }).getByText("Half an hour late")).toBeVisible();

  // The organiser's camera reads the code on the member's phone.
  const browser = await browserThatSees(member.page.getByRole("img", { name: t("calendar.checkIn.qr.mine") }));
  const door = await as("admin", address, { browser });
  await door.page.getByRole("link", { name: t("calendar.checkIn"), exact: true }).click();
  await door.page.getByRole("button", { name: t("calendar.camera.start"), exact: true }).click();
  await expect(door.page.getByText(t("calendar.checkIn.by.scan"))).toBeVisible();
  await door.page.getByRole("button", { name: t("calendar.camera.stop"), exact: true }).click();
  await expect(door.page.getByRole("button", { name: t("calendar.camera.start"), exact: true })).toBeVisible();

  // Another member's phone reads the code that is shown, which opens the event and asks once.
  const shown = await read(door.page.getByRole("img", { name: t("calendar.checkIn.qr.date") }));
  const second = await as("second", new URL(shown).pathname + new URL(shown).search + new URL(shown).hash);
  await second.page.getByRole("button", { name: t("calendar.checkIn.enter"), exact: true }).click();
  await expect(second.page.getByText(t("calendar.checkIn.present")).first()).toBeVisible();
  await door.page.reload();
  const self = door.page.getByRole("listitem").filter({ hasText: t("calendar.checkIn.by.self") });
  await expect(self).toHaveCount(1);
  await self.getByRole("button", { name: t("calendar.checkIn.unmark") }).click();
  await expect(self).toHaveCount(0);
  await browser.close();

  const [file] = await Promise.all([
    member.page.waitForEvent("download"),
    member.page.getByRole("link", { name: t("calendar.file"), exact: true }).click(),
  ]);
  const lines = readFileSync(await file.path(), "utf8").split("\r\n");
  expect(lines).toEqual(expect.arrayContaining(["BEGIN:VCALENDAR", `SUMMARY:${title}`, "RRULE:FREQ=DAILY;COUNT=10"]));
  expect(lines.filter((line) => line.startsWith("EXDATE"))).toHaveLength(1);
});

journey("an organiser answers for a member, and the calendar is narrowed to it", async ({ t, as }) => {
  const tag = unique("tag");
  const { page } = await as("admin", "/events/new");
  await page.getByRole("textbox", { name: t("calendar.field.title") }).fill(tag);
  await page.getByRole("textbox", { name: t("calendar.field.tags") }).fill(tag);
  await page.getByRole("button", { name: t("calendar.save.new"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: tag })).toBeVisible();
  await page.getByRole("button", { name: t("calendar.answerFor"), exact: true }).click();
  const dialog = page.getByRole("dialog");
  await pick(page, dialog.getByRole("combobox", { name: t("calendar.answerFor.who") }), names.member);
  await dialog.getByRole("radio", { name: t("calendar.answerFor.interested") }).check();
  await dialog.getByRole("button", { name: t("action.save"), exact: true }).click();
  await expect(page.getByRole("region", { name: t("calendar.guests.interested") }).getByText(names.member)).toBeVisible();

  const member = await as("member", "/events");
  await member.page.getByRole("button", { name: t("calendar.filters"), exact: true }).click();
  const filters = member.page.getByRole("dialog");
  await choose(member.page, filters.getByRole("button", { name: t("calendar.answer") }), t("calendar.filter.answer.interested"));
  await filters.getByRole("textbox", { name: t("calendar.filter.tag.one"), exact: true }).fill(tag);
  await filters.getByRole("button", { name: t("calendar.filters.show"), exact: true }).click();
  await expect(member.page.getByText(t("calendar.listed", { n: 1 }))).toBeVisible();
  await member.page.getByRole("searchbox").fill("nothing is called so");
  await expect(member.page.getByRole("heading", { name: t("calendar.none.filtered") })).toBeVisible();
  await member.page.goBack();
  await member.page.goto(`/events?tag=${encodeURIComponent(tag)}&view=month`);
  await expect(
    member.page.getByRole("link", { name: t("calendar.filter.remove", { filter: t("calendar.filter.tag", { tag }) }) }),
  ).toBeVisible();
});

/** A series that can be taken over, from the day after tomorrow on, and an event that cannot. */
function calendarFile(title: string): Buffer {
  const day = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10).replaceAll("-", "");
  const series = [`UID:${title}`, `SUMMARY:${title}`, `DTSTART:${day}T160000Z`, `DTEND:${day}T180000Z`, "RRULE:FREQ=WEEKLY;COUNT=5"];
  const nowhere = [`UID:${title} 2`, "SUMMARY:Nowhere", `DTSTART;TZID=Mars/Olympus:${day}T160000`];
  const lines = [series, nowhere].flatMap((event) => ["BEGIN:VEVENT", ...event, "END:VEVENT"]);
  return Buffer.from(["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR", ""].join("\r\n"));
}

journey("a calendar file is imported after a dry run, and the address of the calendar shows it until it is renewed", async ({ t, as }) => {
  const community = unique("Night watch");
  const title = unique("Raid");
  const { page } = await as("admin", "/communities");
  await page.getByRole("button", { name: t("groups.found.community") }).click();
  await found(page, t, community);
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const press = (name: string, values?: Record<string, number>) => page.getByRole("button", { name: t(name, values), exact: true }).click();

  await page.goto("/events/import");
  const file = { name: "raids.ics", mimeType: "text/calendar", buffer: calendarFile(title) };
  await page.locator('input[type="file"]').setInputFiles(file);
  await choose(page, page.getByRole("button", { name: named(t("calendar.import.place")) }), community);
  const row = (text: string) => page.getByRole("row").filter({ hasText: text });
  for (let look = 0; look < 2; look++) {
    await press("calendar.import.look");
    await expect(page.getByRole("heading", { name: t("calendar.import.would") })).toBeVisible();
    await expect(row(title).getByText(t("calendar.import.action.create"), { exact: true })).toBeVisible(); // again: a dry run stores nothing
    await expect(row("Nowhere").getByText(t("calendar.import.reason.UNKNOWN_ZONE", { field: "DTSTART" }))).toBeVisible();
  }
  await press("calendar.import.do", { n: 1 });
  await expect(page.getByRole("heading", { name: t("calendar.import.done") })).toBeVisible();
  await press("calendar.import.look");
  await expect(row(title).getByText(t("calendar.import.action.unchanged"), { exact: true })).toBeVisible();

  await page.goto(`/events/calendars?group=${id}`);
  await press("calendar.feeds.make");
  const field = page.getByRole("textbox", { name: t("calendar.feeds.address") });
  const address = await field.inputValue();
  const feed = (await textOf(page, address)).split("\r\n");
  expect(feed).toEqual(expect.arrayContaining(["BEGIN:VCALENDAR", `SUMMARY:${title}`, "RRULE:FREQ=WEEKLY;COUNT=5"]));
  const renew = t("calendar.feeds.renew.of", { name: community }).slice(0, -1); // the name goes on with that of the tenant
  await page.getByRole("button", { name: named(renew) }).click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: t("calendar.feeds.renew"), exact: true })
    .click();
  await expect(field).not.toHaveValue(address);
  expect(await statusOf(page, address)).toBe(404);
  expect(await textOf(page, await field.inputValue())).toContain(`SUMMARY:${title}`);
});
