import { expect, test } from "vitest";
import { freeSlug, slugOf } from "./slug.ts";

test("a name suggests an id that the server takes", () => {
  expect(slugOf("Game nights & raids!")).toBe("game-nights-raids");
  expect(slugOf("Щедрость, 2026")).toBe("shchedrost-2026");
  expect(slugOf("Café Ёлка")).toBe("cafe-elka");
  expect(slugOf(" -- ")).toBe("");
  expect(slugOf("冒険")).toBe("");
  expect(slugOf("x".repeat(63) + " yz")).toBe("x".repeat(63));
});

test("an id that is taken gets a number", () => {
  expect(freeSlug("skill", new Set())).toBe("skill");
  expect(freeSlug("skill", new Set(["skill", "skill-2"]))).toBe("skill-3");
});
