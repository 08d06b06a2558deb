// What the address of the calendar asks for.
import { addDays, weekOf, type Day } from "./days.ts";
import { monthQuery, rangeQuery, type EventFilter } from "./queries.ts";
import { narrowing, type EventsSearch } from "./search.ts";

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
