import { expect, it } from "vitest";
import { changes, type RuleValues } from "./pollRules.ts";

const before: RuleValues = {
  title: "Game of the year",
  description: "",
  visibility: "public",
  anonymous: false,
  allow_revoting: true,
  results_visibility: "after_closed",
  starts_at: null,
  ends_at: "2026-12-20T20:59:00Z",
  amendment_reason: "",
};

it("sends only what was changed, so that fixed rules are not refused", () => {
  expect(changes(before, before)).toEqual({});
  expect(changes(before, { ...before, ends_at: null })).toEqual({ ends_at: null });
});

it("sends the reason of a correction with it", () => {
  expect(changes(before, { ...before, title: "Games", amendment_reason: " a slip " })).toEqual({
    title: "Games",
    amendment_reason: "a slip",
  });
});
