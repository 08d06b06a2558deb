import { useQuery } from "@tanstack/react-query";
import { myGroupsQuery, type Group } from "@updspace/kit/groups.tsx";
import { may, useSession } from "../../session.ts";

/** Owners and moderators of a community or team make polls in it (access gives them voting.poll.create there). */
export const leads = (g: Group): boolean => g.status === "active" && (g.my_role === "owner" || g.my_role === "moderator");

/** Where I may make polls: the whole space, and communities and teams. */
export function useCreatePlaces(): { tenant: boolean; groups: Group[] } {
  const tenant = may(useSession(), "voting.poll.create");
  const groups = useQuery(myGroupsQuery).data ?? [];
  return { tenant, groups: groups.filter((g) => g.status === "active" && (tenant || leads(g))) };
}

export function useMayCreatePolls(): boolean {
  const { tenant, groups } = useCreatePlaces();
  return tenant || groups.length > 0;
}
