import { queryOptions } from "@tanstack/react-query";
import { ok, send } from "@updspace/kit/answer.ts";
import type { Service } from "./parts.ts";
import { parseSpec } from "./spec.ts";

/** The OpenAPI document of a service, as the service publishes it. */
export const specQuery = (service: Service) =>
  queryOptions({
    queryKey: ["openapi", service],
    queryFn: async ({ signal }) => parseSpec(await ok(read(`/api/v1/${service}/openapi.yaml`, signal))),
    staleTime: Infinity, // it changes with a release
  });

async function read(path: string, signal: AbortSignal): Promise<{ data: string; response: Response }> {
  const response = await send(new Request(path, { signal }));
  return { data: await response.text(), response };
}
