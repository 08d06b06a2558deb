// Whose accounts at Discord are linked, and how it goes for them.
import { useQuery } from "@tanstack/react-query";
import { Person } from "@updspace/kit/people.tsx";
import { Time } from "@updspace/kit/time.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { Skeleton } from "@updspace/ui/Skeleton";
import { FormattedMessage, useIntl } from "react-intl";
import { PairName } from "./PairName.tsx";
import { syncedPeopleQuery, type RoleSync, type SyncedPerson } from "./roleSync.ts";

const lookAgain = 5_000; // milliseconds: a dry run goes on while one looks

export function SyncedPeople({ sync }: { sync: RoleSync }) {
  const intl = useIntl();
  const { data } = useQuery({ ...syncedPeopleQuery(sync.source_id), refetchInterval: lookAgain });
  return (
    <section className="card" aria-labelledby="synced">
      <div className="card-head">
        <h2 id="synced">
          <FormattedMessage id="manage.rolesync.people" />
        </h2>
        {data && data.all > data.items.length && (
          <span className="small muted">
            <FormattedMessage id="manage.rolesync.more" values={{ shown: data.items.length, all: data.all }} />
          </span>
        )}
      </div>
      {!data ? (
        <Skeleton label={intl.formatMessage({ id: "loading" })} rows={2} />
      ) : data.items.length === 0 ? (
        <EmptyState shape="people" title={intl.formatMessage({ id: "manage.rolesync.nobody" })}>
          <FormattedMessage id="manage.rolesync.nobody.text" />
        </EmptyState>
      ) : (
        <ul className="rows">
          {data.items.map((p) => (
            <li key={`${p.user_id} ${p.linked} ${p.next_at}`} className="row">
              <div className="grow">
                <Person id={p.user_id} size="m">
                  <State of={p} sync={sync} />
                </Person>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function State({ of: p, sync }: { of: SyncedPerson; sync: RoleSync }) {
  const pair = (id: number) => sync.mappings.find((m) => m.id === id);
  return (
    <span className="line dots">
      {!p.linked && (
        <span>
          <FormattedMessage id="manage.rolesync.unlinked" />
        </span>
      )}
      {p.last_at === null ? (
        <span>
          <FormattedMessage id="manage.rolesync.waits" />
        </span>
      ) : (
        <span>
          <FormattedMessage id={p.present ? "manage.rolesync.looked" : "manage.rolesync.absent"} values={{ at: <Time at={p.last_at} /> }} />
        </span>
      )}
      {p.actions.map((a) => {
        const of = pair(a.mapping_id);
        return (
          <span key={a.kind + String(a.mapping_id)}>
            <FormattedMessage
              id={sync.mode === "dry_run" ? `manage.rolesync.would.${a.kind}` : `manage.rolesync.did.${a.kind}`}
              values={{ pair: of ? <PairName of={of} /> : "" }}
            />
          </span>
        );
      })}
      {p.last_error !== null && (
        <span className="field-error">
          <FormattedMessage id="manage.sources.error" values={{ error: p.last_error }} />
        </span>
      )}
    </span>
  );
}
