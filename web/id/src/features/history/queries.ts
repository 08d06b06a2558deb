import { queryOptions } from "@tanstack/react-query";
import type { identity as api } from "@updspace/api";
import { ok } from "@updspace/kit/answer.ts";
import { identity } from "../../api.ts";

export type LoginEvent = api.components["schemas"]["LoginEvent"];

export const loginsQuery = queryOptions({
  queryKey: ["/api/v1/auth/login-history"],
  queryFn: async ({ signal }) => (await ok(identity.GET("/api/v1/auth/login-history", { signal }))).events,
});
