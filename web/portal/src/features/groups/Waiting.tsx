import { useQuery } from "@tanstack/react-query";
import { ActionError } from "@updspace/kit/errors.tsx";
import { FlagOf, groupPath } from "@updspace/kit/groups.tsx";
import { PersonName } from "@updspace/kit/people.tsx";
import { Time, Until } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage } from "react-intl";
import { useAnswerInvite, useCancelRequest } from "./actions.ts";
import style from "./groups.module.css";
import { myInvitesQuery, myRequestsQuery } from "./queries.ts";

/** The caller's open invitations and requests; nothing when there are none. */
export function Waiting() {
  const { data: invites = [] } = useQuery(myInvitesQuery);
  const { data: requests = [] } = useQuery(myRequestsQuery);
  const answer = useAnswerInvite();
  const cancel = useCancelRequest();
  if (invites.length + requests.length === 0) return null;
  return (
    <section className="card" aria-labelledby="waiting">
      <div className="card-head">
        <h2 id="waiting">
          <FormattedMessage id="groups.mine.waiting" />
        </h2>
      </div>
      <ActionError error={answer.error ?? cancel.error} />
      <ul className="rows">
        {invites.map((i) => (
          <li key={i.id} className={`row ${style["waiting"]}`}>
            <FlagOf id={i.scope_id} kind={i.scope_type} />
            <div className="grow">
              <TextLink href={groupPath({ kind: i.scope_type, id: i.scope_id })} className="strong">
                <bdi>{i.scope_name}</bdi>
              </TextLink>
              <div className="small muted line dots">
                <span>
                  <FormattedMessage id="groups.invite.from" values={{ person: <PersonName id={i.invited_by} /> }} />
                </span>
                <span>
                  <Until at={i.expires_at} />
                </span>
              </div>
            </div>
            <div className="btns">
              <Button size="s" variant="soft" pending={answer.pending} onPress={() => answer.start({ id: i.id, accept: true })}>
                <FormattedMessage id="groups.invite.accept" />
                <span className="vh">: {i.scope_name}</span>
              </Button>
              <Button size="s" variant="quiet" disabled={answer.pending} onPress={() => answer.start({ id: i.id, accept: false })}>
                <FormattedMessage id="groups.invite.decline" />
                <span className="vh">: {i.scope_name}</span>
              </Button>
            </div>
          </li>
        ))}
        {requests.map((r) => (
          <li key={r.id} className={`row ${style["waiting"]}`}>
            <FlagOf id={r.scope_id} kind={r.scope_type} />
            <div className="grow">
              <TextLink href={groupPath({ kind: r.scope_type, id: r.scope_id })} className="strong">
                <bdi>{r.scope_name}</bdi>
              </TextLink>
              <div className="small muted">
                <FormattedMessage id="groups.request.sent" values={{ time: <Time at={r.created_at} /> }} />
              </div>
            </div>
            <Button size="s" variant="quiet" pending={cancel.pending} onPress={() => cancel.start({ group: r.scope_id, request: r.id })}>
              <FormattedMessage id="groups.request.cancel" />
              <span className="vh">: {r.scope_name}</span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
