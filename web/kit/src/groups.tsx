// Communities and teams, as every part of the portal names them.
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { portal as api } from "@updspace/api";
import { colourStyle } from "@updspace/ui/art/colours";
import { flagOf, type Colours } from "@updspace/ui/art/designs";
import { Flag } from "@updspace/ui/Flag";
import { TextLink } from "@updspace/ui/TextLink";
import type { CSSProperties } from "react";
import { ok, portal } from "./api.ts";

export type Group = api.components["schemas"]["Group"];

/** Where every key of what a group contains begins: a change of a membership makes all of it stale. */
export const groupsKey = "/api/v1/portal/groups";

const fresh = 60_000; // milliseconds

export const groupQuery = (id: string) =>
  queryOptions({
    queryKey: [groupsKey, id],
    queryFn: ({ signal }) => ok(portal.GET("/api/v1/portal/groups/{group_id}", { params: { path: { group_id: id } }, signal })),
    staleTime: fresh,
  });

/** The groups in use that the caller is a member of. One page is enough: a member has fewer than it holds. */
export const myGroupsQuery = queryOptions({
  queryKey: [groupsKey, "mine"],
  queryFn: async ({ signal, client }) => {
    const { items } = await ok(portal.GET("/api/v1/portal/me/groups", { params: { query: { limit: 100 } }, signal }));
    for (const g of items) client.setQueryData([groupsKey, g.id], g);
    return items;
  },
  staleTime: fresh,
});

/** The address of a group's page. */
export function groupPath(g: { kind: Group["kind"]; id: string }): string {
  return `${g.kind === "COMMUNITY" ? "/c" : "/t"}/${g.id}`;
}

/** The colours that a group has chosen; undefined for those that are drawn from its id. */
export function groupColours(g: { hue: number | null }): Partial<Colours> | undefined {
  return g.hue === null ? undefined : { hue: g.hue };
}

interface GroupFlagProps {
  group: Pick<Group, "id" | "kind" | "hue">;
  size?: "s" | "l";
  onHoist?: boolean;
}

export function GroupFlag({ group, size, onHoist = false }: GroupFlagProps) {
  const of = group.kind === "COMMUNITY" ? "community" : "team";
  return <Flag id={group.id} of={of} colours={groupColours(group)} onHoist={onHoist} {...(size && { size })} />;
}

/** The flag of a group of which only the id is at hand: in its own colour as soon as that is known. */
export function FlagOf({ id, kind }: Pick<Group, "id" | "kind">) {
  const { data } = useQuery(groupQuery(id));
  return <GroupFlag group={{ id, kind, hue: data?.hue ?? null }} />;
}

/** The notched tag of a group, in its colours: where something belongs. */
export function GroupTag({ id }: { id: string }) {
  const { data } = useQuery(groupQuery(id));
  if (!data) return null;
  return (
    <TextLink href={groupPath(data)} className="tag-link">
      <span className="tag colours" style={colourStyle(flagOf(id, groupColours(data)))}>
        <bdi>{data.name}</bdi>
      </span>
    </TextLink>
  );
}

/** The class and style that give an element the colours of a group; without one those of the page. */
export function useGroupColours(id: string | undefined): { className: string; style?: CSSProperties } {
  const { data } = useQuery({ ...groupQuery(id ?? ""), enabled: id !== undefined });
  if (id === undefined) return { className: "colours" };
  return { className: "colours", style: colourStyle(flagOf(id, data && groupColours(data))) };
}

/** The name of a group; undefined for none and while it is loaded. */
export function useGroupName(id: string | null): string | undefined {
  return useQuery({ ...groupQuery(id ?? ""), enabled: id !== null }).data?.name;
}

/** The communities in use, for a choice; the first two hundred by name. */
export const communitiesQuery = queryOptions({
  queryKey: [groupsKey, "communities"],
  queryFn: ({ signal }) => ok(portal.GET("/api/v1/portal/communities", { signal })),
  staleTime: fresh,
});
