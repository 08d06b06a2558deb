import { expect, test } from "vitest";
import { endOf, expiryOf, never } from "./expiry.ts";

const now = Date.parse("2026-03-01T12:00:00Z");

test("a date ends with its last moment, and a past or a missing one is refused", () => {
  const date = (d: string) => endOf({ span: "date", date: d }, now);
  expect(date("2026-03-04")).toBe(new Date(2026, 2, 5).toISOString());
  expect(date("2026-02-20")).toBeUndefined();
  expect(date("")).toBeUndefined();
  expect(endOf(never, now)).toBeNull();
  expect(endOf({ span: "week", date: "" }, now)).toBe("2026-03-08T12:00:00.000Z");
});

test("an end is shown as the choice that gives it", () => {
  const chosen = { span: "date" as const, date: "2026-03-31" };
  expect(expiryOf(endOf(chosen, now) ?? null)).toEqual(chosen);
  expect(expiryOf(null)).toEqual(never);
});
