import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Archive, CalendarSync, SlidersHorizontal, UserPlus } from "lucide-react";
import { groupColours, GroupFlag, groupPath, groupQuery, type Group } from "@updspace/kit/groups.tsx";
import { PersonStack } from "@updspace/kit/people.tsx";
import { Cover } from "@updspace/ui/Cover";
import { LinkButton } from "@updspace/ui/LinkButton";
import { Crumb } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { Tabs } from "@updspace/ui/Tabs";
import { lazy, Suspense, type ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { rightsIn, type Rights } from "../../rights.ts";
import { boot, useSession } from "../../session.ts";
import { About } from "./About.tsx";
import { GroupSide } from "./GroupSide.tsx";
import style from "./groups.module.css";
import { JoinButton } from "./JoinButton.tsx";
import { Membership } from "./Membership.tsx";
import type { GroupTab } from "./parts.ts";
import { teamsQuery } from "./queries.ts";

// Their menus and forms weigh more than all else that the page shows.
const MemberList = lazy(async () => ({ default: (await import("./MemberList.tsx")).MemberList }));
const TeamList = lazy(async () => ({ default: (await import("./TeamList.tsx")).TeamList }));

/** A group, the community of a team, and what the person may do there. */
export function useGroup(id: string): { group: Group; within: Group | undefined; rights: Rights } {
  const session = useSession();
  const { data: group } = useSuspenseQuery(groupQuery(id));
  const { data: within } = useQuery({ ...groupQuery(group.community_id), enabled: group.kind === "TEAM" });
  return { group, within, rights: rightsIn(session, group, within) };
}

interface GroupPageProps {
  id: string;
  tab: GroupTab;
  /** The posts of the group, with the composer for its members. */
  posts: ReactNode;
}

/** A community or a team: its cover, the way in, and what it holds. */
export function GroupPage({ id, tab, posts }: GroupPageProps) {
  const intl = useIntl();
  const { group, rights } = useGroup(id);
  const community = group.kind === "COMMUNITY";
  const { data: teams } = useQuery({ ...teamsQuery(group.id), enabled: community });
  const path = groupPath(group);
  const entry = (t: GroupTab, name: string, count?: number) => ({
    href: t === "posts" ? path : `${path}?tab=${t}`,
    name,
    count,
    current: t === tab,
  });
  const tabs = [
    entry("posts", intl.formatMessage({ id: "groups.tab.posts" })),
    ...(community ? [entry("teams", intl.formatMessage({ id: "groups.tab.teams" }), teams?.items.length)] : []),
    entry("members", intl.formatMessage({ id: "groups.tab.members" }), group.member_count),
    entry("about", intl.formatMessage({ id: community ? "groups.tab.about" : "groups.tab.about.team" })),
  ];
  const [first = ""] = group.description.split("\n", 1);
  return (
    <>
      {community ? (
        <Crumb href="/communities" name={intl.formatMessage({ id: "nav.communities" })} />
      ) : (
        <Crumb href={`/c/${group.community_id}`} name={group.community_name} />
      )}
      <Cover id={group.id} label={group.name} colours={groupColours(group)} size="tall">
        <GroupFlag group={group} size="l" onHoist />
        <h1 className="display" tabIndex={-1}>
          <bdi>{group.name}</bdi>
        </h1>
        {first !== "" && <p className={style["lines"]}>{first}</p>}
      </Cover>
      {group.status === "archived" && (
        <p className={`card pad ${style["notice"]}`}>
          <Archive className="i" aria-hidden="true" />
          <FormattedMessage id={rights.edit ? "groups.archived.mine" : "groups.archived.text"} />
        </p>
      )}
      <div className={style["under"]}>
        <PersonStack people={group.faces} />
        <span className="small">
          <b>
            <FormattedMessage id="groups.members.count" values={{ count: group.member_count }} />
          </b>{" "}
          <span className="muted">
            ·{" "}
            <FormattedMessage
              id={`groups.policy.${group.join_policy}.sentence`}
              values={{ tenant: community ? (boot.tenant?.name ?? "") : group.community_name }}
            />
          </span>
        </span>
        <div className="btns">
          {group.my_state === "member" ? <Membership group={group} /> : <JoinButton group={group} primary />}
          {group.my_state === "member" && (
            <LinkButton href={`/events/calendars?group=${group.id}`} variant="quiet">
              <CalendarSync className="i s" aria-hidden="true" />
              <FormattedMessage id="groups.calendar" />
            </LinkButton>
          )}
          {(rights.edit || rights.members) && (
            <LinkButton href={`${path}/manage`}>
              <SlidersHorizontal className="i s" aria-hidden="true" />
              <FormattedMessage id="groups.manage" />
            </LinkButton>
          )}
          {rights.members && group.status === "active" && (
            <LinkButton href={`${path}/manage?part=invitations`} variant={group.my_state === "member" ? "primary" : "line"}>
              <UserPlus className="i s" aria-hidden="true" />
              <FormattedMessage id="groups.invite" />
            </LinkButton>
          )}
        </div>
      </div>
      <Tabs label={group.name} tabs={tabs} />
      <div className="with-side">
        <div className="vstack">
          {tab === "posts" && (
            <>
              <h2 className="vh">
                <FormattedMessage id="groups.tab.posts" />
              </h2>
              {posts}
            </>
          )}
          <Suspense fallback={<Skeleton label={intl.formatMessage({ id: "loading" })} />}>
            {tab === "teams" && <TeamList community={group} mayFound={rights.teams} />}
            {tab === "members" && <MemberList group={group} rights={rights} />}
          </Suspense>
          {tab === "about" && <About group={group} />}
        </div>
        <GroupSide group={group} tab={tab} />
      </div>
    </>
  );
}
