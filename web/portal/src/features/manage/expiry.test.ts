import { expect, test } from "vitest";
import { endOf, expiryOf, never } from "./expiry.ts";

const now = Date.parse("2026-03-01T12:00:00Z");

test("a date that is past or missing is no end", () => {
  const date = (at: string | null) => endOf({ span: "date", at }, now);
  expect(date("2026-03-04T10:00:00Z")).toBe("2026-03-04T10:00:00Z");
  expect(date("2026-03-01T12:00:00Z")).toBeUndefined();
  expect(date(null)).toBeUndefined();
});

test("a span ends that long from now, and never is no end at all", () => {
  expect(endOf({ span: "week", at: null }, now)).toBe("2026-03-08T12:00:00.000Z");
  expect(endOf(never, now)).toBeNull();
});

test("an end is shown as the choice that gives it", () => {
  for (const end of ["2026-03-31T21:00:00Z", null]) expect(endOf(expiryOf(end), now)).toBe(end);
});
