import { ok, portal } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import type { Group } from "@updspace/kit/groups.tsx";
import { PeopleField } from "@updspace/kit/peopleField.tsx";
import { usePersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Confirm } from "@updspace/ui/Confirm";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useSession } from "../../session.ts";
import style from "./groups.module.css";
import { groupStale } from "./queries.ts";

/** Hands a group over to another member. */
export function TransferCard({ group }: { group: Group }) {
  const intl = useIntl();
  const session = useSession();
  const [user, setUser] = useState<string>();
  const [asking, setAsking] = useState(false);
  const [round, setRound] = useState(0);
  const name = usePersonName(user ?? session.user.id);
  const transfer = useAction({
    run: (to: string, headers) =>
      ok(
        portal.POST("/api/v1/portal/groups/{group_id}/transfer", {
          params: { path: { group_id: group.id } },
          body: { user_id: to },
          headers,
        }),
      ),
    stale: groupStale,
    done: intl.formatMessage({ id: "groups.transferred" }, { name }),
    onDone: () => {
      setAsking(false);
      setUser(undefined);
      setRound(round + 1);
    },
  });
  return (
    <section className="card pad-l vstack" aria-labelledby="transfer">
      <h2 id="transfer">
        <FormattedMessage id="groups.transfer" />
      </h2>
      <p className="muted">
        <FormattedMessage id="groups.transfer.text" />
      </p>
      <div className={style["invite"]}>
        <PeopleField
          key={round}
          label={intl.formatMessage({ id: "groups.transfer.to" })}
          within={{ kind: group.kind, id: group.id }}
          except={[session.user.id]}
          onPick={setUser}
        />
        <Button disabled={user === undefined} onPress={() => setAsking(true)}>
          <FormattedMessage id="groups.transfer.button" />
        </Button>
      </div>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={intl.formatMessage({ id: "groups.transfer.title" }, { name, group: group.name })}
        action={intl.formatMessage({ id: "groups.transfer.button" })}
        cancel={intl.formatMessage({ id: "action.cancel" })}
        pending={transfer.pending}
        onConfirm={() => user !== undefined && transfer.start(user)}
      >
        <FormattedMessage id={group.my_role === "owner" ? "groups.transfer.lose" : "groups.transfer.keep"} values={{ name }} />
        <ActionError error={transfer.error} />
      </Confirm>
    </section>
  );
}
