// Where a post goes and who reads it: one choice, since a community post is read by its community.
import type { Group } from "@updspace/kit/groups.tsx";
import type { Choice } from "@updspace/ui/Select";
import type { IntlShape } from "react-intl";
import type { Visibility } from "./queries.ts";

export type Place = "public" | "private" | `community:${string}` | `team:${string}`;

export const placeOfGroup = (g: Pick<Group, "id" | "kind">): Place => (g.kind === "COMMUNITY" ? `community:${g.id}` : `team:${g.id}`);

interface Placed {
  visibility: Visibility;
  community_id?: string;
  team_id?: string;
}

/** What the server is told about a place. */
export function placed(place: Place): Placed {
  if (place === "public" || place === "private") return { visibility: place };
  const id = place.slice(place.indexOf(":") + 1);
  return place.startsWith("community:") ? { visibility: "community", community_id: id } : { visibility: "team", team_id: id };
}

/** The place of a post that exists. */
export function placeOf(post: { visibility: Visibility; community_id: string | null; team_id: string | null }): Place {
  if (post.visibility === "team" && post.team_id) return `team:${post.team_id}`;
  if (post.visibility === "community" && post.community_id) return `community:${post.community_id}`;
  return post.visibility === "private" ? "private" : "public";
}

interface Offer {
  groups: readonly Group[];
  tenant: string;
  /** Whether posts for the whole tenant may be written. */
  everyone: boolean;
}

/** The places on offer, each with who reads there. */
export function placeChoices(intl: IntlShape, { groups, tenant, everyone }: Offer): Choice<Place>[] {
  const groupChoices = groups.map((g) => ({
    id: placeOfGroup(g),
    name: g.name,
    help:
      g.kind === "COMMUNITY"
        ? intl.formatMessage({ id: "posts.place.community.help" })
        : intl.formatMessage({ id: "posts.place.team.help" }, { community: g.community_name }),
  }));
  return [
    ...(everyone
      ? [
          {
            id: "public" as const,
            name: intl.formatMessage({ id: "posts.place.public" }, { tenant }),
            help: intl.formatMessage({ id: "posts.place.public.help" }),
          },
        ]
      : []),
    ...groupChoices,
    {
      id: "private",
      name: intl.formatMessage({ id: "posts.place.private" }),
      help: intl.formatMessage({ id: "posts.place.private.help" }),
    },
  ];
}
