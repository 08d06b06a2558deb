// What the mails of invitations bring to a recipient's calendar, taken in by another parser: Mozilla's ical.js. RFC 5546 section 3.2 says
// what a calendar program does with each.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import { expect, test } from "vitest";
import { comparable, component, datesIn, silent, type Found } from "./calendarReader.ts";

interface Step {
  file: string;
  sequence: number;
  partstat: string;
  dates: Found[];
}

const folder = new URL("../../events/adapters/invitationmail/testdata/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), "utf8");
const courses = JSON.parse(read("steps.json")) as Record<string, Step[]>; // written by golden_test.go beside it

silent();

const numberOf = (event: ICAL.Component, name: string) => Number(event.getFirstPropertyValue(name));
const recurrenceOf = (event: ICAL.Component) => String(event.getFirstPropertyValue("recurrence-id") ?? "");

/** A recipient's calendar with the events of one UID, by their RECURRENCE-ID; "" is that of the whole. */
class RecipientCalendar {
  private events = new Map<string, ICAL.Component>();
  private zones: ICAL.Component[] = [];

  /** Takes a mail in. What is older than what the calendar has is an error: it would be ignored. */
  take(text: string): void {
    const mail = component(text);
    const method = mail.getFirstPropertyValue("method");
    this.zones = [...this.zones, ...mail.getAllSubcomponents("vtimezone")];
    const parts = mail.getAllSubcomponents("vevent");
    for (const part of parts) {
      const known = this.events.get(recurrenceOf(part)) ?? this.events.get("");
      if (!known) continue;
      expect(part.getFirstPropertyValue("uid")).toBe(known.getFirstPropertyValue("uid"));
      const newer = [numberOf(part, "sequence") - numberOf(known, "sequence"), stamp(part) - stamp(known)];
      expect(newer[0]).toBeGreaterThanOrEqual(0);
      if (newer[0] === 0) expect(newer[1]).toBeGreaterThan(0);
    }
    if (method === "REQUEST") {
      if (parts.some((part) => recurrenceOf(part) === "")) this.events.clear();
      for (const part of parts) this.events.set(recurrenceOf(part), part);
      return;
    }
    expect(method).toBe("CANCEL");
    for (const part of parts) {
      if (recurrenceOf(part) === "") {
        this.events.clear();
      } else {
        expect(part.getFirstPropertyValue("status")).toBe("CANCELLED");
        this.events.set(recurrenceOf(part), part);
      }
    }
  }

  dates(): Found[] {
    const whole = new ICAL.Component("vcalendar");
    for (const part of [...this.zones, ...this.events.values()]) whole.addSubcomponent(part);
    return datesIn(whole);
  }
}

const stamp = (event: ICAL.Component) => (event.getFirstPropertyValue("dtstamp") as ICAL.Time).toUnixTime();

test.each(Object.entries(courses))("a calendar that takes in the mails about %s shows what the service stores", (_, steps) => {
  const calendar = new RecipientCalendar();
  expect(steps.length).toBeGreaterThan(2);
  for (const step of steps) {
    calendar.take(read(step.file));
    expect(comparable(calendar.dates()), step.file).toEqual(comparable(step.dates, "Europe/Berlin"));
  }
});

test.each(Object.values(courses).flat())("$file says who asks whom, and how often it was changed", ({ file, sequence, partstat }) => {
  const text = read(file);
  for (const line of text.split("\r\n")) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
  for (const event of component(text).getAllSubcomponents("vevent")) {
    expect(event.getFirstPropertyValue("organizer")).toBe("mailto:reply+abc@reply.example.com");
    expect(event.getFirstProperty("organizer")?.getFirstParameter("cn")).toBe("aef (UpdSpace)");
    const attendees = event.getAllProperties("attendee");
    expect(attendees).toHaveLength(1);
    expect(attendees[0]?.getFirstValue()).toBe("mailto:recipient@recipient.invalid"); // identity fills it in
    expect(attendees[0]?.getFirstParameter("partstat")).toBe(partstat);
    expect(attendees[0]?.getFirstParameter("rsvp")).toBe("TRUE");
    expect(numberOf(event, "sequence")).toBeGreaterThanOrEqual(sequence);
    if (recurrenceOf(event) === "") expect(numberOf(event, "sequence")).toBe(sequence);
    expect(event.hasProperty("rrule") && recurrenceOf(event) !== "").toBe(false);
  }
});
