import { expect, test } from "vitest";
import { blocksOf, inlines } from "./markdown.ts";

test("lines of a paragraph are one, and list items stand alone", () => {
  expect(blocksOf("One\nline.\n\nIn order:\n1. the first,\n   on two lines\n2. the second\n\n- a dash")).toEqual([
    "One line.",
    "In order:",
    "1. the first, on two lines",
    "2. the second",
    "• a dash",
  ]);
  expect(blocksOf("")).toEqual([]);
});

test("code and strong words are told apart", () => {
  expect(inlines("**Order.** Repeat `X-Request-Id` as it is")).toEqual([
    { kind: "strong", text: "Order." },
    { kind: "text", text: " Repeat " },
    { kind: "code", text: "X-Request-Id" },
    { kind: "text", text: " as it is" },
  ]);
});
