import type { activity } from "@updspace/api";

export type NewsItem = activity.components["schemas"]["NewsItem"];

/** Whether an item of the feed is a post of the news. */
export const isNews = (item: { type: string }): item is NewsItem => item.type === "news.posted" && "payload_json" in item;
