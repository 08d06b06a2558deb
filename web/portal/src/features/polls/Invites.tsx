import { useQuery } from "@tanstack/react-query";
import { ok, voting } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { PersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Until } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { ClothStrip } from "@updspace/ui/Cover";
import { FormattedMessage, useIntl } from "react-intl";
import { boot } from "../../session.ts";
import { myInvitesQuery, pollKeys } from "./queries.ts";
import type { Invite } from "./types.ts";
import { vh } from "./words.tsx";
import css from "./PollsPage.module.css";

/** The polls to which I am invited and have not answered; nothing when there are none. */
export function Invites() {
  const { data: invites = [] } = useQuery(myInvitesQuery);
  if (invites.length === 0) return null;
  return (
    <section className="vstack" aria-labelledby="invites">
      <h2 id="invites">
        <FormattedMessage id="polls.invites" />
      </h2>
      <ul className="tiles">
        {invites.map((i) => (
          <InviteCard key={i.poll_id} invite={i} />
        ))}
      </ul>
    </section>
  );
}

function InviteCard({ invite: { poll_id, poll_title: title, role, invited_by, phase, ends_at } }: { invite: Invite }) {
  const intl = useIntl();
  const params = { path: { poll_id } };
  const accept = useAction({
    run: (_: void, headers) => ok(voting.POST("/api/v1/voting/me/invites/{poll_id}/accept", { params, headers })),
    stale: pollKeys,
    done: intl.formatMessage({ id: "polls.invite.accepted" }, { title }),
  });
  const decline = useAction({
    run: (_: void, headers) => ok(voting.POST("/api/v1/voting/me/invites/{poll_id}/decline", { params, headers })),
    stale: pollKeys,
    done: intl.formatMessage({ id: "polls.invite.declined" }, { title }),
  });
  return (
    <li className={`card ${css["todo"]}`}>
      <ClothStrip id={poll_id} colours={boot.tenant ?? undefined} />
      <div className="pad vstack">
        <div className="vstack s">
          <span className="line">
            <span className="tag">{intl.formatMessage({ id: `polls.role.${role}` })}</span>
            <span className="small muted">
              <FormattedMessage id="polls.invite.from" values={{ person: <PersonName id={invited_by} /> }} />
            </span>
          </span>
          <h3 className={css["title"]} dir="auto">
            {title}
          </h3>
          <span className="small muted line dots">
            <span>{intl.formatMessage({ id: `polls.role.${role}.help` })}</span>
            {phase === "open" && ends_at !== null && (
              <span>
                <Until at={ends_at} />
              </span>
            )}
          </span>
        </div>
        <ActionError error={accept.error ?? decline.error} />
        <div className="btns">
          <Button variant="soft" pending={accept.pending} disabled={decline.pending} onPress={() => accept.start()}>
            <FormattedMessage id="polls.invite.accept" values={{ title, vh }} />
          </Button>
          <Button variant="quiet" pending={decline.pending} disabled={accept.pending} onPress={() => decline.start()}>
            <FormattedMessage id="polls.invite.decline" values={{ title, vh }} />
          </Button>
        </div>
      </div>
    </li>
  );
}
