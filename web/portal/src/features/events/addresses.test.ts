import { expect, test } from "vitest";
import { addressesOf } from "./addresses.ts";

test("addresses are read however they are separated, each once", () => {
  expect(addressesOf(" a@x.test, b@x.test;\nc@x.test\ta@x.test ")).toEqual(["a@x.test", "b@x.test", "c@x.test"]);
  expect(addressesOf(" \n")).toEqual([]);
});
