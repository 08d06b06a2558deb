import { queryOptions } from "@tanstack/react-query";
import type { identity as api } from "@updspace/api";
import { ok } from "@updspace/kit/answer.ts";
import { identity } from "../../api.ts";

export type DataRequests = api.components["schemas"]["DataRequests"];
export type DataExport = api.components["schemas"]["DataExport"];

const soon = 2_000; // milliseconds between looks at an export that is being collected

export const dataQuery = queryOptions({
  queryKey: ["/api/v1/auth/data"],
  queryFn: ({ signal }): Promise<DataRequests> => ok(identity.GET("/api/v1/auth/data", { signal })),
  refetchInterval: ({ state }) => (state.data?.export?.state === "running" ? soon : false),
});

/** The address of the archive, which the browser opens by itself. */
export const archiveAddress = "/api/v1/auth/data/export/archive";
