import { useQuery } from "@tanstack/react-query";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError, ErrorPage } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { Select } from "@updspace/ui/Select";
import { Skeleton } from "@updspace/ui/Skeleton";
import { Switch } from "@updspace/ui/Switch";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import { accountLinksQuery, accountQuery, type AccountLink, type AccountLinkUpdate } from "./gameAccounts.ts";

/** The accounts of games that the person has linked: whether they are read here, and who sees what they bring. */
export function GameAccounts() {
  const intl = useIntl();
  const session = useSession();
  const { data: links, error, refetch } = useQuery(accountLinksQuery);
  const host = (
    <LinkButton href={`${session.id_frontend_base_url}/account?from=${session.tenant.slug}`} external>
      <FormattedMessage id="settings.games.link" />
    </LinkButton>
  );
  if (error) return <ErrorPage error={error} retry={() => void refetch()} />;
  if (!links) return <Skeleton label={intl.formatMessage({ id: "loading" })} rows={3} />;
  if (links.length === 0)
    return (
      <EmptyState shape="patch" title={intl.formatMessage({ id: "settings.games.none" })} action={host}>
        <FormattedMessage id="settings.games.none.text" />
      </EmptyState>
    );
  return (
    <div className="vstack">
      {links.map((l) => (
        <Account key={l.id} of={l} />
      ))}
      <p className="small muted">
        <FormattedMessage id="settings.games.elsewhere" />
      </p>
      <div className="btns">{host}</div>
    </div>
  );
}

const problems = ["profile_private", "not_configured", "rate_limited"] as const;

function Account({ of: l }: { of: AccountLink }) {
  const intl = useIntl();
  const [asked, setAsked] = useState(false);
  const params = { path: { account_link_id: l.id } };
  const stale = [accountLinksQuery.queryKey];
  const save = useAction({
    run: (body: AccountLinkUpdate, headers) =>
      ok(activity.PATCH("/api/v1/activity/account-links/{account_link_id}", { params, body, headers })),
    stale,
  });
  const read = useAction({
    run: (_: void, headers) => ok(activity.POST("/api/v1/activity/sync/run", { params: { query: { account_link_id: l.id } }, headers })),
    stale,
    done: intl.formatMessage({ id: "settings.games.reading" }),
  });
  const forget = useAction({
    run: (_: void, headers) => ok(activity.DELETE("/api/v1/activity/account-links/{account_link_id}", { params, headers })),
    stale,
    done: intl.formatMessage({ id: "settings.games.forgotten" }),
    onDone: () => setAsked(false),
  });
  const problem = problems.find((p) => p === l.lastError) ?? "other";
  return (
    <section className="card" aria-labelledby={`account-${l.id}`}>
      <div className="card-head">
        <h2 id={`account-${l.id}`}>
          <FormattedMessage id={`settings.games.provider.${l.sourceType}`} />{" "}
          <span className="small muted">{l.externalIdentityRef.slice(-4).padStart(5, "…")}</span>
        </h2>
      </div>
      <Switch
        label={intl.formatMessage({ id: "settings.games.on" })}
        help={intl.formatMessage({ id: "settings.games.on.help" })}
        checked={l.enabled}
        onChange={(enabled) => save.start({ enabled })}
      />
      <div className="pad vstack s">
        <Select
          label={intl.formatMessage({ id: "settings.games.seen" })}
          value={l.visibility}
          onChange={(visibility) => save.start({ visibility })}
          choices={[
            { id: "private", name: intl.formatMessage({ id: "settings.games.seen.private" }) },
            { id: "community", name: intl.formatMessage({ id: "settings.games.seen.community" }) },
          ]}
        />
        <p className="small muted line dots" aria-live="polite">
          <span>
            <FormattedMessage id={l.isSyncing ? "settings.games.reading" : `settings.games.status.${l.status}`} />
          </span>
          {l.lastSyncAt !== null && (
            <span>
              <FormattedMessage id="settings.games.last" values={{ at: <Time at={l.lastSyncAt} /> }} />
            </span>
          )}
        </p>
        {l.lastError !== null && (
          <p className="small error">
            <FormattedMessage id={`settings.games.problem.${problem}`} />
          </p>
        )}
        <ActionError error={save.error ?? read.error} />
        <div className="btns">
          {l.enabled && (
            <Button size="s" pending={read.pending || l.isSyncing} onPress={() => read.start()}>
              <FormattedMessage id="settings.games.read" />
            </Button>
          )}
          {(l.enabled || l.lastSyncAt !== null) && (
            <Button size="s" onPress={() => setAsked(true)}>
              <FormattedMessage id="settings.games.forget" />
            </Button>
          )}
        </div>
      </div>
      {l.lastSyncAt !== null && <Games of={l} />}
      <Confirm
        open={asked}
        onClose={() => setAsked(false)}
        title={intl.formatMessage({ id: "settings.games.forget" })}
        action={intl.formatMessage({ id: "settings.games.forget" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={forget.pending}
        onConfirm={() => forget.start()}
      >
        <p>
          <FormattedMessage id="settings.games.forget.text" />
        </p>
        <ActionError error={forget.error} />
      </Confirm>
    </section>
  );
}

function Games({ of: l }: { of: AccountLink }) {
  const { data } = useQuery(accountQuery(l));
  if (!data) return null;
  return (
    <ul className="rows">
      {data.games.slice(0, 10).map((g) => (
        <li key={g.appId} className="row">
          <span className="grow">
            <bdi className="strong">{g.name}</bdi>
            <span className="small muted line dots">
              <span>
                <FormattedMessage id="settings.games.hours" values={{ hours: Math.round(g.playedMinutes / 60) }} />
              </span>
              {g.achievements > 0 && (
                <span>
                  <FormattedMessage id="settings.games.achieved" values={{ achieved: g.achieved, all: g.achievements }} />
                </span>
              )}
            </span>
          </span>
          {g.lastPlayedAt !== null && (
            <span className="small muted">
              <Time at={g.lastPlayedAt} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
