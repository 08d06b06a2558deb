// What the service answers about the feed: rows that stand for what many members did.
import { id } from "./demo.ts";

const tenant = "00000000-0000-0000-0000-000000000001";
const member = (end: string) => `00000000-0000-4000-8000-0000000000${end}`;
const named = (end: string, username: string, display_name: string) => ({
  user_id: member(end),
  username,
  display_name,
  first_name: "",
  last_name: "",
  avatar_url: null,
});
const yana = named("11", "yana", "Яна Ветрова");
const theo = named("19", "theo", "Theo Vance");
const long = named("1f", "bram", "Bartholomew Featherstonehaugh-Cholmondeley of the Northern Marches");

let rows = 0;
const row = (type: string, title: string, more: object) => ({
  id: ++rows,
  tenant_id: tenant,
  actor_user_id: yana.user_id,
  target_user_id: null,
  type,
  occurred_at: "2026-03-01T12:00:00Z",
  title,
  payload_json: {},
  visibility: "public",
  scope_type: "TENANT",
  scope_id: tenant,
  source_ref: `row:${rows}`,
  actor_profile: yana,
  link: type === "vote.cast" ? `/polls/${id("01")}` : `/events/${id("02")}`,
  ...more,
});

export const groupedFeed = {
  items: [
    row("vote.cast", "Which day for the next game night?", { group: { count: 12, actors: [yana, theo, long] } }),
    row("event.rsvp.changed", "Рейд: Огненные недра", {
      group: { count: 2, actors: [theo, yana] },
      scope_type: "COMMUNITY",
      scope_id: id("c1"),
    }),
    row("event.rsvp.changed", "Donaudampfschifffahrtsgesellschaftskapitänsmützenversammlung", { group: { count: 1200, actors: [] } }),
    row("vote.cast", "Which map next?", {}),
    row("event.rsvp.changed", "Game night", { payload_json: { status: "interested" } }),
  ],
  next_cursor: null,
  has_more: false,
};
