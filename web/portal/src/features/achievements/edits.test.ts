import { expect, test } from "vitest";
import { changed, created, emptyValues, hasPicture, merged, valuesOf, type Values } from "./edits.ts";
import { regular } from "./testing.ts";

const base = valuesOf(regular);
const but = (part: Partial<Values>): Values => ({ ...base, ...part });
const named = (part: Record<string, string>) => but({ name_i18n: { ...base.name_i18n, ...part } });

test("only what is different is sent", () => {
  expect(changed(base, base)).toEqual({});
  expect(changed(base, but({ tier: "gold", description: "" }))).toEqual({ tier: "gold", description: "" });
  expect(changed(base, but({ expires_after_days: 30 }))).toEqual({ expires_after_days: 30 });
  expect(changed(but({ expires_after_days: 30 }), base)).toEqual({ expires_after_days: null });
});

test("texts are sent in the languages they are written in, and pictures without what is empty", () => {
  expect(changed(base, named({ en: " Often here " }))).toEqual({ name_i18n: { en: "Often here", ru: "Завсегдатай" } });
  expect(changed(base, named({ en: " " }))).toEqual({ name_i18n: { ru: "Завсегдатай" } });
  const images = { small: "", medium: " https://a.test/m.png", large: "" };
  expect(changed(base, but({ images })).images).toEqual({ small: null, medium: "https://a.test/m.png", large: null });
});

test("only limited achievements have a number", () => {
  expect(changed(base, but({ kind: "limited", max_grants: 3 }))).toEqual({ kind: "limited", max_grants: 3 });
  expect(changed(but({ kind: "limited", max_grants: 3 }), but({ kind: "once", max_grants: 3 }))).toEqual({
    kind: "once",
    max_grants: null,
  });
});

test("a new achievement is a draft or published, in its place", () => {
  const values = { ...emptyValues("skill"), name_i18n: { en: "Duelist", ru: "" } };
  const place = { scope_type: "TEAM", scope_id: "t" } as const;
  expect(created(values, place, false)).toMatchObject({
    name_i18n: { en: "Duelist" },
    status: "draft",
    scope_type: "TEAM",
    category: "skill",
  });
  expect(created(values, {}, true)).toMatchObject({ status: "published" });
  expect(hasPicture(values)).toBe(false);
  expect(hasPicture({ images: { small: "", medium: "", large: "https://a.test/l.png" } })).toBe(true);
});

test("changes of two people to different fields are both kept, also to two languages of one text", () => {
  const mine = { ...named({ en: "Often here" }), tier: "gold" as const };
  const theirs = { ...named({ ru: "Старожил" }), rarity: "epic" as const };
  expect(merged(base, mine, theirs)).toEqual({
    values: { ...base, name_i18n: { en: "Often here", ru: "Старожил" }, tier: "gold", rarity: "epic" },
    both: [],
  });
});

test("where both have changed the same field the own change stands, and is named", () => {
  const { values, both } = merged(base, named({ en: "Often here" }), named({ en: "Comes a lot" }));
  expect(values.name_i18n["en"]).toBe("Often here");
  expect(both).toEqual(["name_i18n.en"]);
  expect(merged(base, but({ tier: "gold" }), but({ tier: "gold" })).both).toEqual([]);
});

test("what others took away stays away", () => {
  const before = but({ expires_after_days: 30, prerequisites: ["a"] });
  expect(merged(before, { ...before, tier: "gold" }, base).values).toEqual(but({ tier: "gold" }));
});
