// What the form of an event holds, and what of it is sent.
import { onDay, sameClock } from "@updspace/ui/zoned";
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
  /** Dates besides those of the rule. */
  rdates: string[];
  /** Dates of the rule on which it does not take place. */
  exdates: string[];
  /** The name of a game; "" for none. */
  gameId: string;
  tags: string[];
  coHosts: string[];
  /** How many minutes before the start answers close; null for the end. */
  answersCloseMinutes: number | null;
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
    rdates: [],
    exdates: [],
    gameId: "",
    tags: [],
    coHosts: [],
    answersCloseMinutes: null,
    capacity: 0,
    plusOnes: 0,
  };
}

/** The form of an event that exists: the event itself, or one of its dates. */
export function valuesOf(e: EventDate, extent: Extent): EventValues {
  const from = extent === "all" && e.series !== null ? e.series : e;
  const rule = e.series?.rrule ?? null;
  const dates = (list: string[] = []) =>
    list.map((at) => new Date(at).toISOString()).filter((at) => extent !== "following" || Date.parse(at) >= Date.parse(e.originalStartsAt));
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
    rdates: dates(e.series?.rdates),
    exdates: dates(e.series?.exdates),
    gameId: e.gameId ?? "",
    tags: e.tags,
    coHosts: e.coHosts,
    answersCloseMinutes: e.answersCloseMinutes,
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

type Start = Pick<EventValues, "startsAt" | "timeZone">;

/** What a change of the start or of the zone changes. Extra and left-out dates at the clock of the start stay at it: those left out are
 * still dates of the rule. */
export function startingAt(v: EventValues, next: Start): Start & Pick<EventValues, "rdates" | "exdates"> {
  const follow = (at: string) => {
    const day = dayOf(at, v.timeZone);
    const withStart = Date.parse(onDay(v.startsAt, day, v.timeZone)) === Date.parse(at);
    return withStart ? onDay(next.startsAt, day, next.timeZone) : sameClock(at, v.timeZone, next.timeZone);
  };
  return { ...next, rdates: v.rdates.map(follow), exdates: v.exdates.map(follow) };
}

/** Tags as one writes them, separated by commas. */
export const tagsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(",")
      .map((t) => t.trim())
      .filter((t) => t !== ""),
  ),
];

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
  rdates: v.rdates,
  exdates: v.repeat === null ? [] : v.exdates,
  gameId: v.gameId.trim(),
  tags: v.tags,
  coHosts: v.coHosts,
  answersCloseMinutes: v.answersCloseMinutes,
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
  const { title, startsAt, endsAt, timeZone, allDay, visibility, capacity, plusOnes, answersCloseMinutes, reminderMinutes, ...rest } =
    sent(v);
  const written = Object.fromEntries(Object.entries(rest).filter(([, x]) => x.length > 0));
  return {
    title,
    startsAt,
    endsAt,
    timeZone,
    allDay,
    visibility,
    reminderMinutes,
    ...written,
    ...(capacity !== null && { capacity }),
    ...(answersCloseMinutes !== null && { answersCloseMinutes }),
    ...(plusOnes > 0 && { plusOnes }),
    ...(place ?? { scopeType: "TENANT" }),
    ...(draft && { status: "draft" }),
  };
}
