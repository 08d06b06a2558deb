import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ApiError, ok, portal } from "@updspace/kit/api.ts";
import { ActionError, errorText } from "@updspace/kit/errors.tsx";
import { groupColours, GroupFlag, groupPath, groupQuery } from "@updspace/kit/groups.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Cover } from "@updspace/ui/Cover";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { FormattedMessage, useIntl } from "react-intl";
import style from "./groups.module.css";
import { groupStale } from "./queries.ts";

/** Where an invitation link leads: what one would join, and one button. */
export function JoinPage({ token, onJoined }: { token: string; onJoined: () => void }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const preview = useQuery({
    queryKey: ["/api/v1/portal/invite-links/preview", token],
    queryFn: ({ signal }) => ok(portal.POST("/api/v1/portal/invite-links/preview", { body: { token }, signal })),
    enabled: token !== "",
    retry: false,
  });
  // The preview has no colour; those who may open the group know it.
  const { data: group } = useQuery({ ...groupQuery(preview.data?.scope_id ?? ""), enabled: preview.data !== undefined, retry: false });
  const hue = group?.hue ?? null;
  const accept = useAction({
    run: (_: void, headers) => ok(portal.POST("/api/v1/portal/invite-links/accept", { body: { token }, headers })),
    stale: groupStale,
    done: (group) => intl.formatMessage({ id: "groups.joined" }, { name: group.name }),
    onDone: (group) => {
      onJoined();
      void navigate({ href: groupPath({ kind: group.scope_type, id: group.scope_id }) });
    },
  });
  if (token === "") {
    return (
      <>
        <PageHead title={intl.formatMessage({ id: "join.title" })} />
        <div className="card">
          <EmptyState title={intl.formatMessage({ id: "join.incomplete" })}>
            {intl.formatMessage({ id: "join.incomplete.text" })}
          </EmptyState>
        </div>
      </>
    );
  }
  if (preview.isPending) return <Skeleton label={intl.formatMessage({ id: "loading" })} rows={1} />;
  if (preview.isError) {
    return (
      <>
        <PageHead title={intl.formatMessage({ id: "join.title" })} />
        <div className="card">
          <EmptyState title={intl.formatMessage({ id: "join.broken" })}>
            {preview.error instanceof ApiError && [404, 422].includes(preview.error.status)
              ? intl.formatMessage({ id: "join.broken.text" })
              : errorText(intl, preview.error)}
          </EmptyState>
        </div>
      </>
    );
  }
  const g = preview.data;
  const community = g.scope_type === "COMMUNITY";
  return (
    <>
      <Cover id={g.scope_id} label={g.name} colours={groupColours({ hue })} size="tall">
        <GroupFlag group={{ id: g.scope_id, kind: g.scope_type, hue }} size="l" onHoist />
        <h1 className="display" tabIndex={-1}>
          <bdi>{g.name}</bdi>
        </h1>
        {!community && <p>{g.community_name}</p>}
        {g.description !== "" && <p className={style["lines"]}>{g.description}</p>}
        <p className="small">
          <FormattedMessage id={g.my_role === null ? "join.text" : "join.already"} values={{ name: g.name, count: g.member_count }} />
        </p>
        <div className="btns">
          {g.my_role === null ? (
            <Button variant="metal" size="big" pending={accept.pending} onPress={() => accept.start()}>
              <FormattedMessage id="groups.join" />
            </Button>
          ) : (
            <LinkButton href={groupPath({ kind: g.scope_type, id: g.scope_id })} variant="metal" size="big">
              <FormattedMessage id="join.open" />
            </LinkButton>
          )}
        </div>
      </Cover>
      <ActionError error={accept.error} />
    </>
  );
}
