// The pages of points and their main states.
import { button, dialog, type Act } from "./acts.ts";
import { id } from "./demo.ts";
import { refused, type State } from "./state.ts";

const board = "/achievements/leaderboard";
const manage = "/achievements/points";
const list = "/api/v1/gamification/leaderboard";
const mine = "/api/v1/gamification/me/points";
const nothing = { items: [], next_cursor: null };
const out = { points: 170, level: null, next: null, missing: null, season: null, ranked: false };
const campfires = (t: Parameters<Act>[1]) => (t("nav.polls") === "Опросы" ? "Сезон костров" : "Season of campfires");

/** The board of the season that runs. */
const season: Act = async (page, t) => {
  await page.getByRole("link", { name: campfires(t) }).click();
  await page.getByRole("heading", { name: campfires(t) }).waitFor();
};

const newSeason: Act = async (page, t) => {
  await button(page, t("points.seasons.new")).click();
  await dialog(page, t);
};

const deleteSeason: Act = async (page, t) => {
  await button(page, t("points.seasons.delete", { name: campfires(t) })).click();
  await page.getByRole("alertdialog").waitFor();
};

/** A level without a title. */
const untitled: Act = async (page, t) => {
  await button(page, t("points.levels.add")).click();
  await button(page, t("action.save")).click();
  await page.getByText(t("points.levels.untitled")).waitFor();
};

export const pointStates: State[] = [
  { name: "leaderboard", path: board, as: "member" },
  { name: "leaderboard-season", path: board, as: "member", act: season },
  { name: "leaderboard-managed", path: board, as: "admin" },
  { name: "leaderboard-out", path: board, as: "member", answers: { [mine]: out, [`${list}/me`]: { points: 170, rank: null, around: [] } } },
  { name: "leaderboard-none", path: board, as: "member", answers: { [list]: nothing } },
  { name: "leaderboard-failed", path: board, as: "member", answers: { [list]: 500 }, allow: refused(500) },
  { name: "leaderboard-missing", path: `${board}?community=${id("99")}`, as: "member", allow: refused(404) },
  { name: "points", path: manage, as: "admin" },
  { name: "points-level-wrong", path: manage, as: "admin", act: untitled },
  { name: "season-new", path: manage, as: "admin", act: newSeason },
  { name: "season-delete", path: manage, as: "admin", act: deleteSeason },
  {
    name: "points-none",
    path: manage,
    as: "admin",
    answers: { "/api/v1/gamification/seasons": { items: [] }, "/api/v1/gamification/levels": { levels: [], updated_at: null, version: 0 } },
  },
  { name: "points-forbidden", path: manage, as: "member" },
  { name: "profile-points", path: `/people/${id("11")}`, as: "member" },
];
