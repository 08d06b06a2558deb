// What is asked about roles that follow one another here and at Discord.
import { queryOptions } from "@tanstack/react-query";
import type { activity as api } from "@updspace/api";
import { ApiError } from "@updspace/kit/answer.ts";
import { activity, ok } from "@updspace/kit/api.ts";

export type RoleSync = api.components["schemas"]["RoleSync"];
export type Mapping = api.components["schemas"]["RoleMapping"];
export type MappingCreate = api.components["schemas"]["RoleMappingCreate"];
export type SyncedPerson = api.components["schemas"]["RoleSyncPerson"];
export type Direction = api.components["schemas"]["RoleDirection"];
export type Mode = api.components["schemas"]["RoleSyncMode"];

export const directions = ["both", "to_discord", "from_discord"] as const;
export const modes = ["dry_run", "active", "paused"] as const;

export const roleSyncKey = "/api/v1/activity/admin/sources/role-sync";

const of = (id: number) => ({ path: { source_id: id } });

/** The synchronisation of a source; null when roles are not synchronised with it. */
export const roleSyncQuery = (id: number) =>
  queryOptions({
    queryKey: [roleSyncKey, id],
    queryFn: async ({ signal }) => {
      try {
        return await ok(activity.GET("/api/v1/activity/admin/sources/{source_id}/role-sync", { params: of(id), signal }));
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
  });

export const syncedPeopleQuery = (id: number) =>
  queryOptions({
    queryKey: [roleSyncKey, id, "people"],
    queryFn: ({ signal }) => ok(activity.GET("/api/v1/activity/admin/sources/{source_id}/role-sync/people", { params: of(id), signal })),
  });

export const discordRolesQuery = (id: number) =>
  queryOptions({
    queryKey: [roleSyncKey, id, "discord-roles"],
    queryFn: async ({ signal }) =>
      (await ok(activity.GET("/api/v1/activity/admin/sources/{source_id}/role-sync/discord-roles", { params: of(id), signal }))).items,
  });
