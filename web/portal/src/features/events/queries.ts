import { queryOptions } from "@tanstack/react-query";
import type { events as api } from "@updspace/api";
import { events, ok } from "@updspace/kit/api.ts";

/** An event on one of its dates. */
export type EventDate = api.components["schemas"]["Event"];
export type EventSeries = api.components["schemas"]["EventSeries"];
export type EventCreate = api.components["schemas"]["EventCreate"];
export type RsvpSet = api.components["schemas"]["RsvpSet"];
export type EventUpdate = api.components["schemas"]["EventUpdate"];

/** Where every key of what the calendar shows begins: a change of an event makes all of it stale. */
export const eventsKey = "/api/v1/events";
export const eventKeys = [[eventsKey]] as const;

/** Which events a list shows: all that the reader may see, or fewer. */
export type EventFilter = Pick<
  NonNullable<api.operations["listEvents"]["parameters"]["query"]>,
  "scope_type" | "scope_id" | "mine" | "q" | "tag" | "game_id" | "my_answer"
>;

/** When it takes place: what is on or comes, what is over, or between two instants. */
export type Span = "coming" | "over" | { from?: string; to?: string };

const page = 20;
const mostOfRange = 250;
const mostOfDoor = 100;

/** For usePages: dates by their start, those that are over with the latest first. Now is when a page is read. */
export const datePages = (filter: EventFilter, span: Span) => ({
  key: [eventsKey, "list", filter, span],
  read: async (cursor: string | undefined, signal: AbortSignal) => {
    const now = new Date().toISOString();
    const when = span === "over" ? { to: now, order: "desc" as const } : span === "coming" ? { from: now } : span;
    const query = { ...filter, ...when, limit: page, ...(cursor !== undefined && { cursor }) };
    const { items, nextCursor, meta } = await ok(events.GET("/api/v1/events", { params: { query }, signal }));
    return { items, next_cursor: nextCursor, total: meta.total };
  },
});

export interface Calendar {
  items: EventDate[];
  /** There are more than one answer holds. */
  truncated: boolean;
}

const calendar = (key: readonly unknown[], read: (signal: AbortSignal) => Promise<Calendar>) =>
  queryOptions({ queryKey: [eventsKey, ...key], queryFn: ({ signal }) => read(signal) });

/** What takes place in a month as a zone sees it. */
export const monthQuery = (month: string, zone: string, filter: EventFilter) =>
  calendar(["month", month, zone, filter], (signal) =>
    ok(events.GET("/api/v1/events/month", { params: { query: { ...filter, month, time_zone: zone } }, signal })),
  );

/** What takes place between two instants. */
export const rangeQuery = (from: string, to: string, filter: EventFilter) =>
  calendar(["range", from, to, filter], async (signal) => {
    const query = { ...filter, from, to, limit: mostOfRange };
    const { items, meta } = await ok(events.GET("/api/v1/events", { params: { query }, signal }));
    return { items, truncated: meta.total > items.length };
  });

/** An event on one of its dates; without one on the next. */
export const eventQuery = (id: string, occurrence?: string) =>
  queryOptions({
    queryKey: [eventsKey, id, occurrence ?? "next"],
    queryFn: ({ signal }) =>
      ok(
        events.GET("/api/v1/events/{event_id}", {
          params: { path: { event_id: id }, query: occurrence === undefined ? {} : { occurrence } },
          signal,
        }),
      ),
  });

/** For usePages: the dates of a series that are on or come. */
export const seriesPages = (id: string) => ({
  key: [eventsKey, id, "dates"],
  read: async (cursor: string | undefined, signal: AbortSignal) => {
    const query = { from: new Date().toISOString(), limit: page, ...(cursor !== undefined && { cursor }) };
    const params = { path: { event_id: id }, query };
    const { items, nextCursor } = await ok(events.GET("/api/v1/events/{event_id}/occurrences", { params, signal }));
    return { items, next_cursor: nextCursor };
  },
});

