import { useQuery } from "@tanstack/react-query";
import { activity, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { Skeleton } from "@updspace/ui/Skeleton";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { may, useSession } from "../../session.ts";
import { PairName } from "./PairName.tsx";
import { PairRoles } from "./PairRoles.tsx";
import { PlaceName } from "./places.tsx";
import { Refused } from "./Refused.tsx";
import { RoleServer } from "./RoleServer.tsx";
import { roleSyncKey, roleSyncQuery, type Mapping, type RoleSync } from "./roleSync.ts";
import { SyncedPeople } from "./SyncedPeople.tsx";
import { managesSources } from "./webhooks.ts";

/** How roles follow those of a server of Discord. */
export function RoleSyncPage({ id }: { id: number }) {
  const intl = useIntl();
  const allowed = may(useSession(), managesSources);
  const { data: sync, error, refetch } = useQuery({ ...roleSyncQuery(id), enabled: allowed });
  if (!allowed) return <Refused permission={managesSources} />;
  if (error) return <Refused permission={managesSources} error={error} retry={() => void refetch()} />;
  return (
    <>
      <PageHead
        title={intl.formatMessage({ id: "manage.rolesync" })}
        sub={intl.formatMessage({ id: "manage.rolesync.sub" })}
        back={{ href: "/manage/sources", name: intl.formatMessage({ id: "manage.sources" }) }}
      />
      {sync === undefined ? (
        <Skeleton label={intl.formatMessage({ id: "loading" })} rows={2} />
      ) : (
        <>
          <RoleServer key={sync?.updated_at} id={id} sync={sync} />
          {sync && <Pairs sync={sync} />}
          {sync && <SyncedPeople sync={sync} />}
        </>
      )}
    </>
  );
}

function Pairs({ sync }: { sync: RoleSync }) {
  const intl = useIntl();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Mapping>();
  const remove = useAction({
    run: (mapping_id: number, headers) =>
      ok(
        activity.DELETE("/api/v1/activity/admin/sources/{source_id}/role-sync/mappings/{mapping_id}", {
          params: { path: { source_id: sync.source_id, mapping_id } },
          headers,
        }),
      ),
    stale: [[roleSyncKey]],
    done: intl.formatMessage({ id: "manage.rolesync.removed" }),
    onDone: () => setRemoving(undefined),
  });
  return (
    <section className="card" aria-labelledby="pairs">
      <div className="card-head">
        <h2 id="pairs">
          <FormattedMessage id="manage.rolesync.pairs" />
        </h2>
        <Button size="s" onPress={() => setAdding(true)}>
          <FormattedMessage id="manage.rolesync.pair" />
        </Button>
      </div>
      {sync.mappings.length === 0 ? (
        <EmptyState shape="people" title={intl.formatMessage({ id: "manage.rolesync.none" })}>
          <FormattedMessage id="manage.rolesync.none.text" />
        </EmptyState>
      ) : (
        <ul className="rows">
          {sync.mappings.map((m) => (
            <li key={m.id} className="row">
              <div className="grow">
                <span className="strong">
                  <PairName of={m} />
                </span>
                <div className="small muted line dots">
                  <span>
                    <FormattedMessage id={`manage.rolesync.direction.${m.direction}`} />
                  </span>
                  <span>
                    <PlaceName scope={{ type: m.scope_type, id: m.scope_id }} />
                  </span>
                </div>
              </div>
              <Button size="s" variant="danger" onPress={() => setRemoving(m)}>
                <FormattedMessage id="manage.rolesync.remove" />
                <span className="vh">
                  {" "}
                  <PairName of={m} />
                </span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      {sync.leaving && (
        <p className="pad small muted">
          <FormattedMessage id="manage.rolesync.leaving" />
        </p>
      )}
      {adding && <PairRoles id={sync.source_id} onClose={() => setAdding(false)} />}
      <Confirm
        open={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={intl.formatMessage({ id: "manage.rolesync.remove.title" })}
        action={intl.formatMessage({ id: "manage.rolesync.remove" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        danger
        pending={remove.pending}
        onConfirm={() => removing && remove.start(removing.id)}
      >
        <p>
          <FormattedMessage id="manage.rolesync.remove.text" />
        </p>
        <ActionError error={remove.error} />
      </Confirm>
    </section>
  );
}
