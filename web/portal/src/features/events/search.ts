// What the address of the calendar says, apart from the page: its route checks it before the page is loaded.
import * as v from "valibot";
import { addDays, weekOf, type Day } from "./days.ts";
import { monthQuery, rangeQuery } from "./queries.ts";

const day = v.pipe(
  v.string(),
  v.isoDate(),
  v.check((d) => !Number.isNaN(Date.parse(d)) && new Date(`${d}T00:00:00Z`).toISOString().startsWith(d)),
);

const maybe = <T extends v.GenericSchema>(schema: T) => v.optional(v.fallback(v.optional(schema), undefined));

export const eventsSearch = v.object({
  view: maybe(v.picklist(["month", "week"])),
  day: maybe(day),
  mine: maybe(v.boolean()),
  over: maybe(v.boolean()),
});

export type EventsSearch = v.InferOutput<typeof eventsSearch>;
export type View = "list" | "month" | "week";

/** The query of the month or week that a day is in. */
export function calendarQuery(view: "month" | "week", at: Day, zone: string, mine: boolean) {
  if (view === "month") return monthQuery(at.slice(0, 7), zone, mine);
  const week = weekOf(at);
  const first = week[0] ?? at;
  // A day more on both sides covers every zone; the grid leaves out what is not in its days.
  return rangeQuery(`${addDays(first, -1)}T12:00:00Z`, `${addDays(first, 7)}T12:00:00Z`, mine);
}
