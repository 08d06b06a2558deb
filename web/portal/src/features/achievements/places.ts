import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { myGroupsQuery, type Group } from "@updspace/kit/groups.tsx";
import { pagesOptions } from "@updspace/kit/pages.tsx";
import { leads, useCreatePlaces } from "../../creating.ts";
import { may, useSession } from "../../session.ts";
import { achievementPages } from "./queries.ts";

/** Where I may make achievements: the whole space, and communities and teams. Their moderators may not, unlike polls and events. */
export function useAchievementPlaces(): { tenant: boolean; groups: Group[] } {
  const { tenant, groups } = useCreatePlaces("gamification.achievements.create");
  return { tenant, groups: groups.filter((g) => tenant || g.my_role === "owner") };
}

/** Whether I decide about nominations: in the whole space, or in a community or team that I lead and that has achievements. */
export function useDecides(): boolean {
  const everywhere = may(useSession(), "gamification.achievements.assign");
  const somewhere = (useQuery(myGroupsQuery).data ?? []).some(leads);
  const { data } = useInfiniteQuery({ ...pagesOptions(achievementPages({ status: ["published"] })), enabled: !everywhere && somewhere });
  return everywhere || (somewhere && (data?.pages.some((page) => page.items.some((a) => a.can_assign)) ?? false));
}
