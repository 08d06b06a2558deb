import { expect, test } from "vitest";
import { isLast, nthOf, repeatOf, repeatsOn, ruleOf, weekly, type Repeat } from "./repeat.ts";

const start = "2026-03-10"; // the second Tuesday of March
const every = (changes: Partial<Repeat>): Repeat => ({ ...weekly(start), ...changes });

test.each<[Repeat, string]>([
  [every({}), "FREQ=WEEKLY;BYDAY=TU"],
  [every({ interval: 2, weekdays: [3, 1] }), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"],
  [every({ unit: "day", interval: 3, count: 10 }), "FREQ=DAILY;INTERVAL=3;COUNT=10"],
  [every({ unit: "month" }), "FREQ=MONTHLY"],
  [every({ unit: "month", monthDay: "weekday" }), "FREQ=MONTHLY;BYDAY=2TU"],
  [every({ unit: "month", monthDay: "last", until: "2026-12-31" }), "FREQ=MONTHLY;BYDAY=-1TU;UNTIL=20261231"],
  [every({ unit: "year" }), "FREQ=YEARLY"],
])("%o is written and read as %s", (repeat, rule) => {
  expect(ruleOf(repeat, start)).toBe(rule);
  const read = repeatOf(rule, start, "Europe/Moscow");
  expect(ruleOf(read as Repeat, start)).toBe(rule);
});

test("the last day of a rule in UTC is that of the event's zone", () => {
  expect(repeatOf("FREQ=DAILY;UNTIL=20261231T205959Z", start, "Europe/Moscow")).toMatchObject({ until: "2026-12-31" });
  expect(repeatOf("FREQ=DAILY;UNTIL=20261231T210000Z", start, "Europe/Moscow")).toMatchObject({ until: "2027-01-01" });
});

test.each([
  "FREQ=MONTHLY;BYMONTHDAY=-1",
  "FREQ=MONTHLY;BYDAY=1MO",
  "FREQ=WEEKLY;BYDAY=TU;BYSETPOS=1",
  "FREQ=HOURLY",
  "FREQ=MONTHLY;BYDAY=TU",
])("%s is kept as it is", (rule) => {
  expect(repeatOf(rule, start, "UTC")).toEqual({ rule });
});

test("the place of a day in its month", () => {
  expect([nthOf("2026-03-07"), nthOf("2026-03-08"), nthOf("2026-03-29")]).toEqual([1, 2, 5]);
  expect([isLast("2026-03-24"), isLast("2026-03-25"), isLast("2026-03-31")]).toEqual([false, true, true]);
});

test.each<[Repeat, string[], string[]]>([
  [every({}), ["2026-03-10", "2026-03-17"], ["2026-03-03", "2026-03-11"]],
  [every({ interval: 2, weekdays: [1, 3] }), ["2026-03-12", "2026-03-24", "2026-03-26"], ["2026-03-17", "2026-03-19"]],
  [every({ interval: 2, weekdays: [0, 1] }), ["2026-03-23"], ["2026-03-16"]],
  [every({ unit: "day", interval: 3, until: "2026-03-20" }), ["2026-03-13", "2026-03-19"], ["2026-03-14", "2026-03-22"]],
  [every({ unit: "month", interval: 2 }), ["2026-05-10", "2027-01-10"], ["2026-04-10", "2026-05-12"]],
  [every({ unit: "month", monthDay: "weekday" }), ["2026-04-14"], ["2026-04-10", "2026-04-07", "2026-04-15"]],
  [every({ unit: "year" }), ["2027-03-10"], ["2027-03-09", "2026-09-10"]],
])("%o takes place on %s and not on %s", (repeat, on, not) => {
  expect(on.filter((day) => !repeatsOn(repeat, start, day))).toEqual([]);
  expect(not.filter((day) => repeatsOn(repeat, start, day))).toEqual([]);
});

test("the last weekday of a month", () => {
  const last = every({ unit: "month", monthDay: "last" });
  expect(repeatsOn(last, "2026-03-31", "2026-04-28")).toBe(true);
  expect(repeatsOn(last, "2026-03-31", "2026-04-21")).toBe(false);
});
