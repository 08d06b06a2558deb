import { queryOptions } from "@tanstack/react-query";
import type { events as api } from "@updspace/api";
import { events, ok } from "@updspace/kit/api.ts";

export type CalendarAddress = api.components["schemas"]["CalendarAddress"];
export type CalendarAddressCreate = api.components["schemas"]["CalendarAddressCreate"];

const key = "/api/v1/events/calendars/addresses";

/** What is stale when an address was made, renewed or ended. */
export const addressKeys = [[key]] as const;

/** The reader's own calendar addresses. */
export const addressesQuery = queryOptions({
  queryKey: [key],
  queryFn: async ({ signal }) => (await ok(events.GET("/api/v1/events/calendars/addresses", { signal }))).items,
});
