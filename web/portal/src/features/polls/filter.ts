// Apart from the page, so that the route can read an address before the page is loaded.
import type { PollFilter } from "./queries.ts";
import type { Phase } from "./types.ts";

export interface PollsSearch {
  phase?: Phase | undefined;
  q?: string | undefined;
  community?: string | undefined;
  team?: string | undefined;
}

export function filterOf({ phase = "open", q, community, team }: PollsSearch): PollFilter {
  const scope = community ?? team;
  return { phase, q, ...(scope !== undefined && { scope_type: community === undefined ? "TEAM" : "COMMUNITY", scope_id: scope }) };
}
