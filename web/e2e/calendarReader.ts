// Reads calendars with Mozilla's ical.js, a parser that is not the service's.
import ICAL from "ical.js";
import { afterEach, beforeEach, expect, vi } from "vitest";

/** A date of a calendar. A whole day is known by its days alone. */
export interface Found {
  uid: string;
  title: string;
  starts: string;
  ends: string;
  allDay: boolean;
}

/** The parser must not complain in the tests of a file. */
export function silent(): void {
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
}

export const component = (text: string) => new ICAL.Component(ICAL.parse(text) as unknown[]);

const instant = (t: ICAL.Time) => new Date(t.toUnixTime() * 1000).toISOString().replace(".000Z", "Z");

/** The dates of a calendar that take place. A date of a series whose series is not in the calendar stands for itself. */
export function datesIn(calendar: ICAL.Component): Found[] {
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const parts = calendar.getAllSubcomponents("vevent");
  const uidOf = (part: ICAL.Component) => part.getFirstPropertyValue("uid");
  const whole = parts.filter((part) => !part.hasProperty("recurrence-id"));
  const alone = parts.filter((part) => !whole.some((w) => uidOf(w) === uidOf(part)));
  const found: Found[] = [];
  for (const part of [...whole, ...alone]) {
    const exceptions = parts.filter((p) => p !== part && p.hasProperty("recurrence-id") && uidOf(p) === uidOf(part));
    const event = new ICAL.Event(part, { strictExceptions: true, exceptions });
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

const dayIn = (timeZone: string, at: string) => new Intl.DateTimeFormat("sv", { timeZone }).format(new Date(at));

/** Sorted, and whole days as the days that their instants are in a zone. */
export const comparable = (list: Found[], zone = "UTC"): Found[] =>
  list
    .map((d) => (d.allDay ? { ...d, starts: dayIn(zone, d.starts), ends: dayIn(zone, d.ends) } : d))
    .toSorted((a, b) => `${a.uid}${a.starts}`.localeCompare(`${b.uid}${b.starts}`));
