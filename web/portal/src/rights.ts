// What a person may do in a group, from the role there and what is held in the whole tenant: the same rules as the templates of roles
// in access. Only to offer no button that ends in a refusal; the services decide.
import type { Session } from "@updspace/kit/boot.ts";
import type { Group } from "@updspace/kit/groups.tsx";
import { may } from "./session.ts";

export interface Rights {
  /** Change name, description, colour and policy; archive and restore. */
  edit: boolean;
  /** Invite, decide requests, remove, ban, and change roles below one's own. */
  members: boolean;
  /** Give and take the roles of owners and moderators. */
  owners: boolean;
  /** Hand the group over, delete it. */
  own: boolean;
  /** Found teams in it. */
  teams: boolean;
  /** Change and delete what others wrote. */
  posts: boolean;
}

const tier = { member: 1, moderator: 2, owner: 3 };

/** The rights in a group. `within` is the community of a team: its owners and moderators hold their rights in its teams too. */
export function rightsIn(session: Session, group: Group, within?: Group): Rights {
  const role = (g: Group | undefined) => (g?.my_role ? tier[g.my_role] : 0);
  const mine = Math.max(role(group), group.kind === "TEAM" ? role(within) : 0);
  const team = group.kind === "TEAM";
  const own = mine === tier.owner || may(session, "portal.communities.manage");
  const moderate = mine >= tier.moderator;
  return {
    own,
    edit: own || (team && (moderate || may(session, "portal.teams.manage"))),
    members: moderate || may(session, team ? "portal.teams.members.manage" : "portal.communities.members.manage"),
    owners: own,
    teams: !team && (moderate || may(session, "portal.teams.create")),
    posts: moderate || may(session, "portal.posts.manage"),
  };
}
