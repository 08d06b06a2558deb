import { expect, test } from "vitest";
import { addDays, byDay, dayOf, daysOf, monthDays, shiftMonth, weekOf } from "./days.ts";

test.each([
  ["2026-03-10T21:30:00Z", "UTC", "2026-03-10"],
  ["2026-03-10T21:30:00Z", "Europe/Moscow", "2026-03-11"],
  ["2026-03-10T02:30:00Z", "America/New_York", "2026-03-09"],
  ["2011-12-30T09:59:59Z", "Pacific/Apia", "2011-12-29"],
  ["2011-12-30T10:00:00Z", "Pacific/Apia", "2011-12-31"], // there was no 30th
])("%s in %s is on %s", (at, zone, day) => {
  expect(dayOf(at, zone)).toBe(day);
});

test("days are added across months, years and the change of clocks", () => {
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
  expect(addDays("2026-03-29", 1)).toBe("2026-03-30");
  expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
});

test("a week begins on Monday", () => {
  expect(weekOf("2026-11-29")).toEqual(["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29"]);
});

test("a month is shown in whole weeks", () => {
  const december = monthDays("2026-12");
  expect([december[0], december.at(-1), december.length]).toEqual(["2026-11-30", "2027-01-03", 35]);
  expect(monthDays("2027-02")).toHaveLength(28); // begins on a Monday and has four weeks
  expect([shiftMonth("2026-01", -1), shiftMonth("2026-12", 1)]).toEqual(["2025-12", "2027-01"]);
});

const event = (startsAt: string, endsAt: string, allDay = false, timeZone = "UTC") => ({ startsAt, endsAt, allDay, timeZone });

test("an event that ends at midnight is not on the next day, and one over midnight is on both", () => {
  expect(daysOf(event("2026-03-10T20:00:00Z", "2026-03-11T00:00:00Z"), "UTC")).toEqual(["2026-03-10", "2026-03-10"]);
  expect(daysOf(event("2026-03-10T20:00:00Z", "2026-03-11T00:30:00Z"), "UTC")).toEqual(["2026-03-10", "2026-03-11"]);
});

test("whole days are those of the event's zone", () => {
  const apia = event("2026-03-09T11:00:00Z", "2026-03-10T11:00:00Z", true, "Pacific/Apia");
  expect(daysOf(apia, "America/New_York")).toEqual(["2026-03-10", "2026-03-10"]);
});

test("a day lists whole days first, then by the start", () => {
  const late = event("2026-03-10T20:00:00Z", "2026-03-10T21:00:00Z");
  const early = event("2026-03-10T08:00:00Z", "2026-03-10T09:00:00Z");
  const whole = event("2026-03-09T00:00:00Z", "2026-03-12T00:00:00Z", true);
  const found = byDay([late, early, whole], ["2026-03-10", "2026-03-11", "2026-03-12"], "UTC");
  expect(found.get("2026-03-10")).toEqual([whole, early, late]);
  expect(found.get("2026-03-11")).toEqual([whole]);
  expect(found.get("2026-03-12")).toEqual([]);
});
