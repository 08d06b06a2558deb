import { expect, test } from "vitest";
import { daysOf } from "./days.ts";

test("notifications are split into the days of the reader", () => {
  const at = (day: number, hour: number) => ({ told_at: new Date(2026, 2, day, hour).toISOString() });
  const now = new Date(2026, 2, 1, 12).getTime();
  const items = [at(1, 11), at(1, 0), at(0, 23), at(-1, 23), at(-1, 1)];
  expect(daysOf(items, now).map(({ age, items: told }) => [age, told.length])).toEqual([
    [0, 2],
    [1, 1],
    [2, 2],
  ]);
  expect(daysOf([], now)).toEqual([]);
});
