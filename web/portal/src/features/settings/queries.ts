import { queryOptions } from "@tanstack/react-query";
import type { portal as api } from "@updspace/api";
import { activity, ok, portal } from "@updspace/kit/api.ts";

export type Profile = api.components["schemas"]["Profile"];

export const myProfileQuery = queryOptions({
  queryKey: ["/api/v1/portal/me"],
  queryFn: ({ signal }) => ok(portal.GET("/api/v1/portal/me", { signal })),
});

/** What a change of one's own profile makes stale: names and faces stand everywhere. */
export const profileStale = [
  ["/api/v1/portal/me"],
  ["/api/v1/portal/profiles"],
  ["/api/v1/portal/people"],
  ["/api/v1/portal/people/lookup"],
  ["/api/v1/portal/groups"],
  ["/api/v1/session/me"],
] as const;

export const notificationPreferencesQuery = queryOptions({
  queryKey: ["/api/v1/activity/notifications/preferences"],
  queryFn: ({ signal }) => ok(activity.GET("/api/v1/activity/notifications/preferences", { signal })),
});

export const mutesQuery = queryOptions({
  queryKey: ["/api/v1/activity/notifications/mutes"],
  queryFn: ({ signal }) => ok(activity.GET("/api/v1/activity/notifications/mutes", { signal })),
});

export const pushQuery = queryOptions({
  queryKey: ["/api/v1/activity/notifications/push"],
  queryFn: ({ signal }) => ok(activity.GET("/api/v1/activity/notifications/push", { signal })),
});
