import { queryOptions } from "@tanstack/react-query";
import { ok, portal, voting } from "@updspace/kit/api.ts";

/** How many of each a list of the home page shows. */
export const shown = 5;

export const queueQuery = queryOptions({
  queryKey: ["/api/v1/portal/me/queue"],
  queryFn: ({ signal }) => ok(portal.GET("/api/v1/portal/me/queue", { signal })),
});

/** Open polls, those that wait for the person's vote first. */
export const pollsToDoQuery = queryOptions({
  queryKey: ["/api/v1/voting/me/polls", { phase: "open", sort: "todo", limit: shown }],
  queryFn: ({ signal }) =>
    ok(voting.GET("/api/v1/voting/me/polls", { params: { query: { phase: "open", sort: "todo", limit: shown } }, signal })),
});

/** Invitations to polls. */
export const pollInvitesQuery = queryOptions({
  queryKey: ["/api/v1/voting/me/invites"],
  queryFn: ({ signal }) => ok(voting.GET("/api/v1/voting/me/invites", { signal })),
});

export const myTeamsQuery = queryOptions({
  queryKey: ["/api/v1/portal/me/groups", { kind: "TEAM", limit: shown }],
  queryFn: ({ signal }) => ok(portal.GET("/api/v1/portal/me/groups", { params: { query: { kind: "TEAM", limit: shown } }, signal })),
});

export const memberFacesQuery = queryOptions({
  queryKey: ["/api/v1/portal/people", { limit: shown }],
  queryFn: ({ signal }) => ok(portal.GET("/api/v1/portal/people", { params: { query: { limit: shown } }, signal })),
});
