// What the address of the catalogue asks for.
import type { AchievementFilter } from "./queries.ts";
import type { AchievementsSearch } from "./search.ts";

export const isNarrow = ({ q, category, community, team }: AchievementsSearch): boolean =>
  [q, category, community, team].some((x) => x !== undefined);

export function filterOf({ status = "published", q, category, community, team, sort }: AchievementsSearch): AchievementFilter {
  const group = community ?? team;
  return {
    status: [status],
    ...(q !== undefined && { q }),
    ...(sort !== undefined && { sort }),
    ...(category !== undefined && { category: [category] }),
    ...(group !== undefined && { scope_type: community === undefined ? ("TEAM" as const) : ("COMMUNITY" as const), scope_id: group }),
  };
}
