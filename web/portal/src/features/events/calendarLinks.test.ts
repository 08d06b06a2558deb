import { expect, test } from "vitest";
import { calendarLinks } from "./calendarLinks.ts";

test("an address is opened in the browser and in calendar programs", () => {
  expect(calendarLinks("https://aef.updspace.com", "/api/v1/events/calendars/feeds/x/calendar.ics")).toEqual({
    web: "https://aef.updspace.com/api/v1/events/calendars/feeds/x/calendar.ics",
    program: "webcal://aef.updspace.com/api/v1/events/calendars/feeds/x/calendar.ics",
  });
});
