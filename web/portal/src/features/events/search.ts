// What the address of the calendar says, apart from the page: its route checks it before the page is loaded.
import * as v from "valibot";
import { maybe, maybeId, maybeText } from "../../searchParams.ts";
import { addDays, weekOf, type Day } from "./days.ts";
import { monthQuery, rangeQuery, type EventFilter } from "./queries.ts";

const day = v.pipe(
  v.string(),
  v.isoDate(),
  v.check((d) => !Number.isNaN(Date.parse(d)) && new Date(`${d}T00:00:00Z`).toISOString().startsWith(d)),
);

/** What I may have answered. */
export const myAnswers = ["going", "waiting", "interested", "not_going"] as const;

export const eventsSearch = v.object({
  view: maybe(v.picklist(["month", "week"])),
  day: maybe(day),
  mine: maybe(v.boolean()),
  over: maybe(v.boolean()),
  q: maybeText(100),
  tag: maybeText(32),
  game: maybeText(128),
  answer: maybe(v.picklist(myAnswers)),
  /** Only of the space itself, of a community, or of a team. */
  space: maybe(v.boolean()),
  community: maybeId,
  team: maybeId,
  /** The first and the last day; a month or a week says itself which days it shows. */
  from: maybe(day),
  to: maybe(day),
});

export type EventsSearch = v.InferOutput<typeof eventsSearch>;
export type View = "list" | "month" | "week";

/** What narrows the calendar, apart from whose events it shows. */
export const narrowing = ["q", "tag", "game", "answer", "space", "community", "team", "from", "to"] as const;

/** The same view without what narrows it. */
export const wide = ({ view, day: at, mine, over }: EventsSearch): EventsSearch => ({ view, day: at, mine, over });

export const isNarrow = (s: EventsSearch): boolean => narrowing.some((key) => s[key] !== undefined);

export function filterOf(s: EventsSearch): EventFilter {
  const group = s.community ?? s.team;
  return {
    ...(s.mine && { mine: true }),
    ...(s.q !== undefined && { q: s.q }),
    ...(s.tag !== undefined && { tag: s.tag }),
    ...(s.game !== undefined && { game_id: s.game }),
    ...(s.answer !== undefined && { my_answer: s.answer }),
    ...(s.space && { scope_type: "TENANT" as const }),
    ...(group !== undefined && { scope_type: s.community === undefined ? ("TEAM" as const) : ("COMMUNITY" as const), scope_id: group }),
  };
}

/** The query of the month or week that a day is in. */
export function calendarQuery(view: "month" | "week", at: Day, zone: string, filter: EventFilter) {
  if (view === "month") return monthQuery(at.slice(0, 7), zone, filter);
  const week = weekOf(at);
  const first = week[0] ?? at;
  // A day more on both sides covers every zone; the grid leaves out what is not in its days.
  return rangeQuery(`${addDays(first, -1)}T12:00:00Z`, `${addDays(first, 7)}T12:00:00Z`, filter);
}
