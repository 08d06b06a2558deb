import { queryOptions } from "@tanstack/react-query";
import type { identity as api } from "@updspace/api";
import { ok } from "@updspace/kit/answer.ts";
import { identity } from "../../api.ts";

export type HostPreferences = api.components["schemas"]["HostPreferences"];
export type Consent = api.components["schemas"]["UserConsent"];

export const privacyQuery = queryOptions({
  queryKey: ["/api/v1/auth/preferences", "privacy"],
  queryFn: ({ signal }): Promise<HostPreferences> => ok(identity.GET("/api/v1/auth/preferences", { signal })),
});

export const consentsQuery = queryOptions({
  queryKey: ["/api/v1/auth/consents"],
  queryFn: async ({ signal }) => (await ok(identity.GET("/api/v1/auth/consents", { signal }))).consents,
});
