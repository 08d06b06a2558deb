import { expect, test } from "vitest";
import { levelAt, progress } from "./levels.ts";
import { boardOf } from "./search.ts";

const levels = [10, 50, 100].map((points, i) => ({ number: i + 1, points, title_i18n: {} }));

test("a level is reached by its points and not before", () => {
  expect([0, 9, 10, 49, 50, 1000].map((points) => levelAt(levels, points)?.number)).toEqual([undefined, undefined, 1, 1, 2, 3]);
  expect(levelAt([], 5)).toBeUndefined();
});

test("progress goes from one level to the next", () => {
  expect([-5, 10, 30, 50, 80].map((points) => progress(points, 10, 50))).toEqual([0, 0, 0.5, 1, 1]);
});

test("a board is named by its season and one place", () => {
  expect(boardOf({ season: undefined, community: undefined, team: undefined })).toEqual({});
  expect(boardOf({ season: "s", community: "c", team: "t" })).toEqual({ season_id: "s", scope_type: "COMMUNITY", scope_id: "c" });
  expect(boardOf({ season: undefined, community: undefined, team: "t" })).toEqual({ scope_type: "TEAM", scope_id: "t" });
});
