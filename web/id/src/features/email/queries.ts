import { queryOptions } from "@tanstack/react-query";
import { ok } from "@updspace/kit/answer.ts";
import { identity } from "../../api.ts";

export const emailQuery = queryOptions({
  queryKey: ["/api/v1/auth/email"],
  queryFn: ({ signal }) => ok(identity.GET("/api/v1/auth/email", { signal })),
});
