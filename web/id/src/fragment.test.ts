import { expect, test } from "vitest";
import { tokenOf } from "./fragment.ts";

test.each([
  ["", "", ""],
  ["#abc", "", "abc"],
  ["#undo=abc", "undo", "abc"],
  ["#confirm=abc", "undo", ""],
  ["#undo", "undo", ""],
])("the token of %j behind %j is %j", (hash, name, token) => {
  expect(tokenOf(hash, name)).toBe(token);
});
