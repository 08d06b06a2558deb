// What the address of the catalogue says, apart from the page: its route checks it before the page is loaded.
import * as v from "valibot";
import { maybe, maybeId, maybeText } from "../../searchParams.ts";
import { statuses, type AchievementFilter } from "./queries.ts";

export const achievementsSearch = v.object({
  status: maybe(v.picklist(statuses)),
  q: maybeText(100),
  category: maybeText(64),
  community: maybeId,
  team: maybeId,
});

export type AchievementsSearch = v.InferOutput<typeof achievementsSearch>;

export const isNarrow = ({ q, category, community, team }: AchievementsSearch): boolean =>
  [q, category, community, team].some((x) => x !== undefined);

export function filterOf({ status = "published", q, category, community, team }: AchievementsSearch): AchievementFilter {
  const group = community ?? team;
  return {
    status: [status],
    ...(q !== undefined && { q }),
    ...(category !== undefined && { category: [category] }),
    ...(group !== undefined && { scope_type: community === undefined ? ("TEAM" as const) : ("COMMUNITY" as const), scope_id: group }),
  };
}
