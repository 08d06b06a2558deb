import { queryOptions } from "@tanstack/react-query";
import type { identity as api } from "@updspace/api";
import { ok } from "@updspace/kit/answer.ts";
import { identity } from "../../../api.ts";

type Schemas = api.components["schemas"];
export type Client = Schemas["RegisteredClient"];
export type ClientRegistration = Schemas["ClientRegistration"];
export type ClientChange = Schemas["ClientChange"];

export const clientsKey = "/api/v1/admin/clients";

/** Applications whose name or id has the text in it, by name. */
export const clientPages = (q: string | undefined) => ({
  key: [clientsKey, "list", q],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(
      identity.GET("/api/v1/admin/clients", {
        params: { query: { limit: 20, ...(q !== undefined && { q }), ...(cursor !== undefined && { cursor }) } },
        signal,
      }),
    ),
});

export const clientQuery = (client_id: string) =>
  queryOptions({
    queryKey: [clientsKey, "one", client_id],
    queryFn: ({ signal }) => ok(identity.GET("/api/v1/admin/clients/{client_id}", { params: { path: { client_id } }, signal })),
  });

export const authMethods = ["client_secret", "private_key_jwt", "none"] as const;
export const algorithms = ["ES256", "RS256", "EdDSA"] as const;
export const scopes = ["openid", "profile", "profile_basic", "profile_extended", "email", "phone", "groups", "offline_access"] as const;
