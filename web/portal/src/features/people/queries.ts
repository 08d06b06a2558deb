import { queryOptions } from "@tanstack/react-query";
import type { portal as api } from "@updspace/api";
import { ok, portal } from "@updspace/kit/api.ts";

export type ListedPerson = api.components["schemas"]["ListedPerson"];
export type Profile = api.components["schemas"]["Profile"];

const page = 48;

interface PeopleFilter {
  q: string;
  community_id?: string;
}

/** For usePages. */
export const peoplePages = (filter: PeopleFilter) => ({
  key: ["/api/v1/portal/people", "list", filter],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(portal.GET("/api/v1/portal/people", { params: { query: { ...filter, limit: page, ...(cursor && { cursor }) } }, signal })),
});

export const profileQuery = (id: string) =>
  queryOptions({
    queryKey: ["/api/v1/portal/profiles", id],
    queryFn: ({ signal }) => ok(portal.GET("/api/v1/portal/profiles/{user_id}", { params: { path: { user_id: id } }, signal })),
  });
