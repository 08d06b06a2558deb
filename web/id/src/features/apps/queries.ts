import { queryOptions } from "@tanstack/react-query";
import type { identity as api } from "@updspace/api";
import { ok } from "@updspace/kit/answer.ts";
import { identity } from "../../api.ts";

export type App = api.components["schemas"]["ConnectedApp"];

export const appsQuery = queryOptions({
  queryKey: ["/api/v1/auth/oauth/apps"],
  queryFn: async ({ signal }) => (await ok(identity.GET("/api/v1/auth/oauth/apps", { signal }))).items,
});
