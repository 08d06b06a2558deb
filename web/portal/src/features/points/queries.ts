import { queryOptions } from "@tanstack/react-query";
import type { gamification as api } from "@updspace/api";
import { gamification, ok } from "@updspace/kit/api.ts";

export type Ranked = api.components["schemas"]["Ranked"];
export type Level = api.components["schemas"]["Level"];
export type Season = api.components["schemas"]["Season"];

/** Whose board, and of which season; of the tenant and of all time if nothing is said. */
export type Board = Pick<NonNullable<api.operations["getLeaderboard"]["parameters"]["query"]>, "scope_type" | "scope_id" | "season_id">;

/** Where every key of points begins. */
export const pointsKey = "/api/v1/gamification/points";

/** For usePages: the members by their points. */
export const boardPages = (board: Board) => ({
  key: [pointsKey, "board", board],
  read: (cursor: string | undefined, signal: AbortSignal) => {
    const query = { ...board, limit: 50, ...(cursor !== undefined && { cursor }) };
    return ok(gamification.GET("/api/v1/gamification/leaderboard", { params: { query }, signal }));
  },
});

/** My place on a board. */
export const placeQuery = (board: Board) =>
  queryOptions({
    queryKey: [pointsKey, "place", board],
    queryFn: ({ signal }) => ok(gamification.GET("/api/v1/gamification/leaderboard/me", { params: { query: board }, signal })),
  });

/** My points and level. */
export const mineQuery = queryOptions({
  queryKey: [pointsKey, "mine"],
  queryFn: ({ signal }) => ok(gamification.GET("/api/v1/gamification/me/points", { signal })),
});

/** The points of a member; null where the member does not show them. */
export const pointsOfQuery = (id: string) =>
  queryOptions({
    queryKey: [pointsKey, "of", id],
    queryFn: ({ signal }) =>
      ok(gamification.GET("/api/v1/gamification/users/{user_id}/points", { params: { path: { user_id: id } }, signal })),
  });

/** For usePages: what my points are the sum of. */
export const entryPages = {
  key: [pointsKey, "entries"],
  read: (cursor: string | undefined, signal: AbortSignal) => {
    const query = { limit: 20, ...(cursor !== undefined && { cursor }) };
    return ok(gamification.GET("/api/v1/gamification/me/points/entries", { params: { query }, signal }));
  },
};

export const levelsQuery = queryOptions({
  queryKey: [pointsKey, "levels"],
  queryFn: ({ signal }) => ok(gamification.GET("/api/v1/gamification/levels", { signal })),
});

/** All seasons, the latest first. */
export const seasonsQuery = queryOptions({
  queryKey: [pointsKey, "seasons"],
  queryFn: async ({ signal }) => (await ok(gamification.GET("/api/v1/gamification/seasons", { signal }))).items,
});
