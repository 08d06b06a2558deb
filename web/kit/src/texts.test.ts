import { expect, test } from "vitest";
import { inWords, written } from "./texts.ts";

test("a text is in the reader's language, else in English, else in any", () => {
  const both = { ru: "Завсегдатай", en: "Regular" };
  expect(inWords(both, "ru")).toBe("Завсегдатай");
  expect(inWords(both, "ru-RU")).toBe("Завсегдатай");
  expect(inWords(both, "de")).toBe("Regular");
  expect(inWords({ pt: "Habitual" }, "ru")).toBe("Habitual");
  expect(inWords({}, "ru")).toBe("");
});

test("languages without words are left out", () => {
  expect(written({ ru: " Завсегдатай ", en: "  " })).toEqual({ ru: "Завсегдатай" });
});
