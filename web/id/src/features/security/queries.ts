import { queryOptions } from "@tanstack/react-query";
import type { identity as api } from "@updspace/api";
import { ok } from "@updspace/kit/answer.ts";
import { identity } from "../../api.ts";

export type Status = api.components["schemas"]["FactorStatus"];
export type Passkey = api.components["schemas"]["Passkey"];

export const statusQuery = queryOptions({
  queryKey: ["/api/v1/auth/mfa/status"],
  queryFn: ({ signal }) => ok(identity.GET("/api/v1/auth/mfa/status", { signal })),
});

export const passkeysQuery = queryOptions({
  queryKey: ["/api/v1/auth/passkeys"],
  queryFn: async ({ signal }) => (await ok(identity.GET("/api/v1/auth/passkeys", { signal }))).authenticators,
});

/** What a change of the ways to sign in makes stale. */
export const factorKeys = [statusQuery.queryKey, passkeysQuery.queryKey, ["/api/v1/auth/me"]];
