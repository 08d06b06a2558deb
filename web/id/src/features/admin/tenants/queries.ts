import { queryOptions } from "@tanstack/react-query";
import type { identity as api } from "@updspace/api";
import { ok } from "@updspace/kit/answer.ts";
import { identity } from "../../../api.ts";

type Schemas = api.components["schemas"];
export type Tenant = Schemas["AdminTenant"];
export type TenantChange = Schemas["TenantChange"];

export const tenantsKey = "/api/v1/admin/tenants";

export const states = ["open", "closed"] as const;
export const languages = ["ru", "en"] as const;
export const ways = ["invitation", "application", "open"] as const;

export interface TenantSearch {
  q?: string;
  state?: (typeof states)[number];
}

/** What the address of the list says. */
export function tenantSearch(search: Record<string, unknown>): TenantSearch {
  const q = typeof search["q"] === "string" ? search["q"].trim().slice(0, 100) : "";
  const state = states.find((s) => s === search["state"]);
  return { ...(q !== "" && { q }), ...(state !== undefined && { state }) };
}

/** Communities by name. */
export const tenantPages = ({ q, state }: TenantSearch) => ({
  key: [tenantsKey, "list", q, state],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(
      identity.GET("/api/v1/admin/tenants", {
        params: {
          query: {
            limit: 20,
            ...(q !== undefined && { q }),
            ...(state !== undefined && { closed: state === "closed" }),
            ...(cursor !== undefined && { cursor }),
          },
        },
        signal,
      }),
    ),
});

export const tenantQuery = (slug: string) =>
  queryOptions({
    queryKey: [tenantsKey, "one", slug],
    queryFn: ({ signal }) => ok(identity.GET("/api/v1/admin/tenants/{slug}", { params: { path: { slug } }, signal })),
  });
