import { queryOptions } from "@tanstack/react-query";
import type { events as api } from "@updspace/api";
import { events, ok } from "@updspace/kit/api.ts";

/** An event on one of its dates. */
export type EventDate = api.components["schemas"]["Event"];
export type EventCreate = api.components["schemas"]["EventCreate"];
export type RsvpSet = api.components["schemas"]["RsvpSet"];
export type EventUpdate = api.components["schemas"]["EventUpdate"];

/** Where every key of what the calendar shows begins: a change of an event makes all of it stale. */
export const eventsKey = "/api/v1/events";
export const eventKeys = [[eventsKey]] as const;

/** Which events a list shows: all that the reader may see, those of one place, or those that the reader organises. */
export interface EventFilter {
  scope_type?: EventDate["scopeType"];
  scope_id?: string;
  mine?: boolean;
}

const page = 20;
const mostOfRange = 250;
const mostOfDoor = 100;

/** For usePages: what is on or comes, or what is over with the latest first, as of the hour: every look in it is the same list. */
export const datePages = (filter: EventFilter, over: boolean) => ({
  key: [eventsKey, "list", filter, over],
  read: async (cursor: string | undefined, signal: AbortSignal) => {
    const now = new Date().toISOString();
    const when = over ? { to: now, order: "desc" as const } : { from: now };
    const query = { ...filter, ...when, limit: page, ...(cursor !== undefined && { cursor }) };
    const { items, nextCursor } = await ok(events.GET("/api/v1/events", { params: { query }, signal }));
    return { items, next_cursor: nextCursor };
  },
});

export interface Calendar {
  items: EventDate[];
  /** There are more than one answer holds. */
  truncated: boolean;
}

const calendar = (key: readonly string[], read: (signal: AbortSignal) => Promise<Calendar>) =>
  queryOptions({ queryKey: [eventsKey, ...key], queryFn: ({ signal }) => read(signal) });

/** What takes place in a month as a zone sees it. */
export const monthQuery = (month: string, zone: string, mine: boolean) =>
  calendar(["month", month, zone, String(mine)], (signal) =>
    ok(events.GET("/api/v1/events/month", { params: { query: { month, time_zone: zone, mine } }, signal })),
  );

/** What takes place between two instants. */
export const rangeQuery = (from: string, to: string, mine: boolean) =>
  calendar(["range", from, to, String(mine)], async (signal) => {
    const { items, meta } = await ok(events.GET("/api/v1/events", { params: { query: { from, to, mine, limit: mostOfRange } }, signal }));
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
export const repeats = (e: Pick<EventDate, "series">): boolean => e.series !== null && e.series.rrule !== null;

/** The address of a date, or of what is done with it: a series has many dates. */
export function datePath(e: Pick<EventDate, "id" | "occurrenceId" | "series">, part?: "edit" | "check-in"): string {
  const path = part === undefined ? `/events/${e.id}` : `/events/${e.id}/${part}`;
  return e.series === null ? path : `${path}?on=${e.occurrenceId}`;
}

/** What a change says about the event that it was made from. */
export const unchanged = (e: Pick<EventDate, "version">) => ({ "If-Match": `"${e.version}"` });
