import { queryOptions } from "@tanstack/react-query";
import type { identity as api } from "@updspace/api";
import { ok } from "@updspace/kit/answer.ts";
import { identity } from "../../../api.ts";
import type { AccountSearch } from "./search.ts";

export type AccountSummary = api.components["schemas"]["AccountSummary"];

export const accountsKey = "/api/v1/admin/accounts";

/** Accounts that a search finds, the newest first. */
export const accountPages = ({ q, status, only }: AccountSearch) => ({
  key: [accountsKey, q, status, only],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(
      identity.GET("/api/v1/admin/accounts", {
        params: {
          query: {
            limit: 20,
            ...(q !== undefined && { q }),
            ...(status !== undefined && { status }),
            ...(only === "admins" && { system_admin: true }),
            ...(only === "secured" && { second_factor: true }),
            ...(only === "unsecured" && { second_factor: false }),
            ...(cursor !== undefined && { cursor }),
          },
        },
        signal,
      }),
    ),
});

export type AccountDetails = api.components["schemas"]["AccountDetails"];
export type Membership = api.components["schemas"]["MembershipCard"];

export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: [`${accountsKey}/${id}`],
    queryFn: ({ signal }) => ok(identity.GET("/api/v1/admin/accounts/{user_id}", { params: { path: { user_id: id } }, signal })),
  });
