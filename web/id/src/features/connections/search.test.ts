import { expect, test } from "vitest";
import { outcomeOf } from "./search.ts";

test("an outcome is read from the address, and nothing but words", () => {
  expect(outcomeOf({ linked: "steam", from: "aef" })).toEqual({ linked: "steam" });
  expect(outcomeOf({ link_error: "IDENTITY_CONFLICT", provider: "steam" })).toEqual({ link_error: "IDENTITY_CONFLICT", provider: "steam" });
  expect(outcomeOf({ link_error: "Call us: +1 555", provider: 7, linked: "" })).toEqual({});
});
