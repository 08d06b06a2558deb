import { queryOptions } from "@tanstack/react-query";
import type { activity as api } from "@updspace/api";
import { activity, ok } from "@updspace/kit/api.ts";

export type Webhook = api.components["schemas"]["Webhook"];
export type WebhookSecret = api.components["schemas"]["WebhookSecret"];
export type Delivery = api.components["schemas"]["WebhookDelivery"];
export type Source = api.components["schemas"]["Source"];
export type SourceSecret = api.components["schemas"]["SourceSecret"];
export type Connector = api.components["schemas"]["Connector"];

export const managesWebhooks = "activity.webhooks.manage";
export const managesSources = "activity.sources.manage";

export const webhooksKey = "/api/v1/activity/webhooks";

export const webhooksQuery = queryOptions({
  queryKey: [webhooksKey],
  queryFn: async ({ signal }) => (await ok(activity.GET("/api/v1/activity/webhooks", { signal }))).items,
});

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: [webhooksKey, id],
    queryFn: ({ signal }) => ok(activity.GET("/api/v1/activity/webhooks/{webhook_id}", { params: { path: { webhook_id: id } }, signal })),
  });

export const eventTypesQuery = queryOptions({
  queryKey: ["/api/v1/activity/webhooks/event-types"],
  queryFn: async ({ signal }) => (await ok(activity.GET("/api/v1/activity/webhooks/event-types", { signal }))).items,
  staleTime: Infinity,
});

export const deliveryQuery = (webhook: string, id: string) =>
  queryOptions({
    queryKey: [webhooksKey, webhook, "deliveries", id],
    queryFn: ({ signal }) =>
      ok(
        activity.GET("/api/v1/activity/webhooks/{webhook_id}/deliveries/{delivery_id}", {
          params: { path: { webhook_id: webhook, delivery_id: id } },
          signal,
        }),
      ),
  });

/** For usePages: the log of a webhook. */
export const deliveryPages = (webhook: string) => ({
  key: [webhooksKey, webhook, "deliveries"],
  read: (cursor: string | undefined, signal: AbortSignal) =>
    ok(
      activity.GET("/api/v1/activity/webhooks/{webhook_id}/deliveries", {
        params: { path: { webhook_id: webhook }, query: { limit: 50, ...(cursor && { cursor }) } },
        signal,
      }),
    ),
});

export const sourcesQuery = queryOptions({
  queryKey: ["/api/v1/activity/admin/sources"],
  queryFn: async ({ signal }) => (await ok(activity.GET("/api/v1/activity/admin/sources", { signal }))).items,
});

export const connectorsQuery = queryOptions({
  queryKey: ["/api/v1/activity/connectors"],
  queryFn: async ({ signal }) => (await ok(activity.GET("/api/v1/activity/connectors", { signal }))).items,
  staleTime: Infinity,
});

/** A command line that sends a signed message to a source. It needs openssl and curl. */
export function commandLine(address: string, secretHex: string, type: string): string {
  return [
    `BODY='${JSON.stringify({ type, title: "Hello" })}' ID=msg_$(openssl rand -hex 12) TIME=$(date +%s)`,
    `SIGNATURE=$(printf '%s.%s.%s' "$ID" "$TIME" "$BODY" | openssl dgst -sha256 -mac HMAC -macopt hexkey:${secretHex} -binary | openssl base64 -A)`,
    `curl -sS '${address}' -H 'Content-Type: application/json' -H "webhook-id: $ID" -H "webhook-timestamp: $TIME" -H "webhook-signature: v1,$SIGNATURE" -d "$BODY"`,
  ].join("; ");
}
