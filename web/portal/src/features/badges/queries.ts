import { queryOptions } from "@tanstack/react-query";
import type { gamification as api } from "@updspace/api";
import { gamification, ok } from "@updspace/kit/api.ts";

export type SharedBadge = api.components["schemas"]["SharedBadge"];
export type BadgeCheck = api.components["schemas"]["BadgeCheck"];

const key = "/api/v1/gamification/badges/shared";

/** The badge that a link shows. */
export const sharedQuery = (token: string) =>
  queryOptions({
    queryKey: [key, token],
    queryFn: ({ signal }) => ok(gamification.GET("/api/v1/gamification/badges/shared/{token}", { params: { path: { token } }, signal })),
    retry: false,
  });

/** What a verifier finds now. It is asked for each time that the reader asks. */
export const verificationQuery = (token: string) =>
  queryOptions({
    queryKey: [key, token, "verification"],
    queryFn: ({ signal }) =>
      ok(gamification.GET("/api/v1/gamification/badges/shared/{token}/verification", { params: { path: { token } }, signal })),
    enabled: false,
    retry: false,
  });

/** Where the files of the badge are. */
export const imageOf = (token: string) => `${key}/${encodeURIComponent(token)}/image`;
export const credentialOf = (token: string) => `${key}/${encodeURIComponent(token)}/credential`;
