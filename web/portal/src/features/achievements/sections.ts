import type { Achievement, Category } from "./queries.ts";

export interface Section {
  category: Pick<Category, "id" | "name_i18n">;
  items: Achievement[];
}

/** Achievements under their categories, in the order of those; what is in a category that is not known yet comes last. */
export function sectionsOf(items: readonly Achievement[], categories: readonly Category[]): Section[] {
  const known = new Set(categories.map((c) => c.id));
  const unknown = [...new Set(items.map((a) => a.category).filter((id) => !known.has(id)))];
  return [...categories, ...unknown.map((id) => ({ id, name_i18n: { en: id } }))]
    .map((category) => ({ category, items: items.filter((a) => a.category === category.id) }))
    .filter((section) => section.items.length > 0);
}
