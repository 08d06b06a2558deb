import { queryOptions, useQuery } from "@tanstack/react-query";
import { Ban } from "lucide-react";
import type { gamification as api } from "@updspace/api";
import { gamification, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button, IconButton } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { TextArea } from "@updspace/ui/TextArea";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import { Refused } from "./Refused.tsx";

type Key = api.components["schemas"]["BadgeKey"];

const permission = "gamification.badges.manage";
const longestReason = 1000;

const keysQuery = queryOptions({
  queryKey: ["/api/v1/gamification/badges/keys"],
  queryFn: async ({ signal }) => (await ok(gamification.GET("/api/v1/gamification/badges/keys", { signal }))).items,
});

/** The keys that the badges of the space are signed with: a new one, and the withdrawal of one that was stolen. */
export function BadgeKeysPage() {
  const intl = useIntl();
  const allowed = may(useSession(), permission);
  const { data: keys, error, refetch } = useQuery({ ...keysQuery, enabled: allowed });
  const [rotating, setRotating] = useState(false);
  const [stolen, setStolen] = useState<Key>();
  if (!allowed) return <Refused permission={permission} />;
  if (error) return <Refused permission={permission} error={error} retry={() => void refetch()} />;
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "manage.badgeKeys" })}
        sub={intl.formatMessage({ id: "manage.badgeKeys.sub" })}
        back={{ href: "/manage", name: intl.formatMessage({ id: "nav.manage" }) }}
      />
      <section className="card" aria-labelledby="keys">
        <div className="card-head">
          <h2 id="keys">
            <FormattedMessage id="manage.badgeKeys.keys" />
          </h2>
          {keys && (
            <Button onPress={() => setRotating(true)}>
              <FormattedMessage id="manage.badgeKeys.rotate" />
            </Button>
          )}
        </div>
        {!keys ? (
          <Skeleton label={intl.formatMessage({ id: "loading" })} rows={2} />
        ) : keys.length === 0 ? (
          <EmptyState shape="patch" title={intl.formatMessage({ id: "manage.badgeKeys.none" })}>
            <FormattedMessage id="manage.badgeKeys.none.text" />
          </EmptyState>
        ) : (
          <ul className="rows">
            {keys.map((k) => (
              <KeyRow key={k.id} of={k} onWithdraw={() => setStolen(k)} />
            ))}
          </ul>
        )}
      </section>
      {rotating && <Rotate onClose={() => setRotating(false)} />}
      {stolen && <Withdraw of={stolen} onClose={() => setStolen(undefined)} />}
    </>
  );
}

function KeyRow({ of: k, onWithdraw }: { of: Key; onWithdraw: () => void }) {
  const intl = useIntl();
  return (
    <li className="row">
      <div className="grow">
        <code>{k.id}</code>
        <div className="small muted line dots">
          <span>
            <FormattedMessage id={`manage.badgeKeys.${k.state}`} />
          </span>
          <span>
            <FormattedMessage id="manage.badgeKeys.since" values={{ at: <Time at={k.created_at} /> }} />
          </span>
          {k.withdrawn_at !== null && (
            <span>
              <FormattedMessage id="manage.badgeKeys.withdrawnAt" values={{ at: <Time at={k.withdrawn_at} /> }} />
            </span>
          )}
        </div>
      </div>
      {k.state !== "withdrawn" && (
        <IconButton label={intl.formatMessage({ id: "manage.badgeKeys.withdraw.of" }, { key: k.id })} onPress={onWithdraw}>
          <Ban className="i" aria-hidden="true" />
        </IconButton>
      )}
    </li>
  );
}

function Rotate({ onClose }: { onClose: () => void }) {
  const intl = useIntl();
  const rotate = useAction({
    run: (_: void, headers) => ok(gamification.POST("/api/v1/gamification/badges/keys", { headers })),
    stale: [keysQuery.queryKey],
    done: intl.formatMessage({ id: "manage.badgeKeys.rotated" }),
    onDone: onClose,
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.badgeKeys.rotate.title" })}
      action={intl.formatMessage({ id: "manage.badgeKeys.rotate" })}
      cancel={intl.formatMessage({ id: "action.cancel" })}
      pending={rotate.pending}
      onConfirm={() => rotate.start()}
    >
      <p>
        <FormattedMessage id="manage.badgeKeys.rotate.text" />
      </p>
      <ActionError error={rotate.error} />
    </Confirm>
  );
}

function Withdraw({ of: k, onClose }: { of: Key; onClose: () => void }) {
  const intl = useIntl();
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const withdraw = useAction({
    run: (said: string, headers) =>
      ok(
        gamification.POST("/api/v1/gamification/badges/keys/{key_id}/withdraw", {
          params: { path: { key_id: k.id } },
          body: { reason: said },
          headers,
        }),
      ),
    stale: [keysQuery.queryKey],
    done: intl.formatMessage({ id: "manage.badgeKeys.withdrawnNow" }),
    onDone: onClose,
  });
  return (
    <Confirm
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "manage.badgeKeys.withdraw.title" })}
      action={intl.formatMessage({ id: "manage.badgeKeys.withdraw" })}
      cancel={intl.formatMessage({ id: "action.cancel" })}
      danger
      pending={withdraw.pending}
      onConfirm={() => (reason.trim() === "" ? setMissing(true) : withdraw.start(reason.trim()))}
    >
      <p>
        <FormattedMessage id="manage.badgeKeys.withdraw.text" />
      </p>
      <TextArea
        label={intl.formatMessage({ id: "manage.badgeKeys.reason" })}
        help={intl.formatMessage({ id: "manage.badgeKeys.reason.help" })}
        {...(missing && reason.trim() === "" && { error: intl.formatMessage({ id: "field.REQUIRED" }) })}
        value={reason}
        onChange={setReason}
        maxLength={longestReason}
        rows={2}
      />
      <ActionError error={withdraw.error} />
    </Confirm>
  );
}
