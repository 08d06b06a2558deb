import { expect, test } from "vitest";
import { outcomeOf } from "./outcome.ts";

test("an outcome is read from the address, and nothing but words", () => {
  expect(outcomeOf("?next=%2Faccount")).toEqual({ second: false });
  expect(outcomeOf("?step=second&next=%2Faccount")).toEqual({ second: true });
  expect(outcomeOf("?sign_in_error=IDENTITY_NOT_LINKED&provider=steam")).toEqual({
    error: "IDENTITY_NOT_LINKED",
    provider: "steam",
    second: false,
  });
  expect(outcomeOf("?sign_in_error=Call us: +1 555&provider=&step=third")).toEqual({ second: false });
});
