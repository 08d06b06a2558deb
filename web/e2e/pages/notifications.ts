// What the service answers about notifications: one of each kind of text and picture.
import { id } from "./demo.ts";

const about = { scope_type: null, scope_id: null, actor_ids: [], actor_count: 0, details: {}, read: false };
const inChess = { scope_type: "COMMUNITY", scope_id: id("c1") };
const person = "00000000-0000-4000-8000-000000000002";
const starts = "2099-03-07T18:00:00Z";
const event = { ...about, ...inChess, subject: "event:1", title: "Blitz evening", link: "/events" };
const poll = { ...about, ...inChess, subject: "poll:1", title: "Which opening do we study?", link: "/polls" };

const told = [
  { ...event, kind: "event_reminder", details: { starts_at: starts, time_zone: "Europe/Moscow", minutes: 120 } },
  { ...event, kind: "event_changed", details: { starts_at: starts, time_zone: "Europe/Moscow", fields: ["schedule", "location_text"] } },
  { ...event, kind: "event_cancelled", details: { starts_at: starts, reason: "The hall is flooded." }, read: true },
  {
    ...about,
    ...inChess,
    kind: "reply",
    subject: "news:1",
    title: "The server moves on Friday",
    actor_ids: [person],
    actor_count: 12,
    details: { excerpt: "Will the world stay as it is, or do we begin again?" },
    link: "/",
  },
  {
    ...about,
    kind: "badge",
    subject: "grant:1",
    title: "Full hold",
    details: { names: { en: "Full hold", ru: "Полный трюм" } },
    link: `/achievements/${id("a1")}`,
  },
  { ...poll, kind: "poll_opened", actor_ids: [person], actor_count: 1, details: { ends_at: starts } },
  { ...poll, kind: "poll_results", read: true },
  {
    ...about,
    ...inChess,
    kind: "role",
    subject: "community:1",
    title: "Chess Club",
    actor_ids: [person],
    actor_count: 1,
    details: { role: "moderator", change: "changed" },
    link: "/",
  },
  { ...about, kind: "level", subject: "level:1", title: "", details: { level: 7 }, link: "", read: true },
];

export const notifications = {
  items: told.map((n, i) => ({ ...n, id: id(`f${i}`), told_at: new Date(Date.now() - i * 9 * 3_600_000).toISOString() })),
  next_cursor: null,
};

const kinds = ["mention", "reply", "event_reminder", "badge", "security"];

export const digest = {
  kinds: kinds.map((kind) => ({
    kind,
    in_app: true,
    email: kind === "event_reminder" ? null : kind === "mention",
    push: true,
    always: kind === "security",
  })),
  email_frequency: "weekly",
  digest_hour: 9,
  digest_weekday: 1,
  time_zone: "Europe/Moscow",
};
