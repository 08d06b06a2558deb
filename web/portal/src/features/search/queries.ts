import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { events, gamification, ok, portal, voting } from "@updspace/kit/api.ts";

const most = 5; // of each kind

/** People, communities, teams, posts, polls, coming events and achievements that the text finds and the person may see. */
async function search(q: string, signal: AbortSignal) {
  const query = { q, limit: most };
  const [found, polls, dates, achievements] = await Promise.all([
    ok(portal.GET("/api/v1/portal/search", { params: { query }, signal })),
    ok(voting.GET("/api/v1/voting/me/polls", { params: { query }, signal })),
    ok(events.GET("/api/v1/events", { params: { query: { q, from: new Date().toISOString(), limit: most * 4 } }, signal })),
    ok(gamification.GET("/api/v1/gamification/achievements", { params: { query: { ...query, status: ["published"] } }, signal })),
  ]);
  const next = new Map(dates.items.toReversed().map((e) => [e.id, e])); // of a series only its next date
  return {
    ...found,
    achievements: achievements.items,
    polls: polls.items.map((p) => p.poll),
    events: [...next.values()].toReversed().slice(0, most),
  };
}

export type Found = Awaited<ReturnType<typeof search>>;

export const searchQuery = (q: string) =>
  queryOptions({ queryKey: ["search", q], placeholderData: keepPreviousData, queryFn: ({ signal }) => search(q, signal) });
