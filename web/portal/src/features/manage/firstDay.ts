// The first day of a space: what is done is read from what is there.
import { queryOptions } from "@tanstack/react-query";
import { ok, portal, voting } from "@updspace/kit/api.ts";

export const steps = ["space", "colours", "community", "invite", "poll"] as const;
export type StepName = (typeof steps)[number];

export interface Facts {
  /** How often the card of the space was changed. */
  changes: number;
  communities: number;
  /** Two are enough to know. */
  members: number;
  polls: number;
}

export function isDone(step: StepName, facts: Facts, skipped: readonly string[]): boolean {
  if (skipped.includes(step)) return true;
  switch (step) {
    case "space":
      return true;
    case "colours":
      return facts.changes > 0;
    case "community":
      return facts.communities > 0;
    case "invite":
      return facts.members > 1;
    case "poll":
      return facts.polls > 0;
  }
}

/** How many members and polls there are, as far as the first day asks. */
export const beginningsQuery = queryOptions({
  queryKey: ["/api/v1/portal/people", "first day"],
  queryFn: async ({ signal }) => {
    const [people, polls] = await Promise.all([
      ok(portal.GET("/api/v1/portal/people", { params: { query: { limit: 2 } }, signal })),
      ok(voting.GET("/api/v1/voting/me/polls", { params: { query: { limit: 1 } }, signal })),
    ]);
    return { members: people.items.length, polls: polls.items.length };
  },
});
