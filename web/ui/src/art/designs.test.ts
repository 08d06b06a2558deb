import { expect, test } from "vitest";
import { clothOf, flagOf, helmOf, patchOf } from "./designs.ts";
import { hash } from "./hash.ts";

const ids = Array.from({ length: 2000 }, (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`);

test("the same id always gives the same picture", () => {
  expect(hash("Маяк")).toBe(hash("Маяк"));
  expect(helmOf(ids[7] ?? "")).toEqual(helmOf(ids[7] ?? ""));
});

test("neighbouring ids look different, and every part is used", () => {
  const seen = new Set(ids.map((id) => JSON.stringify(helmOf(id))));
  expect(seen.size).toBeGreaterThan(ids.length * 0.9);
  expect(new Set(ids.map((id) => helmOf(id).head)).size).toBe(6);
  expect(new Set(ids.map((id) => helmOf(id).visor)).size).toBe(8);
  expect(new Set(ids.map((id) => helmOf(id).crest)).size).toBe(8);
  expect(new Set(ids.map((id) => flagOf(id).field)).size).toBe(9);
  expect(new Set(ids.map((id) => flagOf(id).charge)).size).toBe(14);
  expect(new Set(ids.map(clothOf)).size).toBe(7);
  expect(new Set(ids.map((id) => patchOf(id).shape)).size).toBe(5);
});

test("hue and chroma keep to what the tokens hold contrast for", () => {
  for (const id of ids) {
    for (const { hue, chroma } of [helmOf(id), flagOf(id), patchOf(id)]) {
      expect(hue).toBeGreaterThanOrEqual(0);
      expect(hue).toBeLessThan(360);
      expect(chroma).toBeLessThanOrEqual(0.17);
    }
  }
});

test("a tenant's own colours win", () => {
  expect(flagOf("x", { hue: 27, chroma: 0.16 })).toMatchObject({ hue: 27, chroma: 0.16 });
  expect(flagOf("x", { hue: 120 })).toMatchObject({ hue: 120, chroma: 0.15 });
});
