import { queryOptions } from "@tanstack/react-query";
import type { gamification as api } from "@updspace/api";
import { gamification, ok } from "@updspace/kit/api.ts";

export type Achievement = api.components["schemas"]["Achievement"];
export type AchievementCreate = api.components["schemas"]["AchievementCreate"];
export type AchievementUpdate = api.components["schemas"]["AchievementUpdate"];
export type Status = Achievement["status"];
export type Tier = Achievement["tier"];
export type Rarity = Achievement["rarity"];
export type Kind = Achievement["kind"];
export type Category = api.components["schemas"]["Category"];

/** Where every key of achievements begins, and of categories. */
export const achievementsKey = "/api/v1/gamification/achievements";
export const categoriesKey = "/api/v1/gamification/categories";

/** Which achievements a list shows. */
export type AchievementFilter = Pick<
  NonNullable<api.operations["listAchievements"]["parameters"]["query"]>,
  "status" | "sort" | "q" | "category" | "scope_type" | "scope_id"
>;

/** For usePages: the achievements that I may see, newest first. */
export const achievementPages = (filter: AchievementFilter) => ({
  key: [achievementsKey, "list", filter],
  read: (cursor: string | undefined, signal: AbortSignal) => {
    const query = { ...filter, limit: 100, ...(cursor !== undefined && { cursor }) };
    return ok(gamification.GET("/api/v1/gamification/achievements", { params: { query }, signal }));
  },
});

export const achievementQuery = (id: string) =>
  queryOptions({
    queryKey: [achievementsKey, id],
    queryFn: ({ signal }) =>
      ok(gamification.GET("/api/v1/gamification/achievements/{achievement_id}", { params: { path: { achievement_id: id } }, signal })),
  });

/** All categories in their order, retired ones too. */
export const categoriesQuery = queryOptions({
  queryKey: [categoriesKey],
  queryFn: async ({ signal }) => (await ok(gamification.GET("/api/v1/gamification/categories", { signal }))).items,
});
