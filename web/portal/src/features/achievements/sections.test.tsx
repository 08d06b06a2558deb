import { expect, test } from "vitest";
import * as v from "valibot";
import type { Category } from "./queries.ts";
import { filterOf, isNarrow } from "./filter.ts";
import { achievementsSearch } from "./search.ts";
import { sectionsOf } from "./sections.ts";
import { regular } from "./testing.ts";

const category = (id: string): Category => ({
  id,
  name_i18n: { en: id },
  order: 0,
  is_active: true,
  created_at: "",
  updated_at: "",
  version: 1,
});

test("achievements stand under their categories, in the order of those", () => {
  const items = [regular, { ...regular, id: "b", category: "skill" }, { ...regular, id: "c", category: "new" }];
  const sections = sectionsOf(items, [category("skill"), category("empty"), category("events")]);
  expect(sections.map((s) => [s.category.id, s.items.map((a) => a.id)])).toEqual([
    ["skill", ["b"]],
    ["events", [regular.id]],
    ["new", ["c"]],
  ]);
});

test("what the address says is asked of the server; nonsense is left out", () => {
  const parse = (search: object) => v.parse(achievementsSearch, search);
  const team = "00000000-0000-4000-8000-0000000000d1";
  expect(filterOf(parse({ status: "draft", q: " raid ", category: "skill", team }))).toEqual({
    status: ["draft"],
    q: "raid",
    category: ["skill"],
    scope_type: "TEAM",
    scope_id: team,
  });
  const nonsense = parse({ status: "gone", q: " ", community: "chess" });
  expect(filterOf(nonsense)).toEqual({ status: ["published"] });
  expect(isNarrow(nonsense)).toBe(false);
  expect(isNarrow(parse({ status: "draft" }))).toBe(false);
  expect(isNarrow(parse({ team }))).toBe(true);
});
