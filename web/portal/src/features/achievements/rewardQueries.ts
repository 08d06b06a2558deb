import { queryOptions } from "@tanstack/react-query";
import type { access as accessApi, gamification as api } from "@updspace/api";
import { access, gamification, ok } from "@updspace/kit/api.ts";
import { achievementsKey } from "./queries.ts";

export type Reward = api.components["schemas"]["Reward"];
export type Role = accessApi.components["schemas"]["AdminRole"];

/** The role that holders of the achievement have; null for none. */
export const rewardQuery = (id: string) =>
  queryOptions({
    queryKey: [achievementsKey, id, "reward"],
    queryFn: async ({ signal }) => {
      const params = { path: { achievement_id: id } };
      return (await ok(gamification.GET("/api/v1/gamification/achievements/{achievement_id}/reward", { params, signal }))).reward;
    },
  });

/** Those who can make overrides and roles could give themselves everything: such roles are no rewards. */
const changesRights = ["portal.roles.write", "portal.role_bindings.write", "portal.policy_overrides.write"];

export const canReward = (role: Role) => role.name !== "admin" && !changesRights.some((key) => role.permission_keys.includes(key));

/** The roles that can be rewards. Only who reads roles may ask. */
export const rewardRolesQuery = queryOptions({
  queryKey: ["/api/v1/access/admin/roles", "rewards"],
  queryFn: async ({ signal }) =>
    (await ok(access.GET("/api/v1/access/admin/roles", { params: { query: { limit: 500 } }, signal }))).filter(canReward),
});
