import { queryOptions } from "@tanstack/react-query";
import type { identity as api } from "@updspace/api";
import { ok } from "@updspace/kit/answer.ts";
import { identity } from "../../api.ts";

export type Provider = api.components["schemas"]["ExternalProvider"];
export type Identity = api.components["schemas"]["ExternalIdentity"];

export const providersQuery = queryOptions({
  queryKey: ["/api/v1/auth/oauth/providers"],
  queryFn: async ({ signal }) => (await ok(identity.GET("/api/v1/auth/oauth/providers", { signal }))).providers,
});

export const identitiesQuery = queryOptions({
  queryKey: ["/api/v1/auth/oauth/identities"],
  queryFn: async ({ signal }) => (await ok(identity.GET("/api/v1/auth/oauth/identities", { signal }))).items,
});
