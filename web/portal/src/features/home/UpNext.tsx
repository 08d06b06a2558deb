import { useQuery } from "@tanstack/react-query";
import { FlagOf, GroupFlag } from "@updspace/kit/groups.tsx";
import { Until } from "@updspace/kit/time.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { Helm } from "@updspace/ui/Helm";
import { LinkButton } from "@updspace/ui/LinkButton";
import { Skeleton } from "@updspace/ui/Skeleton";
import { FormattedMessage, useIntl } from "react-intl";
import { NextEvents } from "../../nextEvents.tsx";
import { nextEventsQuery } from "../../nextEventsQuery.ts";
import { may, useSession } from "../../session.ts";
import { memberFacesQuery, myTeamsQuery, pollInvitesQuery, pollsToDoQuery, queueQuery } from "./queries.ts";
import styles from "./UpNext.module.css";

/** What waits for the person: polls to vote in, requests to decide, invitations; and their teams. Beside the feed, or a strip above it. */
export function UpNext() {
  const intl = useIntl();
  const session = useSession();
  const queue = useQuery(queueQuery);
  const polls = useQuery(pollsToDoQuery);
  const invited = useQuery(pollInvitesQuery);
  const events = useQuery(nextEventsQuery());
  const teams = useQuery(myTeamsQuery);
  const todo = polls.data?.items.filter((p) => p.my.todo) ?? [];
  const invites = queue.data?.invites.items ?? [];
  const pollInvites = invited.data ?? [];
  const requests = queue.data?.join_requests;
  const count = todo.length + invites.length + pollInvites.length + ((requests?.count ?? 0) > 0 ? 1 : 0);
  const nextEvents = events.data?.length ?? 0;
  // All at once: a card that comes later would push the others aside.
  const waiting = queue.isPending || polls.isPending || invited.isPending || events.isPending;
  // An owner who is alone here and has asked nothing yet: the first day stands in the administration.
  const members = useQuery(memberFacesQuery).data?.items.length ?? 0;
  const asked = Object.values(polls.data?.totals ?? {}).some((n) => n > 0);
  const isNew = members === 1 && !asked && may(session, "portal.tenant.settings.write");
  return (
    <aside className={styles["next"]} aria-labelledby="up-next">
      <div className={styles["lead"]}>
        <h2 id="up-next">
          <FormattedMessage id="home.upNext" />
        </h2>
        {!waiting && (
          <span className="small muted">
            <FormattedMessage id="home.upNext.count" values={{ n: count }} />
          </span>
        )}
      </div>
      <div
        className={styles["strip"]}
        {...(count + Math.min(nextEvents, 1) > 1 && { tabIndex: 0, role: "group", "aria-labelledby": "up-next" })}
      >
        {waiting ? (
          <Skeleton label={intl.formatMessage({ id: "loading" })} rows={2} />
        ) : (
          <>
            {invites.map((i) => (
              <section key={i.id} className="card pad vstack s">
                <div className="line nowrap">
                  <FlagOf id={i.scope_id} kind={i.scope_type} />
                  <h3 className="grow" dir="auto">
                    <FormattedMessage id="home.invite" values={{ name: i.scope_name }} />
                  </h3>
                </div>
                <div className="btns right">
                  <LinkButton size="s" href="/communities">
                    <FormattedMessage id="home.invite.see" />
                  </LinkButton>
                </div>
              </section>
            ))}
            {pollInvites.map((i) => (
              <section key={i.poll_id} className="card pad vstack s">
                <h3 dir="auto">
                  <FormattedMessage id="home.pollInvite" values={{ title: i.poll_title }} />
                </h3>
                <div className="btns right">
                  <LinkButton size="s" href="/polls">
                    <FormattedMessage id="home.invite.see" />
                  </LinkButton>
                </div>
              </section>
            ))}
            {todo.map(({ poll, my }) => (
              <section key={poll.id} className="card pad vstack s">
                <h3 dir="auto">
                  <a href={`/polls/${poll.id}`}>{poll.title}</a>
                </h3>
                <div className="line">
                  <span className="small muted grow">
                    <FormattedMessage id="home.poll.left" values={{ votes: my.votes }} />
                    {poll.ends_at !== null && (
                      <>
                        {", "}
                        <Until at={poll.ends_at} />
                      </>
                    )}
                  </span>
                  <LinkButton size="s" href={`/polls/${poll.id}`}>
                    <FormattedMessage id={my.has_voted ? "home.vote.continue" : "home.vote"} />
                  </LinkButton>
                </div>
              </section>
            ))}
            {requests !== undefined && requests.count > 0 && (
              <section className="card pad vstack s">
                <h3>
                  <FormattedMessage id="home.requests" values={{ n: requests.count }} />
                </h3>
                <div className="line">
                  <span className="stack" aria-hidden="true">
                    {requests.items.slice(0, 5).map((r) => (
                      <Helm key={r.id} id={r.user_id} size="m" />
                    ))}
                  </span>
                  <span className="grow" />
                  <LinkButton size="s" href="/manage">
                    <FormattedMessage id="home.requests.decide" />
                  </LinkButton>
                </div>
              </section>
            )}
            {count === 0 && isNew && (
              <div className="card">
                <EmptyState
                  title={intl.formatMessage({ id: "home.new.title" })}
                  shape="flag"
                  action={
                    <LinkButton href="/manage" variant="primary">
                      <FormattedMessage id="home.new.begin" />
                    </LinkButton>
                  }
                >
                  <FormattedMessage id="home.new.text" />
                </EmptyState>
              </div>
            )}
            {count === 0 && !isNew && (
              <div className={`card ${styles["calm"]}`}>
                <EmptyState title={intl.formatMessage({ id: "home.calm.title" })} shape="date">
                  <FormattedMessage id="home.calm.text" />
                </EmptyState>
              </div>
            )}
            <div className={styles["events"]}>
              <NextEvents level={3} />
            </div>
            {teams.data !== undefined && teams.data.items.length > 0 && (
              <section className={`card ${styles["teams"]}`} aria-labelledby="my-teams">
                <div className="card-head">
                  <h3 id="my-teams">
                    <FormattedMessage id="home.teams" />
                  </h3>
                </div>
                <div className="rows">
                  {teams.data.items.map((t) => (
                    <a key={t.id} className="row" href={`/t/${t.id}`}>
                      <GroupFlag group={t} />
                      <span className="grow" dir="auto">
                        <span className="strong block">{t.name}</span>
                        <span className="label muted">{t.community_name}</span>
                      </span>
                    </a>
                  ))}
                </div>
              </section>
            )}
          </>
        )}
      </div>
    </aside>
  );
}
