import type { activity as api } from "@updspace/api";
import { activity, ok } from "@updspace/kit/api.ts";
import type { View } from "./search.ts";

export type Notification = api.components["schemas"]["Notification"];
type Kind = Notification["kind"];

/** Where every key of notifications begins, that of the bell among them. */
export const notificationsKey = "/api/v1/activity/notifications";

const kinds: Partial<Record<View, Kind[]>> = {
  answer: ["invitation", "event_invitation", "event_changed", "event_promoted", "poll_opened", "poll_closing"],
  me: ["mention", "reply", "reaction", "request_decided", "badge", "level", "role", "security"],
};

/** For usePages: the notifications of a view, the latest first. */
export const notificationPages = (view: View) => ({
  key: [notificationsKey, view],
  read: (cursor: string | undefined, signal: AbortSignal) => {
    const of = kinds[view];
    const query = {
      limit: 30,
      ...(view === "unread" && { unread: true }),
      ...(of && { kinds: of }),
      ...(cursor !== undefined && { cursor }),
    };
    return ok(activity.GET("/api/v1/activity/notifications", { params: { query }, signal }));
  },
});
