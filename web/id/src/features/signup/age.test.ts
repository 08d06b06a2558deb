import { expect, test } from "vitest";
import { isUnderAge } from "./age.ts";

const now = new Date("2026-03-01T12:00:00Z");

test.each([
  ["", false],
  ["2008-03", false],
  ["1994-05-01", false],
  ["2008-03-01", false], // the birthday itself
  ["2008-03-02", true],
  ["2020-01-01", true],
])("%s", (day, young) => expect(isUnderAge(day, now)).toBe(young));
