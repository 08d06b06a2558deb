// What the conditions of rules name by id: communities and teams, polls, events and achievements.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { events, gamification, ok, portal, voting } from "@updspace/kit/api.ts";
import type { Texts } from "@updspace/kit/texts.ts";

export type Thing = "scope" | "poll" | "event" | "achievement";

export interface Named {
  id: string;
  /** In one language, or in several. */
  name: string | Texts;
}

const most = 12;
const past = 365 * 86_400_000; // milliseconds that events may lie back

const finders: Record<Thing, (q: string, signal: AbortSignal) => Promise<Named[]>> = {
  scope: async (q, signal) => {
    if (q === "") return ok(portal.GET("/api/v1/portal/communities", { signal }));
    const { communities, teams } = await ok(portal.GET("/api/v1/portal/search", { params: { query: { q, limit: most } }, signal }));
    return [...communities, ...teams];
  },
  poll: async (q, signal) => {
    const query = { limit: most, ...(q !== "" && { q }) };
    const { items } = await ok(voting.GET("/api/v1/voting/me/polls", { params: { query }, signal }));
    return items.map(({ poll }) => ({ id: poll.id, name: poll.title }));
  },
  event: async (q, signal) => {
    const query = { from: new Date(Date.now() - past).toISOString(), order: "desc" as const, limit: 100, ...(q !== "" && { q }) };
    const { items } = await ok(events.GET("/api/v1/events", { params: { query }, signal }));
    const byID = new Map(items.map((e) => [e.id, { id: e.id, name: e.title }])); // a series has many dates
    return [...byID.values()].slice(0, most);
  },
  achievement: async (q, signal) => {
    const query = { status: ["published"], limit: most, ...(q !== "" && { q }) };
    const { items } = await ok(gamification.GET("/api/v1/gamification/achievements", { params: { query }, signal }));
    return items.map((a) => ({ id: a.id, name: a.name_i18n }));
  },
};

/** Things of a kind whose names contain a text. */
export const thingsQuery = (kind: Thing, q: string) =>
  queryOptions({ queryKey: ["things", kind, q], queryFn: ({ signal }) => finders[kind](q, signal), placeholderData: keepPreviousData });

const fresh = 60_000; // milliseconds

const names: Record<Thing, (id: string, signal: AbortSignal) => Promise<string | Texts>> = {
  scope: async (id, signal) =>
    (await ok(portal.GET("/api/v1/portal/groups/{group_id}", { params: { path: { group_id: id } }, signal }))).name,
  poll: async (id, signal) =>
    (await ok(voting.GET("/api/v1/voting/polls/{poll_id}/info", { params: { path: { poll_id: id } }, signal }))).poll.title,
  event: async (id, signal) => (await ok(events.GET("/api/v1/events/{event_id}", { params: { path: { event_id: id } }, signal }))).title,
  achievement: async (id, signal) =>
    (await ok(gamification.GET("/api/v1/gamification/achievements/{achievement_id}", { params: { path: { achievement_id: id } }, signal })))
      .name_i18n,
};

/** The name of one. */
export const thingQuery = (kind: Thing, id: string) =>
  queryOptions({ queryKey: ["things", kind, "name", id], queryFn: ({ signal }) => names[kind](id, signal), staleTime: fresh });

/** Where a thing is shown; of a community or a team the address is not known from the id alone. */
export const thingPath: Record<Exclude<Thing, "scope">, (id: string) => string> = {
  poll: (id) => `/polls/${id}`,
  event: (id) => `/events/${id}`,
  achievement: (id) => `/achievements/${id}`,
};
