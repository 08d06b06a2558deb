// What the service answers about webhooks and sources, with a delivery of each outcome.
import { id } from "./demo.ts";

const at = "2026-03-01T12:00:00Z";
const by = "00000000-0000-4000-8000-000000000001";

export const webhook = {
  id: id("b1"),
  name: "Bot of the community",
  url: "https://bot.example.com/hooks/updspace",
  types: ["events.event.created", "voting.poll.opened"],
  format: "standard",
  language: "en",
  scope_type: "TENANT",
  scope_id: "00000000-0000-0000-0000-000000000001",
  state: "disabled",
  disabled_reason: "failing",
  failures: 9,
  failing_since: at,
  created_by: by,
  created_at: at,
  updated_at: at,
};

const sent = (end: string, outcome: object) => ({
  id: id(end),
  message_id: `msg_${id(end)}`,
  type: "voting.poll.opened",
  attempts: 1,
  last_status: null,
  last_reason: null,
  last_at: at,
  next_at: null,
  created_at: at,
  ...outcome,
});

const dead = sent("b4", { state: "dead", attempts: 8, last_reason: "timeout" });

export const deliveries = {
  items: [
    sent("b2", { state: "waiting", attempts: 0, last_at: null, next_at: "2099-03-01T12:00:00Z" }),
    sent("b3", { state: "delivered", last_status: 204 }),
    dead,
  ],
  next_cursor: null,
};

export const delivery = {
  delivery: dead,
  body: JSON.stringify({ type: dead.type, timestamp: at, data: { poll_id: id("01"), title: "Which map next?" } }),
  attempts: [
    { number: 1, at, status: 503, reason: null, took_ms: 412 },
    { number: 2, at, status: null, reason: "timeout", took_ms: 10_000 },
  ],
};

export const source = {
  id: 1,
  kind: "minecraft",
  name: "Survival",
  path: "/api/v1/activity/hooks/5f3c8a5e-3d0c-4d63-8f5e-1c1f6f3e9a11",
  host: null,
  public_key: null as string | null,
  types: ["player.joined"],
  scope_type: "COMMUNITY",
  scope_id: id("c1"),
  visibility: "community",
  active: true,
  last_at: at,
  last_error: null,
  error_at: null,
  failures: 0,
  next_at: null,
  created_by: by,
  created_at: at,
  updated_at: at,
};

const blog = {
  ...source,
  id: 2,
  kind: "rss",
  name: "Blog of the developers",
  path: null,
  host: "blog.example.com",
  types: [],
  scope_type: "TENANT",
  scope_id: "00000000-0000-0000-0000-000000000001",
  visibility: "public",
  last_error: "unknown_host",
  error_at: at,
  failures: 3,
};

export const discord = {
  ...blog,
  id: 3,
  kind: "discord",
  name: "Our server",
  path: "/api/v1/activity/hooks/5f3c8a5e-3d0c-4d63-8f5e-1c1f6f3e9a12/discord",
  host: null,
  public_key: "aa".repeat(32),
  last_error: null,
  error_at: null,
  failures: 0,
};

export const sources = { items: [source, blog, discord] };

export const roleSync = {
  source_id: discord.id,
  guild_id: "81384788765712384",
  mode: "dry_run",
  leaving: true,
  updated_at: at,
  mappings: [
    {
      id: 1,
      discord_role_id: "81384788765712385",
      discord_name: "Scouts",
      role: { id: 7, service: "voting", name: "moderator" },
      scope_type: "TENANT",
      scope_id: "00000000-0000-0000-0000-000000000001",
      direction: "both",
      created_at: at,
    },
  ],
};

const person = { user_id: by, linked: true, present: true, actions: [], last_at: at, last_error: null, next_at: at };

export const syncedPeople = {
  all: 120,
  items: [
    { ...person, last_error: "forbidden" },
    { ...person, user_id: id("02"), actions: [{ mapping_id: 1, kind: "give_there" }] },
    { ...person, user_id: id("03"), linked: false, present: false, actions: [{ mapping_id: 1, kind: "take_here" }] },
  ],
};