/** What a member may answer. */
export const answers = ["going", "interested", "not_going"] as const;
export const longestComment = 300;
export const longestCode = 32;

export type AnswerStatus = NonNullable<NonNullable<api.operations["listAnswers"]["parameters"]["query"]>["status"]>;

/** For usePages: who answered so about a date. */
export const answerPages = (e: Pick<EventDate, "id" | "occurrenceId">, status: AnswerStatus) => ({
  key: [eventsKey, e.id, "answers", e.occurrenceId, status],
  read: async (cursor: string | undefined, signal: AbortSignal) => {
    const query = { occurrence: e.occurrenceId, status, limit: page, ...(cursor !== undefined && { cursor }) };
    const params = { path: { event_id: e.id }, query };
    const { items, nextCursor } = await ok(events.GET("/api/v1/events/{event_id}/answers", { params, signal }));
    return { items, next_cursor: nextCursor };
  },
});

export type Answer = api.components["schemas"]["Answer"];
export type Attendee = api.components["schemas"]["Attendee"];

/** For usePages: who was present on a date, and who has a seat and was not. */
export const attendancePages = (e: Pick<EventDate, "id" | "occurrenceId">) => ({
  key: [eventsKey, e.id, "attendance", e.occurrenceId],
  read: async (cursor: string | undefined, signal: AbortSignal) => {
    const query = { occurrence: e.occurrenceId, limit: mostOfDoor, ...(cursor !== undefined && { cursor }) };
    const params = { path: { event_id: e.id }, query };
    const { items, nextCursor } = await ok(events.GET("/api/v1/events/{event_id}/attendance", { params, signal }));
    return { items, next_cursor: nextCursor };
  },
});

/** The codes of a date, and when they count. */
export const checkInQuery = (e: Pick<EventDate, "id" | "occurrenceId">) =>
  queryOptions({
    queryKey: [eventsKey, e.id, "check-in", e.occurrenceId],
    queryFn: ({ signal }) =>
      ok(
        events.GET("/api/v1/events/{event_id}/check-in", {
          params: { path: { event_id: e.id }, query: { occurrence: e.occurrenceId } },
          signal,
        }),
      ),
  });

/** Whether an event takes place again and again. */
export const repeats = ({ series }: Pick<EventDate, "series">): boolean =>
  series !== null && (series.rrule !== null || series.rdates.length > 0);

/** The address of a date, or of what is done with it: a series has many dates. */
export function datePath(e: Pick<EventDate, "id" | "occurrenceId" | "series">, part?: "edit" | "check-in"): string {
  const path = part === undefined ? `/events/${e.id}` : `/events/${e.id}/${part}`;
  return e.series === null ? path : `${path}?on=${e.occurrenceId}`;
}

/** What a change says about the event that it was made from. */
export const unchanged = (e: Pick<EventDate, "version">) => ({ "If-Match": `"${e.version}"` });

export type Invitation = api.components["schemas"]["Invitation"];
export type InvitationsCreate = api.components["schemas"]["InvitationsCreate"];
export type InvitedEvent = api.components["schemas"]["InvitedEvent"];

/** For usePages: who is invited to an event. */
export const invitationPages = (id: string) => ({
  key: [eventsKey, id, "invitations"],
  read: async (cursor: string | undefined, signal: AbortSignal) => {
    const params = { path: { event_id: id }, query: { limit: page, ...(cursor !== undefined && { cursor }) } };
    const { items, nextCursor } = await ok(events.GET("/api/v1/events/{event_id}/invitations", { params, signal }));
    return { items, next_cursor: nextCursor };
  },
});

/** The event of an invitation, by the token of its link. */
export const invitedQuery = (token: string) =>
  queryOptions({
    queryKey: [eventsKey, "invitation", token],
    queryFn: ({ signal }) => ok(events.POST("/api/v1/events/invitations/preview", { body: { token }, signal })),
    retry: false,
  });
