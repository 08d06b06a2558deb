import { queryOptions } from "@tanstack/react-query";
import { bff, ok } from "@updspace/kit/api.ts";

/** What guests may see: numbers, open communities, and members who agreed to be seen, with their posts. */
export const publicCardQuery = queryOptions({
  queryKey: ["/api/v1/portal/public"],
  queryFn: ({ signal }) => ok(bff.GET("/api/v1/portal/public", { signal })),
});
