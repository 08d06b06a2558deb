import { queryOptions } from "@tanstack/react-query";
import type { activity as api } from "@updspace/api";
import { activity, ok } from "@updspace/kit/api.ts";

export type AccountLink = api.components["schemas"]["AccountLink"];
export type AccountLinkUpdate = api.components["schemas"]["AccountLinkUpdate"];

const key = "/api/v1/activity/account-links";
const soon = 2000; // milliseconds, while an account is being read

export const accountLinksQuery = queryOptions({
  queryKey: [key],
  queryFn: async ({ signal }) => (await ok(activity.GET("/api/v1/activity/account-links", { signal }))).items,
  refetchInterval: ({ state }) => (state.data?.some((l) => l.isSyncing) ? soon : false),
});

/** The games of an account, as they were when it was read last. */
export const accountQuery = (l: AccountLink) =>
  queryOptions({
    queryKey: [key, l.id, l.lastSyncAt],
    queryFn: ({ signal }) =>
      ok(activity.GET("/api/v1/activity/account-links/{account_link_id}", { params: { path: { account_link_id: l.id } }, signal })),
  });
