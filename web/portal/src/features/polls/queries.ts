import { queryOptions } from "@tanstack/react-query";
import { ok, portal, voting } from "@updspace/kit/api.ts";
import type { Group } from "@updspace/kit/groups.tsx";
import type { WriteHeaders } from "@updspace/kit/queries.ts";
import { withProgress } from "@updspace/kit/upload.ts";
import type { Phase } from "./types.ts";

/** The beginnings of the keys that change with a poll: itself, its votes and results, and the lists it stands in. */
export const pollKeys = [["/api/v1/voting/polls"], ["/api/v1/voting/me/polls"], ["/api/v1/voting/me/invites"]] as const;

export interface PollFilter {
  phase?: Phase | undefined;
  q?: string | undefined;
  scope_type?: "COMMUNITY" | "TEAM" | undefined;
  scope_id?: string | undefined;
}

const defined = <T extends object>(o: T) => Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined && v !== ""));

/** One page of the polls that I may read, with what I can do in each. */
export function readPolls(filter: PollFilter, cursor: string | undefined, signal: AbortSignal, limit = 20) {
  return ok(voting.GET("/api/v1/voting/me/polls", { params: { query: defined({ ...filter, cursor, limit }) }, signal }));
}

/** How many polls there are in each phase. */
export const totalsQuery = (filter: PollFilter) =>
  queryOptions({
    queryKey: ["/api/v1/voting/me/polls", filter, "totals"],
    queryFn: async ({ signal }) => (await readPolls({ ...filter, phase: undefined }, undefined, signal, 1)).totals,
  });

export const pollQuery = (id: string) =>
  queryOptions({
    queryKey: ["/api/v1/voting/polls", id, "info"],
    queryFn: ({ signal }) => ok(voting.GET("/api/v1/voting/polls/{poll_id}/info", { params: { path: { poll_id: id } }, signal })),
  });

export const myVotesQuery = (id: string) =>
  queryOptions({
    queryKey: ["/api/v1/voting/polls", id, "votes"],
    queryFn: ({ signal }) => ok(voting.GET("/api/v1/voting/polls/{poll_id}/votes/me", { params: { path: { poll_id: id } }, signal })),
  });

export const resultsQuery = (id: string) =>
  queryOptions({
    queryKey: ["/api/v1/voting/polls", id, "results"],
    queryFn: ({ signal }) => ok(voting.GET("/api/v1/voting/polls/{poll_id}/results", { params: { path: { poll_id: id } }, signal })),
  });

export const templatesQuery = queryOptions({
  queryKey: ["/api/v1/voting/polls/templates"],
  queryFn: ({ signal }) => ok(voting.GET("/api/v1/voting/polls/templates", { signal })),
  staleTime: Infinity,
});

export const participantsQuery = (id: string) =>
  queryOptions({
    queryKey: ["/api/v1/voting/polls", id, "participants"],
    queryFn: ({ signal }) => ok(voting.GET("/api/v1/voting/polls/{poll_id}/participants", { params: { path: { poll_id: id } }, signal })),
  });

/** The invitations to polls that wait for my answer. */
export const myInvitesQuery = queryOptions({
  queryKey: ["/api/v1/voting/me/invites"],
  queryFn: ({ signal }) => ok(voting.GET("/api/v1/voting/me/invites", { signal })),
});

/** One page of what was done with a poll, for those who may read the journal of voting. */
export function readJournal(id: string, cursor: string | undefined, signal: AbortSignal) {
  return ok(voting.GET("/api/v1/voting/audit", { params: { query: defined({ target_id: id, cursor }) }, signal }));
}

/** Stores a picture for an option of a poll; the answer is its address. One that no option gets is forgotten in a day. */
export function uploadPicture(poll_id: string, file: File, headers: WriteHeaders, progress: (sent: number) => void) {
  return ok(
    voting.POST("/api/v1/voting/polls/{poll_id}/images", {
      params: { path: { poll_id } },
      headers: { ...headers, "Content-Type": "application/octet-stream" },
      body: "", // the type of a file in the spec is text; the serializer gives the file itself
      bodySerializer: () => file,
      fetch: withProgress(progress),
    }),
  );
}

/** How many are added in one request. */
const most = 100;

/** Members of a group without those who are known, a hundred at most; `more` when there are others. */
export async function membersOf(group: Pick<Group, "id" | "kind">, known: ReadonlySet<string>) {
  const place = group.kind === "COMMUNITY" ? { community_id: group.id } : { team_id: group.id };
  const found: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { ...place, limit: most, ...(cursor && { cursor }) };
    const people = await ok(portal.GET("/api/v1/portal/people", { params: { query } }));
    found.push(...people.items.map((p) => p.user_id).filter((id) => !known.has(id)));
    if (found.length > most) break;
    cursor = people.next_cursor;
  }
  return { ids: found.slice(0, most), more: found.length > most };
}
