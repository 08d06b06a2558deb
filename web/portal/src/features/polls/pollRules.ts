// What can be changed about a poll, and what of it was.
import type { Poll } from "./types.ts";

const keys = ["title", "description", "visibility", "anonymous", "allow_revoting", "results_visibility", "starts_at", "ends_at"] as const;

export type RuleValues = Pick<Poll, (typeof keys)[number]> & { amendment_reason: string };

/** After the first vote, what voters decided on is fixed. */
export const locked = (poll: Poll): boolean => poll.settings.total_votes > 0 || poll.status === "closed";

export function rulesOf(poll: Poll): RuleValues {
  const { title, description, visibility, anonymous, allow_revoting, results_visibility, starts_at, ends_at } = poll;
  return { title, description, visibility, anonymous, allow_revoting, results_visibility, starts_at, ends_at, amendment_reason: "" };
}

/** Only what differs: a field left out stays as it is, and a fixed one that is sent would be refused. */
export function changes(before: RuleValues, after: RuleValues): Partial<RuleValues> {
  const changed = Object.fromEntries(keys.filter((k) => before[k] !== after[k]).map((k) => [k, after[k]]));
  const reason = after.amendment_reason.trim();
  return { ...changed, ...(reason !== "" && { amendment_reason: reason }) };
}
