import { GroupFlag, groupPath } from "@updspace/kit/groups.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { Tabs } from "@updspace/ui/Tabs";
import { FormattedMessage, useIntl } from "react-intl";
import { Archive, History } from "lucide-react";
import { may, useSession } from "../../session.ts";
import { BanList } from "./BanList.tsx";
import { useGroup } from "./GroupPage.tsx";
import { GroupSettings } from "./GroupSettings.tsx";
import style from "./groups.module.css";
import { Invitations } from "./Invitations.tsx";
import { manageParts, type ManagePart } from "./parts.ts";
import { MemberList } from "./MemberList.tsx";
import { RequestList } from "./RequestList.tsx";
import { WhoCan } from "./WhoCan.tsx";

/** Everything that owners and moderators do for a group. */
export function ManagePage({ id, part }: { id: string; part: ManagePart | undefined }) {
  const intl = useIntl();
  const session = useSession();
  const { group, rights } = useGroup(id);
  const path = groupPath(group);
  const mine = manageParts.filter((p) => (p === "settings" ? rights.edit || rights.own : rights.members));
  const shown = part !== undefined && mine.includes(part) ? part : mine[0];
  const closed = group.status === "archived" && (shown === "requests" || shown === "invitations");
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "groups.manage.title" }, { name: group.name })}
        back={{ href: path, name: group.name }}
        lead={<GroupFlag group={group} />}
      >
        {may(session, "portal.communities.manage") && (
          <LinkButton href={`/manage/journal?group=${id}`}>
            <History className="i s" aria-hidden="true" />
            <FormattedMessage id="groups.journal" />
          </LinkButton>
        )}
      </PageHead>
      {shown === undefined ? (
        <div className="card">
          <EmptyState shape="people" title={intl.formatMessage({ id: "groups.manage.none" })} action={<WhoCan group={group} />}>
            {intl.formatMessage({ id: "groups.manage.none.text" })}
          </EmptyState>
        </div>
      ) : (
        <>
          <Tabs
            label={intl.formatMessage({ id: "groups.manage" })}
            tabs={mine.map((p) => ({
              href: `${path}/manage?part=${p}`,
              name: intl.formatMessage({ id: `groups.part.${p}` }),
              current: p === shown,
            }))}
          />
          {closed && (
            <p className={`card pad ${style["notice"]}`}>
              <Archive className="i" aria-hidden="true" />
              <FormattedMessage id="groups.archived.mine" />
            </p>
          )}
          <div className={`vstack ${style["part"]}`}>
            {shown === "requests" && !closed && <RequestList group={group} />}
            {shown === "invitations" && !closed && <Invitations group={group} rights={rights} />}
            {shown === "members" && <MemberList group={group} rights={rights} />}
            {shown === "bans" && <BanList group={group} />}
            {shown === "settings" && <GroupSettings group={group} rights={rights} />}
          </div>
        </>
      )}
    </>
  );
}
