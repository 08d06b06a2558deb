import { queryOptions } from "@tanstack/react-query";
import type { identity as api } from "@updspace/api";
import { ok } from "@updspace/kit/answer.ts";
import { identity } from "../../api.ts";

export type Device = api.components["schemas"]["SessionInfo"];

export const sessionsQuery = queryOptions({
  queryKey: ["/api/v1/auth/sessions"],
  queryFn: async ({ signal }) => (await ok(identity.GET("/api/v1/auth/sessions", { signal }))).sessions,
});
