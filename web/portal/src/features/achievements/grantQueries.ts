import { queryOptions } from "@tanstack/react-query";
import type { gamification as api } from "@updspace/api";
import { gamification, ok } from "@updspace/kit/api.ts";
import { achievementsKey } from "./queries.ts";

export type Grant = api.components["schemas"]["Grant"];
export type GrantReport = api.components["schemas"]["GrantReport"];

const page = 20;

/** For usePages: who has an achievement, newest first; with `all` also those who had it. */
export const grantPages = (id: string, all: boolean) => ({
  key: [achievementsKey, id, "grants", all],
  read: (cursor: string | undefined, signal: AbortSignal) => {
    const query = { limit: page, ...(all && { state: "all" as const }), ...(cursor !== undefined && { cursor }) };
    const params = { path: { achievement_id: id }, query };
    return ok(gamification.GET("/api/v1/gamification/achievements/{achievement_id}/grants", { params, signal }));
  },
});

export type Held = api.components["schemas"]["Held"];

/** What a grant by a rule was made for. */
export const evidenceQuery = (id: string) =>
  queryOptions({
    queryKey: ["/api/v1/gamification/grants", id, "evidence"],
    queryFn: ({ signal }) =>
      ok(gamification.GET("/api/v1/gamification/grants/{grant_id}/evidence", { params: { path: { grant_id: id } }, signal })),
  });

const mostHeld = 100;

/** What a person has, with the achievements, newest first; without one what I have. */
export const heldQuery = (user?: string) =>
  queryOptions({
    queryKey: [achievementsKey, "held", user ?? "mine"],
    queryFn: ({ signal }) => {
      const query = { limit: mostHeld };
      if (user === undefined) return ok(gamification.GET("/api/v1/gamification/me/grants", { params: { query }, signal }));
      return ok(gamification.GET("/api/v1/gamification/users/{user_id}/grants", { params: { path: { user_id: user }, query }, signal }));
    },
  });

/** What a person has pinned, in its order. */
export const pinnedQuery = (user?: string) =>
  queryOptions({
    queryKey: [achievementsKey, "pinned", user ?? "mine"],
    queryFn: ({ signal }) => {
      const query = { pinned: true };
      if (user === undefined) return ok(gamification.GET("/api/v1/gamification/me/grants", { params: { query }, signal }));
      return ok(gamification.GET("/api/v1/gamification/users/{user_id}/grants", { params: { path: { user_id: user }, query }, signal }));
    },
  });

export type Badge = api.components["schemas"]["Badge"];
export type BadgeUpdate = api.components["schemas"]["BadgeUpdate"];
export type SignedBadge = api.components["schemas"]["SignedBadge"];

/** How an own grant is shown outside of the platform. */
export const badgeQuery = (grant: string) =>
  queryOptions({
    queryKey: [achievementsKey, "badge", grant],
    queryFn: ({ signal }) =>
      ok(gamification.GET("/api/v1/gamification/grants/{grant_id}/badge", { params: { path: { grant_id: grant } }, signal })),
  });

export type MySharedBadge = api.components["schemas"]["MySharedBadge"];

export const sharedKey = ["/api/v1/gamification/me/badges/shared"] as const;

/** For usePages: my badges that have a page for everybody, newest first. */
export const sharedPages = {
  key: sharedKey,
  read: (cursor: string | undefined, signal: AbortSignal) => {
    const query = { limit: page, ...(cursor !== undefined && { cursor }) };
    return ok(gamification.GET("/api/v1/gamification/me/badges/shared", { params: { query }, signal }));
  },
};

/** Where the files of an own grant are. */
export const badgeFile = (grant: string, file: "image" | "credential") => `/api/v1/gamification/grants/${grant}/badge/${file}`;

const mostSigned = 50;

/** Everything that I have, as signed badges. */
export async function allBadges(): Promise<SignedBadge[]> {
  const all: SignedBadge[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { limit: mostSigned, ...(cursor !== undefined && { cursor }) };
    const list = await ok(gamification.GET("/api/v1/gamification/me/badges", { params: { query } }));
    all.push(...list.items);
    cursor = list.next_cursor;
  }
  return all;
}
