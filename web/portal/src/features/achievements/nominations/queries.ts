import { queryOptions } from "@tanstack/react-query";
import type { gamification as api } from "@updspace/api";
import { gamification, ok } from "@updspace/kit/api.ts";
import type { Page } from "@updspace/kit/pages.tsx";
import type { Achievement } from "../queries.ts";

export type Nomination = api.components["schemas"]["Nomination"];
export type NominationStatus = Nomination["status"];

/** Where every key of nominations begins. */
export const nominationsKey = "/api/v1/gamification/nominations";

/** A nomination with its achievement; none when I cannot see it. */
export interface Nominated {
  nomination: Nomination;
  achievement: Achievement | undefined;
}

/** Adds the achievements to a page of nominations: one request for all of them. */
async function withAchievements({ items, next_cursor }: Page<Nomination>, signal: AbortSignal): Promise<Page<Nominated>> {
  const id = [...new Set(items.map((n) => n.achievement_id))];
  const status = ["published", "draft", "hidden", "archived"];
  const params = { query: { id, status, limit: 100 } };
  const found = id.length === 0 ? [] : (await ok(gamification.GET("/api/v1/gamification/achievements", { params, signal }))).items;
  return { next_cursor, items: items.map((n) => ({ nomination: n, achievement: found.find((a) => a.id === n.achievement_id) })) };
}

const page = 20;

/** For usePages: the nominations that I decide about; of one state, or all. */
export const queuePages = (status: NominationStatus | undefined) => ({
  key: [nominationsKey, "queue", status ?? "all"],
  read: async (cursor: string | undefined, signal: AbortSignal) => {
    const query = { limit: page, ...(status !== undefined && { status }), ...(cursor !== undefined && { cursor }) };
    return withAchievements(await ok(gamification.GET("/api/v1/gamification/nominations", { params: { query }, signal })), signal);
  },
});

/** For usePages: the nominations that I have made. */
export const minePages = {
  key: [nominationsKey, "mine"],
  read: async (cursor: string | undefined, signal: AbortSignal) => {
    const query = { limit: page, ...(cursor !== undefined && { cursor }) };
    return withAchievements(await ok(gamification.GET("/api/v1/gamification/me/nominations", { params: { query }, signal })), signal);
  },
};

/** How many nominations wait for my decision: counted up to a hundred. */
export const waitingQuery = queryOptions({
  queryKey: [nominationsKey, "waiting"],
  queryFn: async ({ signal }) => {
    const query = { status: "open" as const, limit: 100 };
    const { items, next_cursor } = await ok(gamification.GET("/api/v1/gamification/nominations", { params: { query }, signal }));
    return { n: items.length, more: next_cursor !== null };
  },
});
