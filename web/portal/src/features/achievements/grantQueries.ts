import { queryOptions } from "@tanstack/react-query";
import type { gamification as api } from "@updspace/api";
import { gamification, ok } from "@updspace/kit/api.ts";
import { achievementsKey } from "./queries.ts";

export type Grant = api.components["schemas"]["Grant"];
export type GrantReport = api.components["schemas"]["GrantReport"];

const page = 20;

/** For usePages: who has an achievement, newest first; with `all` also those who had it. */
export const grantPages = (id: string, all: boolean) => ({
  key: [achievementsKey, id, "grants", all],
  read: (cursor: string | undefined, signal: AbortSignal) => {
    const query = { limit: page, ...(all && { state: "all" as const }), ...(cursor !== undefined && { cursor }) };
    const params = { path: { achievement_id: id }, query };
    return ok(gamification.GET("/api/v1/gamification/achievements/{achievement_id}/grants", { params, signal }));
  },
});

export type Held = api.components["schemas"]["Held"];

const mostHeld = 100;

/** What a person has, with the achievements, newest first; without one what I have. */
export const heldQuery = (user?: string) =>
  queryOptions({
    queryKey: [achievementsKey, "held", user ?? "mine"],
    queryFn: ({ signal }) => {
      const query = { limit: mostHeld };
      if (user === undefined) return ok(gamification.GET("/api/v1/gamification/me/grants", { params: { query }, signal }));
      return ok(gamification.GET("/api/v1/gamification/users/{user_id}/grants", { params: { path: { user_id: user }, query }, signal }));
    },
  });
