import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { groupQuery } from "@updspace/kit/groups.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { useIntl } from "react-intl";
import { rightsIn } from "../../rights.ts";
import { useSession } from "../../session.ts";
import { Composer } from "./Composer.tsx";
import { placeOfGroup } from "./places.ts";
import { PostList } from "./PostList.tsx";

/** The posts of a community or team, with the composer for its members. Others learn that members read here. */
export function GroupPosts({ id }: { id: string }) {
  const intl = useIntl();
  const session = useSession();
  const { data: group } = useSuspenseQuery(groupQuery(id));
  const { data: within } = useQuery({ ...groupQuery(group.community_id), enabled: group.kind === "TEAM" });
  const member = group.my_state === "member";
  const team = group.kind === "TEAM";
  if (!member && !rightsIn(session, group, team ? within : undefined).posts) {
    return (
      <div className="card">
        <EmptyState shape="post" title={intl.formatMessage({ id: "posts.closed.title" })}>
          {intl.formatMessage({ id: team ? "posts.closed.team" : "posts.closed.community" })}
        </EmptyState>
      </div>
    );
  }
  return (
    <>
      {member && group.status === "active" && <Composer place={placeOfGroup(group)} />}
      <PostList filter={team ? { scope: "team", team_id: id } : { scope: "community", community_id: id }} />
    </>
  );
}
