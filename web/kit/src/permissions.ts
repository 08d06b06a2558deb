// What the person may do. Only to offer no control that ends in a refusal: the services decide.
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { access as api } from "@updspace/api";
import { access, ok } from "./api.ts";

export type Scope = api.components["schemas"]["Scope"];

/** A scope as query parameters; none for the whole tenant. */
export function scopeQuery(scope: Scope | undefined): { scope_type?: Scope["type"]; scope_id?: string } {
  return scope ? { scope_type: scope.type, scope_id: scope.id } : {};
}

/** What the person may do in a scope, and with which roles; the whole tenant by default. */
export const myPermissionsQuery = (scope?: Scope) =>
  queryOptions({
    queryKey: ["/api/v1/access/me/permissions", scope],
    queryFn: async ({ signal }) => {
      const { scopes } = await ok(access.GET("/api/v1/access/me/permissions", { params: { query: scopeQuery(scope) }, signal }));
      return new Set(scopes[0]?.permissions);
    },
  });

/** Whether the person may do something in a scope; undefined until that is known. Only to offer no control that ends in a refusal. */
export function useMay(permission: string, scope?: Scope): boolean | undefined {
  return useQuery(myPermissionsQuery(scope)).data?.has(permission);
}
