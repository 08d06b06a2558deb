import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { ok, portal, voting } from "@updspace/kit/api.ts";

const most = 5; // of each kind

/** People, communities, teams, posts and polls that the text finds and the person may see. */
async function search(q: string, signal: AbortSignal) {
  const query = { q, limit: most };
  const [found, polls] = await Promise.all([
    ok(portal.GET("/api/v1/portal/search", { params: { query }, signal })),
    ok(voting.GET("/api/v1/voting/me/polls", { params: { query }, signal })),
  ]);
  return { ...found, polls: polls.items.map((p) => p.poll) };
}

export type Found = Awaited<ReturnType<typeof search>>;

export const searchQuery = (q: string) =>
  queryOptions({ queryKey: ["search", q], placeholderData: keepPreviousData, queryFn: ({ signal }) => search(q, signal) });
