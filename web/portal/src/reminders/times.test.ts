import { expect, test } from "vitest";
import { choicesWith, inUnit, toggled } from "./times.ts";

test("a time that is chosen is offered, too", () => {
  expect(choicesWith([120])).toEqual([10080, 4320, 1440, 360, 180, 120, 60, 30, 15]);
  expect(choicesWith([60])).toHaveLength(8);
});

test("times stay in their order", () => {
  expect(toggled([1440, 15], 60, true)).toEqual([1440, 60, 15]);
  expect(toggled([1440, 60], 1440, false)).toEqual([60]);
});

test("a time has the largest unit that fits", () => {
  expect([4320, 1440, 180, 60, 15].map(inUnit)).toEqual([
    { unit: "days", n: 3 },
    { unit: "days", n: 1 },
    { unit: "hours", n: 3 },
    { unit: "hours", n: 1 },
    { unit: "minutes", n: 15 },
  ]);
});
