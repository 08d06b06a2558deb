import { queryOptions } from "@tanstack/react-query";
import type { portal as api } from "@updspace/api";
import { ok, portal } from "@updspace/kit/api.ts";
import { groupsKey, type Group } from "@updspace/kit/groups.tsx";
import type { Page } from "@updspace/kit/pages.tsx";

type Schemas = api.components["schemas"];
export type Member = Schemas["Member"];
export type Role = Schemas["Role"];
export type JoinPolicy = Schemas["JoinPolicy"];
export type JoinRequest = Schemas["JoinRequest"];
export type Invite = Schemas["Invite"];
export type InviteLink = Schemas["InviteLink"];
export type Ban = Schemas["Ban"];
export type ListedStatus = Schemas["ListedStatus"];

const page = 50;

const of = (group: string) => ({ group_id: group });

/** A list whose next page is named by a header. */
async function listed<T>(call: Promise<{ data?: T[]; error?: unknown; response: Response }>): Promise<Page<T>> {
  let next: string | null = null;
  const items = await ok(
    call.then((answer) => {
      next = answer.response.headers.get("X-Next-Cursor");
      return answer;
    }),
  );
  return { items, next_cursor: next };
}

interface GroupFilter {
  q: string;
  status: ListedStatus;
}

// For usePages. Their keys begin with groupsKey, so that a change of a group or of a membership makes them stale.

export const communityPages = (filter: GroupFilter) => ({
  key: [groupsKey, "communities", filter],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    listed(portal.GET("/api/v1/portal/communities", { params: { query: { ...filter, limit: page, ...(cursor && { cursor }) } }, signal })),
});

export const teamPages = (community: string, status: ListedStatus) => ({
  key: [groupsKey, community, "teams", status],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    listed(
      portal.GET("/api/v1/portal/teams", {
        params: { query: { community_id: community, status, limit: page, ...(cursor && { cursor }) } },
        signal,
      }),
    ),
});

/** The teams of a community as one list, for what shows some of them and how many there are. */
export const teamsQuery = (community: string) =>
  queryOptions({
    queryKey: [groupsKey, community, "teams"],
    queryFn: ({ signal }) =>
      listed<Group>(portal.GET("/api/v1/portal/teams", { params: { query: { community_id: community, limit: 100 } }, signal })),
  });

interface MemberFilter {
  q: string;
  role?: Role;
}

export const memberPages = (group: string, filter: MemberFilter) => ({
  key: [groupsKey, group, "members", filter],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(
      portal.GET("/api/v1/portal/groups/{group_id}/members", {
        params: { path: of(group), query: { ...filter, limit: page, ...(cursor && { cursor }) } },
        signal,
      }),
    ),
});

/** Who can act for a group: its owners. */
export const ownersQuery = (group: string) =>
  queryOptions({
    queryKey: [groupsKey, group, "members", "owners"],
    queryFn: ({ signal }) =>
      ok(
        portal.GET("/api/v1/portal/groups/{group_id}/members", {
          params: { path: of(group), query: { role: "owner", limit: 10 } },
          signal,
        }),
      ),
  });

export const banPages = (group: string) => ({
  key: [groupsKey, group, "bans"],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(portal.GET("/api/v1/portal/groups/{group_id}/bans", { params: { path: of(group), query: { ...(cursor && { cursor }) } }, signal })),
});

export const requestPages = (group: string, status: JoinRequest["status"]) => ({
  key: [groupsKey, group, "requests", status],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(
      portal.GET("/api/v1/portal/groups/{group_id}/join-requests", {
        params: { path: of(group), query: { status, ...(cursor && { cursor }) } },
        signal,
      }),
    ),
});

export const invitePages = (group: string) => ({
  key: [groupsKey, group, "invites"],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(
      portal.GET("/api/v1/portal/groups/{group_id}/invites", {
        params: { path: of(group), query: { pending: true, ...(cursor && { cursor }) } },
        signal,
      }),
    ),
});

export const linkPages = (group: string) => ({
  key: [groupsKey, group, "links"],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(
      portal.GET("/api/v1/portal/groups/{group_id}/invite-links", {
        params: { path: of(group), query: { ...(cursor && { cursor }) } },
        signal,
      }),
    ),
});

export const myInvitesQuery = queryOptions({
  queryKey: [groupsKey, "my invites"],
  queryFn: async ({ signal }) =>
    (await ok(portal.GET("/api/v1/portal/me/invites", { params: { query: { pending: true } }, signal }))).items,
});

export const myRequestsQuery = queryOptions({
  queryKey: [groupsKey, "my requests"],
  queryFn: async ({ signal }) =>
    (await ok(portal.GET("/api/v1/portal/me/join-requests", { params: { query: { status: "pending" } }, signal }))).items,
});

/** What waits for the caller; the home page shows it too. */
export const queueKey = "/api/v1/portal/me/queue";

/** What a change of a group or of who belongs to it makes stale. */
export const groupStale = [[groupsKey], [queueKey]] as const;
