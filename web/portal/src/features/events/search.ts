// What the address of the calendar says, apart from the page: its route checks it before the page is loaded. Every page carries this file: what the address asks for is in filter.ts.
import * as v from "valibot";
import { maybe, maybeId, maybeText } from "../../searchParams.ts";

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
