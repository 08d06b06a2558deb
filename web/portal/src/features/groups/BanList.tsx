import { ok, portal } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import type { Group } from "@updspace/kit/groups.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { PeopleField } from "@updspace/kit/peopleField.tsx";
import { Person, PersonName, usePersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time, useNow } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { BanDialog } from "./BanDialog.tsx";
import style from "./groups.module.css";
import { banPages, groupStale, type Ban } from "./queries.ts";

/** Those who are kept out, why and until when. */
export function BanList({ group }: { group: Group }) {
  const intl = useIntl();
  const query = usePages(banPages(group.id));
  const [user, setUser] = useState<string>();
  const [round, setRound] = useState(0);
  return (
    <>
      <div className={`card pad ${style["invite"]}`}>
        <PeopleField
          key={round}
          label={intl.formatMessage({ id: "groups.ban.who" })}
          help={intl.formatMessage({ id: "groups.ban.who.help" })}
          onPick={setUser}
        />
      </div>
      <PagedList
        query={query}
        empty={
          <div className="card">
            <EmptyState shape="people" title={intl.formatMessage({ id: "groups.bans.none" })}>
              {intl.formatMessage({ id: "groups.bans.none.text" })}
            </EmptyState>
          </div>
        }
      >
        {(bans) => (
          <ul className="card rows">
            {bans.map((b) => (
              <BanRow key={b.user_id} group={group} ban={b} />
            ))}
          </ul>
        )}
      </PagedList>
      {user !== undefined && (
        <BanDialog
          group={group}
          user={user}
          onClose={() => {
            setUser(undefined);
            setRound(round + 1);
          }}
        />
      )}
    </>
  );
}

function BanRow({ group, ban }: { group: Group; ban: Ban }) {
  const intl = useIntl();
  const name = usePersonName(ban.user_id);
  const now = useNow();
  const over = ban.until !== null && Date.parse(ban.until) < now;
  const lift = useAction({
    run: (_: void, headers) =>
      ok(
        portal.DELETE("/api/v1/portal/groups/{group_id}/bans/{user_id}", {
          params: { path: { group_id: group.id, user_id: ban.user_id } },
          headers,
        }),
      ),
    stale: groupStale,
    done: intl.formatMessage({ id: "groups.ban.lifted" }, { name }),
  });
  return (
    <li className="row">
      <div className="grow">
        <Person id={ban.user_id}>
          <span className="line dots">
            <span>
              {ban.until === null ? (
                <FormattedMessage id="groups.ban.ever" />
              ) : (
                <FormattedMessage id={over ? "groups.ban.over" : "groups.ban.until"} values={{ time: <Time at={ban.until} exact /> }} />
              )}
            </span>
            <span>
              <FormattedMessage
                id="groups.ban.by"
                values={{ person: <PersonName id={ban.created_by} />, time: <Time at={ban.created_at} /> }}
              />
            </span>
          </span>
        </Person>
        {ban.reason !== "" && (
          <p className={style["quote"]} dir="auto">
            {ban.reason}
          </p>
        )}
        <ActionError error={lift.error} />
      </div>
      <Button size="s" pending={lift.pending} onPress={() => lift.start()}>
        <FormattedMessage id="groups.ban.lift" />
        <span className="vh">: {name}</span>
      </Button>
    </li>
  );
}
