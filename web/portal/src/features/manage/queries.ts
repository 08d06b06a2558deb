import { queryOptions } from "@tanstack/react-query";
import type { access as api, bff as bffApi } from "@updspace/api";
import { access, bff, ok, portal } from "@updspace/kit/api.ts";
import type { Page } from "@updspace/kit/pages.tsx";

export type Role = api.components["schemas"]["AdminRole"];
export type Binding = api.components["schemas"]["AdminBinding"];
export type Permission = api.components["schemas"]["Permission"];
export type Scope = api.components["schemas"]["Scope"];

/** Where the keys of everything that a change of roles makes stale begin. */
export const rolesKey = "/api/v1/access/admin/roles";
export const bindingsKey = "/api/v1/access/admin/role-bindings/search";

interface Bare<T> {
  data?: T[];
  error?: unknown;
  response: Response;
}

/** A page of an operation that answers a bare list and names the next page in a header. */
export async function bare<T>(call: Promise<Bare<T>>): Promise<Page<T>> {
  const answer = await call;
  const items = await ok<T[]>(Promise.resolve(answer));
  return { items, next_cursor: answer.response.headers.get("X-Next-Cursor") };
}

/** All roles of the tenant and the platform's templates, with their permissions. */
export const rolesQuery = queryOptions({
  queryKey: [rolesKey],
  queryFn: ({ signal }) => ok(access.GET("/api/v1/access/admin/roles", { params: { query: { limit: 500 } }, signal })),
});

export const permissionsQuery = queryOptions({
  queryKey: ["/api/v1/access/permissions"],
  queryFn: ({ signal }) => ok(access.GET("/api/v1/access/permissions", { signal })),
  staleTime: Infinity, // they change with a release
});

/** Who holds which role where. `complete` is false when there are more than are worth reading at once. */
export interface Holdings {
  items: Binding[];
  complete: boolean;
}

const most = 5; // pages of 200

export const bindingsQuery = queryOptions({
  queryKey: [bindingsKey],
  queryFn: async ({ signal }): Promise<Holdings> => {
    const items: Binding[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < most; page++) {
      const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor !== null && { cursor }) };
      const next: Page<Binding> = await bare(access.GET("/api/v1/access/admin/role-bindings/search", { params: { query }, signal }));
      items.push(...next.items);
      cursor = next.next_cursor;
      if (cursor === null) return { items, complete: true };
    }
    return { items, complete: false };
  },
});

/** The communities in use, for choosing a place. */
export const communitiesQuery = queryOptions({
  queryKey: ["/api/v1/portal/groups", "communities"],
  queryFn: ({ signal }) => ok(portal.GET("/api/v1/portal/communities", { params: { query: { limit: 200, status: "active" } }, signal })),
});

export const teamsQuery = (community: string) =>
  queryOptions({
    queryKey: ["/api/v1/portal/groups", "teams", community],
    queryFn: ({ signal }) =>
      ok(portal.GET("/api/v1/portal/teams", { params: { query: { community_id: community, limit: 200, status: "active" } }, signal })),
  });

export type Decision = api.components["schemas"]["Decision"];
export type Override = api.components["schemas"]["Override"];

/** Why a person may or may not do something in a place. */
export const decisionQuery = (user: string, permission: string, scope: Scope) =>
  queryOptions({
    queryKey: [bindingsKey, "decision", user, permission, scope],
    queryFn: ({ signal }) =>
      ok(
        access.GET("/api/v1/access/admin/users/{user_id}/decision", {
          params: { path: { user_id: user }, query: { permission, scope_type: scope.type, scope_id: scope.id } },
          signal,
        }),
      ),
    staleTime: 0,
  });

export const overridesKey = "/api/v1/access/policy-overrides";

/** For usePages. */
export const overridePages = (filter: { active: boolean; user_id?: string }) => ({
  key: [overridesKey, filter],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(access.GET("/api/v1/access/policy-overrides", { params: { query: { ...filter, limit: 50, ...(cursor && { cursor }) } }, signal })),
});

/** For usePages: members by name. */
export const memberPages = (q: string) => ({
  key: ["/api/v1/portal/people", "members", q],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(portal.GET("/api/v1/portal/people", { params: { query: { limit: 50, ...(q && { q }), ...(cursor && { cursor }) } }, signal })),
});

export const queueQuery = queryOptions({
  queryKey: ["/api/v1/portal/me/queue"],
  queryFn: ({ signal }) => ok(portal.GET("/api/v1/portal/me/queue", { signal })),
});

export type TenantCard = bffApi.components["schemas"]["TenantCard"];

export const tenantKey = "/api/v1/tenant";

/** The card of the space as it is now; its version is what a change must name. */
export const tenantQuery = queryOptions({
  queryKey: [tenantKey],
  queryFn: ({ signal }) => ok(bff.GET("/api/v1/tenant", { signal })),
  staleTime: 0,
});
