// What the events service writes for calendar programs, read by another parser: Mozilla's ical.js.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { comparable, component, datesIn, silent, type Found } from "./calendarReader.ts";

const folder = new URL("../../events/adapters/httpapi/testdata/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), "utf8");

/** What the service stores; a whole day is known by its days, which its reader's zone decides: Berlin, whose midnights are stored. */
const stored = JSON.parse(read("dates.json")) as Found[];
/** The dates that a member has answered about, under their UIDs in the calendar of these. */
const answered = JSON.parse(read("answered.json")) as Found[];
const berlin = "Europe/Berlin";

silent();

const datesOf = (name: string) => comparable(datesIn(component(read(name))));

test("the calendar of an address has the dates that are stored", () => {
  expect(datesOf("feed.ics")).toEqual(comparable(stored, berlin));
  expect(String(component(read("feed.ics")).getFirstPropertyValue("refresh-interval"))).toBe("PT1H");
});

test("the calendar of what a member has answered has these dates one by one", () => {
  expect(datesOf("answered.ics")).toEqual(comparable(answered, berlin));
  const parts = component(read("answered.ics")).getAllSubcomponents("vevent");
  for (const part of parts) {
    expect(part.hasProperty("rrule") || part.hasProperty("recurrence-id")).toBe(false);
    const going = part.getFirstPropertyValue("transp") === "OPAQUE"; // interested is free time, and not certain
    expect(part.getFirstPropertyValue("status")).toBe(going ? "CONFIRMED" : "TENTATIVE");
  }
  expect(new Set(parts.map((part) => part.getFirstPropertyValue("transp")))).toEqual(new Set(["OPAQUE", "TRANSPARENT"]));
  expect(new Set(parts.map((part) => part.getFirstPropertyValue("uid"))).size).toBe(parts.length);
});

test.each([0, 1, 2, 3, 4])("the file of event %i has its dates", (n) => {
  const uid = `00000000-0000-4000-8000-00000000000${n}@aef.updspace`;
  const own = stored.filter((d) => d.uid === uid);
  expect(datesOf(`event-${n}.ics`)).toEqual(comparable(own, berlin));
});

test.each(["0-0", "1-0", "2-0", "2-1", "3-0", "3-1", "4-0"])(
  "the file of one date, %s, has this date of its event and no other",
  (name) => {
    const uid = `00000000-0000-4000-8000-00000000000${name[0]}@aef.updspace`;
    const own = comparable(
      stored.filter((d) => d.uid === uid),
      berlin,
    );
    const [date, ...more] = datesOf(`date-${name}.ics`);
    expect(more).toEqual([]);
    expect(own).toContainEqual(date);
    const series = own.length > 1;
    const part = component(read(`date-${name}.ics`)).getFirstSubcomponent("vevent");
    expect(part?.hasProperty("recurrence-id")).toBe(series); // so that a program that has the series changes this date of it
  },
);

test("texts come back as they were, and no line is folded inside of a character", () => {
  const bytes = readFileSync(new URL("event-4.ics", folder));
  const lines = new TextDecoder("utf-8", { fatal: true }).decode(bytes).split("\r\n");
  for (const line of lines) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
  const event = component(bytes.toString()).getFirstSubcomponent("vevent");
  expect(event?.getFirstPropertyValue("summary")).toBe(stored.find((d) => d.uid.includes("0004@"))?.title);
  expect(event?.getFirstPropertyValue("location")).toBe('Здесь, "там"; и тут');
  expect(event?.getFirstPropertyValue("url")).toBe("https://example.com/?a=1,2;b=3");
  expect(event?.getFirstProperty("categories")?.getValues()).toEqual(["a,b", "в;г"]);
  expect(String(event?.getFirstPropertyValue("description")).split("\n")).toHaveLength(30);
});
