import { useQuery } from "@tanstack/react-query";
import { myGroupsQuery, type Group } from "@updspace/kit/groups.tsx";
import { may, useSession } from "./session.ts";

/** Owners and moderators of a community or team may make polls and events in it (access gives them the rights there). */
export const leads = (g: Group): boolean => g.status === "active" && (g.my_role === "owner" || g.my_role === "moderator");

type Making = "voting.poll.create" | "events.event.create" | "gamification.achievements.create";

/** Where I may make something: the whole space, and communities and teams. */
export function useCreatePlaces(permission: Making): { tenant: boolean; groups: Group[] } {
  const tenant = may(useSession(), permission);
  const groups = useQuery(myGroupsQuery).data ?? [];
  return { tenant, groups: groups.filter((g) => g.status === "active" && (tenant || leads(g))) };
}

export function useMayCreate(permission: Making): boolean {
  const { tenant, groups } = useCreatePlaces(permission);
  return tenant || groups.length > 0;
}
