import { queryOptions } from "@tanstack/react-query";
import type { gamification as api } from "@updspace/api";
import { gamification, ok } from "@updspace/kit/api.ts";
import { achievementsKey } from "./queries.ts";

export type Rule = api.components["schemas"]["Rule"];
export type RuleCondition = api.components["schemas"]["RuleCondition"];
export type AchievementRule = api.components["schemas"]["AchievementRule"];
export type DryRunItem = api.components["schemas"]["DryRunItem"];
export type Progress = api.components["schemas"]["Progress"];

/** How often a page that waits for what a rule does asks again, in milliseconds; only while it is visible. */
export const soon = 5_000;

/** The rule of an achievement that has one. It is read again while it counts what was recorded before. */
export const ruleQuery = (id: string) =>
  queryOptions({
    queryKey: [achievementsKey, id, "rule"],
    queryFn: ({ signal }) =>
      ok(gamification.GET("/api/v1/gamification/achievements/{achievement_id}/rule", { params: { path: { achievement_id: id } }, signal })),
    refetchInterval: ({ state: { data } }) => (data?.running && data.counted_at === null ? soon / 2 : false),
  });

/** How far I am with everything that a rule grants, the nearest first. */
export const progressQuery = queryOptions({
  queryKey: [achievementsKey, "progress"],
  queryFn: async ({ signal }) => (await ok(gamification.GET("/api/v1/gamification/me/progress", { signal }))).items,
});

/** Achievements by their ids, at most 100; those that I cannot see are left out. */
export const achievementsByID = (ids: readonly string[]) =>
  queryOptions({
    queryKey: [achievementsKey, "by id", ids],
    queryFn: async ({ signal }) => {
      const query = { id: [...ids], status: ["published", "draft", "hidden", "archived"], limit: 100 };
      return (await ok(gamification.GET("/api/v1/gamification/achievements", { params: { query }, signal }))).items;
    },
    enabled: ids.length > 0,
  });
