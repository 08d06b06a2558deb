import { ok, portal } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import type { Group } from "@updspace/kit/groups.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { PeopleField } from "@updspace/kit/peopleField.tsx";
import { Person, PersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Until } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Select } from "@updspace/ui/Select";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import type { Rights } from "../../rights.ts";
import style from "./groups.module.css";
import { InviteLinks } from "./InviteLinks.tsx";
import { groupStale, invitePages, type Invite } from "./queries.ts";

/** Invites members of the tenant by name, and anybody by a link. */
export function Invitations({ group, rights }: { group: Group; rights: Rights }) {
  return (
    <>
      <InvitePerson group={group} rights={rights} />
      <InviteLinks group={group} />
    </>
  );
}

function InvitePerson({ group, rights }: { group: Group; rights: Rights }) {
  const intl = useIntl();
  const [round, setRound] = useState(0); // a new field after each invitation
  const [user, setUser] = useState<string>();
  const [role, setRole] = useState<Invite["role"]>("member");
  const [missing, setMissing] = useState(false);
  const query = usePages(invitePages(group.id));
  const invite = useAction({
    run: (input: { user_id: string; role: Invite["role"] }, headers) =>
      ok(portal.POST("/api/v1/portal/groups/{group_id}/invites", { params: { path: { group_id: group.id } }, body: input, headers })),
    stale: groupStale,
    done: intl.formatMessage({ id: "groups.invited" }),
    onDone: () => {
      setRound(round + 1);
      setUser(undefined);
    },
  });
  return (
    <section className="card" aria-labelledby="invite-person">
      <div className="card-head">
        <h2 id="invite-person">
          <FormattedMessage id="groups.invite.person" />
        </h2>
      </div>
      <form
        className={`pad ${style["invite"]}`}
        onSubmit={(e) => {
          e.preventDefault();
          setMissing(user === undefined);
          if (user !== undefined) invite.start({ user_id: user, role });
        }}
      >
        <PeopleField
          key={round}
          label={intl.formatMessage({ id: "groups.invite.who" })}
          error={missing ? intl.formatMessage({ id: "groups.invite.choose" }) : fieldErrors(intl, invite.error)["user_id"]}
          {...(group.kind === "TEAM" && { within: { kind: "COMMUNITY" as const, id: group.community_id } })}
          except={group.faces.map((f) => f.user_id)}
          onPick={(id) => {
            setUser(id);
            setMissing(false);
          }}
        />
        {rights.members && (
          <Select
            label={intl.formatMessage({ id: "groups.invite.as" })}
            value={role}
            onChange={setRole}
            choices={[
              { id: "member", name: intl.formatMessage({ id: "groups.role.member" }) },
              { id: "moderator", name: intl.formatMessage({ id: "groups.role.moderator" }) },
            ]}
          />
        )}
        <Button type="submit" variant="primary" pending={invite.pending}>
          <FormattedMessage id="groups.invite.send" />
        </Button>
        <div className={style["wide"]}>
          <ActionError error={invite.error} />
        </div>
      </form>
      <PagedList query={query} empty={null}>
        {(invites) => (
          <ul className="rows">
            {invites.map((i) => (
              <Pending key={i.id} group={group} invite={i} />
            ))}
          </ul>
        )}
      </PagedList>
    </section>
  );
}

function Pending({ group, invite }: { group: Group; invite: Invite }) {
  const intl = useIntl();
  const revoke = useAction({
    run: (_: void, headers) =>
      ok(
        portal.DELETE("/api/v1/portal/groups/{group_id}/invites/{invite_id}", {
          params: { path: { group_id: group.id, invite_id: invite.id } },
          headers,
        }),
      ),
    stale: groupStale,
    done: intl.formatMessage({ id: "groups.invite.revoked" }),
  });
  return (
    <li className="row">
      <div className="grow">
        <Person id={invite.user_id}>
          <span className="line dots">
            <span>
              <FormattedMessage id={`groups.role.${invite.role}`} />
            </span>
            <span>
              <FormattedMessage id="groups.invite.from" values={{ person: <PersonName id={invite.invited_by} /> }} />
            </span>
            <span>
              <Until at={invite.expires_at} />
            </span>
          </span>
        </Person>
        <ActionError error={revoke.error} />
      </div>
      <Button size="s" variant="quiet" pending={revoke.pending} onPress={() => revoke.start()}>
        <FormattedMessage id="groups.invite.revoke" />
      </Button>
    </li>
  );
}
