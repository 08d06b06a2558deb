import { queryOptions } from "@tanstack/react-query";
import type { identity as api } from "@updspace/api";
import { ok } from "@updspace/kit/answer.ts";
import { identity } from "../../../api.ts";

type Schemas = api.components["schemas"];
export type Keys = Schemas["Keys"];
export type SigningKey = Schemas["SigningKey"];
export type SealKey = Schemas["SealKey"];
export type Algorithm = Schemas["ClientAlgorithm"];

export const keysKey = "/api/v1/admin/keys";

export const keysQuery = queryOptions({
  queryKey: [keysKey],
  queryFn: ({ signal }) => ok(identity.GET("/api/v1/admin/keys", { signal })),
});

/** How many secrets the newest seal key does not seal yet. */
export const waiting = (seal: SealKey[]) => seal.reduce((sum, k) => (k.state === "old" ? sum + k.secrets : sum), 0);
