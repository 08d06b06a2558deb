// What the events service writes for calendar programs, read by another parser: Mozilla's ical.js.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const folder = new URL("../../events/adapters/httpapi/testdata/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), "utf8");

interface Found {
  uid: string;
  title: string;
  starts: string;
  ends: string;
  allDay: boolean;
}

/** What the service stores; a whole day is known by its days, which its reader's zone decides. */
const stored = JSON.parse(read("dates.json")) as Found[];

beforeEach(() => {
  vi.spyOn(console, "warn");
  vi.spyOn(console, "error");
});

afterEach(() => {
  expect(console.warn).not.toHaveBeenCalled();
  expect(console.error).not.toHaveBeenCalled();
  vi.restoreAllMocks();
  ICAL.TimezoneService.reset();
});

const instant = (t: ICAL.Time) => new Date(t.toUnixTime() * 1000).toISOString().replace(".000Z", "Z");

/** The dates of a calendar that take place. */
function datesOf(text: string): Found[] {
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const parts = calendar.getAllSubcomponents("vevent");
  const found: Found[] = [];
  for (const component of parts.filter((c) => !c.hasProperty("recurrence-id"))) {
    const uid = component.getFirstPropertyValue("uid");
    const exceptions = parts.filter((c) => c.hasProperty("recurrence-id") && c.getFirstPropertyValue("uid") === uid);
    const event = new ICAL.Event(component, { strictExceptions: true, exceptions });
    const add = (item: ICAL.Event, start: ICAL.Time, end: ICAL.Time) => {
      if (item.component.getFirstPropertyValue("status") === "CANCELLED") return;
      found.push({ uid: event.uid, title: item.summary, starts: instant(start), ends: instant(end), allDay: start.isDate });
    };
    if (!event.isRecurring()) {
      add(event, event.startDate, event.endDate);
      continue;
    }
    const all = event.iterator();
    for (let next = all.next(); next; next = all.next()) {
      const { item, startDate, endDate } = event.getOccurrenceDetails(next);
      add(item, startDate, endDate);
    }
  }
  return found;
}

/** Whole days as the days that they are in Berlin, whose midnights the service stores; everything sorted. */
const comparable = (list: Found[], zone?: string) =>
  list
    .map((d) => {
      const day = (at: string) => new Intl.DateTimeFormat("sv", { timeZone: zone ?? "UTC" }).format(new Date(at));
      return d.allDay ? { ...d, starts: day(d.starts), ends: day(d.ends) } : d;
    })
    .toSorted((a, b) => `${a.uid}${a.starts}`.localeCompare(`${b.uid}${b.starts}`));

test("the calendar of an address has the dates that are stored", () => {
  const text = read("feed.ics");
  expect(comparable(datesOf(text))).toEqual(comparable(stored, "Europe/Berlin"));
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  expect(String(calendar.getFirstPropertyValue("refresh-interval"))).toBe("PT1H");
});

test.each([0, 1, 2, 3, 4])("the file of event %i has its dates", (n) => {
  const uid = `00000000-0000-4000-8000-00000000000${n}@aef.updspace`;
  expect(comparable(datesOf(read(`event-${n}.ics`)))).toEqual(
    comparable(
      stored.filter((d) => d.uid === uid),
      "Europe/Berlin",
    ),
  );
});

test("texts come back as they were, and no line is folded inside of a character", () => {
  const bytes = readFileSync(new URL("event-4.ics", folder));
  const lines = new TextDecoder("utf-8", { fatal: true }).decode(bytes).split("\r\n");
  for (const line of lines) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
  const event = new ICAL.Component(ICAL.parse(bytes.toString()) as unknown[]).getFirstSubcomponent("vevent");
  expect(event?.getFirstPropertyValue("summary")).toBe(stored.find((d) => d.uid.includes("0004@"))?.title);
  expect(event?.getFirstPropertyValue("location")).toBe('Здесь, "там"; и тут');
  expect(event?.getFirstPropertyValue("url")).toBe("https://example.com/?a=1,2;b=3");
  expect(event?.getFirstProperty("categories")?.getValues()).toEqual(["a,b", "в;г"]);
  expect(String(event?.getFirstPropertyValue("description")).split("\n")).toHaveLength(30);
});
