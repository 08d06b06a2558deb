import type { Group } from "@updspace/kit/groups.tsx";
import { useCreatePlaces } from "../../creating.ts";

/** Where I may make achievements: the whole space, and communities and teams. Their moderators may not, unlike polls and events. */
export function useAchievementPlaces(): { tenant: boolean; groups: Group[] } {
  const { tenant, groups } = useCreatePlaces("gamification.achievements.create");
  return { tenant, groups: groups.filter((g) => tenant || g.my_role === "owner") };
}
