import { useQuery } from "@tanstack/react-query";
import { groupPath, GroupFlag, type Group } from "@updspace/kit/groups.tsx";
import { Helm } from "@updspace/ui/Helm";
import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage, useIntl } from "react-intl";
import { NextEvents, useNextEvents } from "../../nextEvents.tsx";
import type { GroupTab } from "./parts.ts";
import style from "./groups.module.css";
import { teamsQuery } from "./queries.ts";

const few = 4;

/** Beside the posts: who is in, and its teams. */
export function GroupSide({ group, tab }: { group: Group; tab: GroupTab }) {
  const intl = useIntl();
  const next = useNextEvents(group);
  const { data: teams } = useQuery({ ...teamsQuery(group.id), enabled: group.kind === "COMMUNITY" });
  const path = groupPath(group);
  const members = tab !== "members" && group.faces.length > 0;
  const shownTeams = tab === "teams" ? [] : (teams?.items.slice(0, few) ?? []);
  if (!members && shownTeams.length === 0 && next.length === 0) return null;
  return (
    <aside className="vstack" aria-label={intl.formatMessage({ id: "groups.side" }, { name: group.name })}>
      <NextEvents group={group} />
      {members && (
        <section className="card" aria-labelledby="side-members">
          <div className="card-head">
            <h2 id="side-members">
              <FormattedMessage id="groups.tab.members" />
            </h2>
            <TextLink href={`${path}?tab=members`} className="link small">
              <FormattedMessage id="groups.members.all" values={{ count: group.member_count }} />
            </TextLink>
          </div>
          <ul className={style["people"]}>
            {group.faces.slice(0, 8).map((f) => (
              <li key={f.user_id}>
                <Helm id={f.user_id} src={f.avatar_url} />
                <TextLink href={`/people/${f.user_id}`} className="small strong">
                  <bdi>{f.display_name?.split(" ", 1)[0] ?? intl.formatMessage({ id: "person.unknown" })}</bdi>
                </TextLink>
              </li>
            ))}
          </ul>
        </section>
      )}
      {shownTeams.length > 0 && (
        <section className="card" aria-labelledby="side-teams">
          <div className="card-head">
            <h2 id="side-teams">
              <FormattedMessage id="groups.tab.teams" />
            </h2>
            <TextLink href={`${path}?tab=teams`} className="link small">
              <FormattedMessage id="groups.teams.all" values={{ count: teams?.items.length ?? 0 }} />
            </TextLink>
          </div>
          <div className="rows">
            {shownTeams.map((t) => (
              <TextLink key={t.id} href={groupPath(t)} className="row">
                <GroupFlag group={t} />
                <span className="grow">
                  <bdi className="strong">{t.name}</bdi>
                  <span className="label muted block">
                    <FormattedMessage id="groups.members.count" values={{ count: t.member_count }} />
                  </span>
                </span>
              </TextLink>
            ))}
          </div>
        </section>
      )}
    </aside>
  );
}
