import { queryOptions } from "@tanstack/react-query";
import type { activity as api } from "@updspace/api";
import { activity, ok } from "@updspace/kit/api.ts";
import type { FeedKind } from "./kinds.ts";

export type FeedItem = api.components["schemas"]["FeedItem"];

const feedKey = "/api/v1/activity/v2/feed";
const page = 20;
const lookEach = 60_000; // milliseconds

const polls = ["poll.opened", "vote.cast"];
const events = ["event.created", "event.rsvp.changed"];
const badges = ["achievement.published", "achievement.granted", "level.reached", "season.closed"];
const games = ["game.achievement", "game.playtime"];
const people = ["member.joined", "community.created", "team.created"];
const outside = ["feed.entry", "game.event"];
const news = ["news.posted"];

/** The types of items of each view. */
const types = {
  all: ["post.created", ...news, ...polls, ...events, ...badges, ...people, ...outside, ...games],
  news,
  polls,
  events,
  badges,
  people,
};

/** For usePages. */
export const feedPages = (kind: FeedKind) => ({
  key: [feedKey, kind],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(
      activity.GET("/api/v1/activity/v2/feed", {
        params: { query: { types: types[kind].join(","), grouped: true, limit: page, ...(cursor && { cursor }) } },
        signal,
      }),
    ),
});

export const unreadKey = "/api/v1/activity/feed/unread-count";

/** How many items are new since the person looked. */
export const unreadQuery = queryOptions({
  queryKey: [unreadKey],
  queryFn: ({ signal }) => ok(activity.GET("/api/v1/activity/feed/unread-count", { signal })),
  refetchInterval: lookEach,
});

export const markRead = (headers: Record<string, string>) => ok(activity.POST("/api/v1/activity/feed/mark-read", { headers }));
