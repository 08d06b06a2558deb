import { LiveStream } from "@updspace/kit/live.ts";

/** What happens that the person may see: things in the feed, and notifications. */
export const live = new LiveStream("/api/v1/activity/feed/live", ["ready", "item-upsert", "item-delete", "unread", "notifications"]);
