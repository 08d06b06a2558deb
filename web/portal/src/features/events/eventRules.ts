// What the form of an event holds, and what of it is sent.
import { dayOf, type Day } from "./days.ts";
import type { EventCreate, EventDate, EventUpdate } from "./queries.ts";
import { repeatOf, ruleOf, type OtherRule, type Repeat } from "./repeat.ts";

/** What a change is about: the whole event, one date of a series, or that date and those after it. */
export const extents = ["this", "following", "all"] as const;
export type Extent = (typeof extents)[number];

export interface EventValues {
  title: string;
  description: string;
  locationText: string;
  locationUrl: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
  allDay: boolean;
  visibility: EventDate["visibility"];
  repeat: Repeat | OtherRule | null;
  /** How many minutes before a date members are reminded. */
  reminders: number[];
  /** Seats of each date; 0 for any number. */
  capacity: number;
  /** How many people a member may bring. */
  plusOnes: number;
}

const hour = 3_600_000;

/** An empty form: tomorrow's next hour for two hours. */
export function emptyEvent(now: number, timeZone: string): EventValues {
  const start = Math.ceil((now + 24 * hour) / hour) * hour;
  return {
    title: "",
    description: "",
    locationText: "",
    locationUrl: "",
    startsAt: new Date(start).toISOString(),
    endsAt: new Date(start + 2 * hour).toISOString(),
    timeZone,
    allDay: false,
    visibility: "public",
    repeat: null,
    reminders: [1440, 60],
    capacity: 0,
    plusOnes: 0,
  };
}

/** The form of an event that exists: the event itself, or one of its dates. */
export function valuesOf(e: EventDate, extent: Extent): EventValues {
  const from = extent === "all" && e.series !== null ? e.series : e;
  const rule = e.series?.rrule ?? null;
  return {
    title: from.title,
    description: from.description ?? "",
    locationText: from.locationText ?? "",
    locationUrl: from.locationUrl ?? "",
    startsAt: from.startsAt,
    endsAt: from.endsAt,
    timeZone: e.timeZone,
    allDay: e.allDay,
    visibility: e.visibility,
    repeat: rule === null ? null : repeatOf(rule, dayOf(from.startsAt, e.timeZone), e.timeZone),
    reminders: e.reminderMinutes,
    capacity: e.capacity ?? 0,
    plusOnes: e.plusOnes,
  };
}

export const ruleOfValues = ({ repeat, startsAt, timeZone }: EventValues): string => {
  if (repeat === null) return "";
  return "rule" in repeat ? repeat.rule : ruleOf(repeat, dayOf(startsAt, timeZone));
};

/** The day on which the event starts on its own clocks. */
export const startDay = (v: Pick<EventValues, "startsAt" | "timeZone">): Day => dayOf(v.startsAt, v.timeZone);

const sent = (v: EventValues) => ({
  title: v.title.trim(),
  description: v.description.trim(),
  locationText: v.locationText.trim(),
  locationUrl: v.locationUrl.trim(),
  startsAt: v.startsAt,
  endsAt: v.endsAt,
  timeZone: v.timeZone,
  allDay: v.allDay,
  visibility: v.visibility,
  rrule: ruleOfValues(v),
  reminderMinutes: v.reminders,
  capacity: v.capacity === 0 ? null : v.capacity,
  plusOnes: v.plusOnes,
});

const ofDate = ["title", "description", "locationText", "locationUrl", "startsAt", "endsAt"] as const;

/** Only what differs: a field left out stays as it is. One date has no zone, rule or readers of its own. */
export function changes(before: EventValues, after: EventValues, extent: Extent): EventUpdate {
  const old: EventUpdate = sent(before);
  const next: EventUpdate = sent(after);
  const keys = extent === "this" ? ofDate : (Object.keys(next) as (keyof EventUpdate)[]); // the keys of sent
  return Object.fromEntries(keys.filter((k) => JSON.stringify(old[k]) !== JSON.stringify(next[k])).map((k) => [k, next[k]]));
}

/** A new event, without what was left empty. */
export function created(v: EventValues, place: Pick<EventDate, "scopeType" | "scopeId"> | undefined, draft: boolean): EventCreate {
  const { title, startsAt, endsAt, timeZone, allDay, visibility, capacity, plusOnes, reminderMinutes, ...rest } = sent(v);
  const texts = Object.fromEntries(Object.entries(rest).filter(([, text]) => text !== ""));
  return {
    title,
    startsAt,
    endsAt,
    timeZone,
    allDay,
    visibility,
    reminderMinutes,
    ...texts,
    ...(capacity !== null && { capacity }),
    ...(plusOnes > 0 && { plusOnes }),
    ...(place ?? { scopeType: "TENANT" }),
    ...(draft && { status: "draft" }),
  };
}
