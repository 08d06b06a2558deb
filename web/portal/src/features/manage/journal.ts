// The journal: the logs of the services as one list.
import type { access as api } from "@updspace/api";
import { access, activity, events, gamification, ok, portal, voting } from "@updspace/kit/api.ts";
import type { Session } from "@updspace/kit/boot.ts";
import { may } from "../../session.ts";
import { readMerged, type LogPage, type Merged, type Reading } from "./merge.ts";
import { sources, type Source } from "./parts.ts";

type AuditEntry = api.components["schemas"]["AuditEntry"];
export type Entry = AuditEntry & { source: Source };

export interface JournalFilter {
  source?: Source | undefined;
  /** Who did it. */
  actor?: string | undefined;
  /** Only the last days. */
  days?: number | undefined;
  /** Only what happened to a community or team and its members. The portal keeps that. */
  group?: string | undefined;
}

/** What each log may be read with. */
export const readerOf: Record<Source, string> = {
  access: "portal.roles.read",
  portal: "portal.communities.manage",
  voting: "voting.votings.admin",
  events: "events.event.manage",
  activity: "activity.news.manage",
  gamification: "gamification.achievements.edit",
};

/** The logs that the person may read: those with something about the group, when there is one. */
export function readable(session: Session, group?: string): Source[] {
  return sources.filter((s) => may(session, readerOf[s]) && (group === undefined || s === "portal"));
}

interface Query {
  limit: number;
  cursor?: string;
  actor_id?: string;
  target_id?: string;
  from?: string;
}

function readLog(source: Source, query: Query, signal: AbortSignal): Promise<LogPage<AuditEntry>> {
  const init = { params: { query }, signal };
  switch (source) {
    case "access":
      return ok(access.GET("/api/v1/access/audit", init));
    case "portal":
      return ok(portal.GET("/api/v1/portal/audit", init));
    case "voting":
      return ok(voting.GET("/api/v1/voting/audit", init));
    case "events":
      return ok(events.GET("/api/v1/events/audit", init));
    case "activity":
      return ok(activity.GET("/api/v1/activity/audit", init));
    case "gamification":
      return ok(gamification.GET("/api/v1/gamification/audit", init));
  }
}

const day = 86_400_000; // milliseconds
const page = 50;

export type At = Reading<Source, AuditEntry>;

/** The next part of the journal. `from` is the oldest moment that counts; empty for all. */
export function readJournal(
  from: readonly Source[],
  { source, actor, days, group }: JournalFilter,
  at: At,
  signal: AbortSignal,
): Promise<Merged<Source, AuditEntry>> {
  const since = days && new Date(Math.floor(Date.now() / day - days) * day).toISOString();
  const filter = { limit: page, ...(actor && { actor_id: actor }), ...(group && { target_id: group }), ...(since && { from: since }) };
  return readMerged(
    from.filter((s) => source === undefined || s === source),
    at,
    (s, cursor) => readLog(s, { ...filter, ...(cursor !== undefined && { cursor }) }, signal),
  );
}

const most = 5000; // rows of a file

/** The whole journal, as far as it fits into a file. */
export async function readAll(from: readonly Source[], filter: JournalFilter, signal: AbortSignal): Promise<Entry[]> {
  const entries: Entry[] = [];
  let at: At | undefined = {};
  while (at && entries.length < most) {
    const next: Merged<Source, AuditEntry> = await readJournal(from, filter, at, signal);
    entries.push(...next.items);
    at = next.next;
  }
  return entries.slice(0, most);
}

/** A value of the metadata as text. */
export function detail(entry: Entry, name: string): string {
  const value = entry.metadata[name];
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : "";
}

/** The user whom the entry is about, where it is not the target. */
export function about(entry: Entry): string | undefined {
  const user = detail(entry, "user_id");
  if (user) return user;
  return ["membership", "ban"].includes(entry.target_type) ? entry.target_id.split("/")[1] : undefined;
}

/** The community or team in which it happened. */
export function groupOf(entry: Entry): string | undefined {
  if (["community", "team"].includes(entry.target_type)) return entry.target_id;
  if (["membership", "ban"].includes(entry.target_type)) return entry.target_id.split("/")[0];
  return ["COMMUNITY", "TEAM"].includes(detail(entry, "scope_type")) ? detail(entry, "scope_id") || undefined : undefined;
}
