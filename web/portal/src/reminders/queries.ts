import { queryOptions } from "@tanstack/react-query";
import { events, ok } from "@updspace/kit/api.ts";

/** When the person is reminded of events: minutes before a date; null while each event decides. */
export const reminderSettingsQuery = queryOptions({
  queryKey: ["/api/v1/events/reminders"],
  queryFn: ({ signal }) => ok(events.GET("/api/v1/events/reminders", { signal })),
});

/** The same for one event, and what holds without a choice. */
export const eventRemindersQuery = (id: string) =>
  queryOptions({
    queryKey: ["/api/v1/events/reminders", id],
    queryFn: ({ signal }) => ok(events.GET("/api/v1/events/{event_id}/reminders", { params: { path: { event_id: id } }, signal })),
  });
