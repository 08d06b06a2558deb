// The pages of achievements and their main states.
import * as acts from "./achievementActs.ts";
import { achievement, champion, heart, id, mentor } from "./demo.ts";
import { refused, type State } from "./state.ts";

const list = "/api/v1/gamification/achievements";
const categories = "/achievements/categories";

export const achievementStates: State[] = [
  { name: "achievements", path: "/achievements", as: "member" },
  { name: "achievements-managed", path: "/achievements", as: "admin" },
  { name: "achievements-drafts", path: "/achievements?status=draft", as: "admin" },
  { name: "achievements-none", path: "/achievements", as: "member", answers: { [list]: { items: [], next_cursor: null } } },
  { name: "achievements-not-found", path: "/achievements?q=nothing-is-called-so", as: "member" },
  { name: "achievements-failed", path: "/achievements", as: "member", answers: { [list]: 500 }, allow: refused(500) },
  { name: "achievement", path: achievement(heart), as: "member" },
  { name: "achievement-limited", path: achievement(champion), as: "member" },
  { name: "achievement-menu", path: achievement(heart), as: "admin", act: acts.achievementMenu },
  { name: "achievement-archive", path: achievement(heart), as: "admin", act: acts.archiveAchievement },
  { name: "achievement-draft", path: achievement(mentor), as: "admin" },
  { name: "achievement-missing", path: `/achievements/${id("99")}`, as: "member", allow: refused(404) },
  { name: "achievement-new", path: "/achievements/new", as: "admin" },
  { name: "achievement-new-wrong", path: "/achievements/new", as: "admin", act: acts.publishEmpty },
  { name: "achievement-new-forbidden", path: "/achievements/new", as: "second" },
  { name: "achievement-edit", path: achievement(heart, "/edit"), as: "admin" },
  { name: "achievement-conflict", path: achievement(heart, "/edit"), as: "admin", act: acts.editConflict, allow: refused(409) },
  { name: "achievement-edit-forbidden", path: achievement(heart, "/edit"), as: "member" },
  { name: "categories", path: categories, as: "admin" },
  { name: "categories-forbidden", path: categories, as: "member" },
  { name: "category-menu", path: categories, as: "admin", act: acts.categoryMenu },
  { name: "category-new", path: categories, as: "admin", act: acts.newCategory },
  { name: "category-merge", path: categories, as: "admin", act: acts.mergeCategory },
  { name: "category-delete", path: categories, as: "admin", act: acts.deleteCategory },
];
