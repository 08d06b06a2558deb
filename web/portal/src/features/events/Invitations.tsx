import { useQuery } from "@tanstack/react-query";
import { Mail, RotateCcw, X } from "lucide-react";
import { events, ok } from "@updspace/kit/api.ts";
import { ActionError, fieldErrors } from "@updspace/kit/errors.tsx";
import { myGroupsQuery } from "@updspace/kit/groups.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { PeopleField } from "@updspace/kit/peopleField.tsx";
import { Person, usePersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button, IconButton } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { Select } from "@updspace/ui/Select";
import { TextArea } from "@updspace/ui/TextArea";
import { useState, type ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./events.module.css";
import { addressesOf } from "./addresses.ts";
import { eventKeys, invitationPages, type EventDate, type Invitation, type InvitationsCreate } from "./queries.ts";

type Whom = "person" | "group" | "addresses";

/** For organisers: invites people, and shows who is invited and what they answered. */
export function Invitations({ event }: { event: EventDate }) {
  const query = usePages(invitationPages(event.id));
  const intl = useIntl();
  return (
    <section className="card" aria-labelledby="invitations">
      <div className="card-head">
        <h2 id="invitations">
          <FormattedMessage id="calendar.invited" />
        </h2>
      </div>
      {event.status !== "cancelled" && <Invite event={event} />}
      <PagedList query={query} empty={<EmptyState shape="people" title={intl.formatMessage({ id: "calendar.invited.none" })} />}>
        {(items) => (
          <ul className={css["guests"]}>
            {items.map((i) => (
              <li key={i.id}>
                <Invited event={event} invitation={i} />
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </section>
  );
}

function Invite({ event }: { event: EventDate }) {
  const intl = useIntl();
  const [round, setRound] = useState(0); // a new field after each invitation
  const [whom, setWhom] = useState<Whom>("person");
  const [user, setUser] = useState<string>();
  const [group, setGroup] = useState<string>();
  const [text, setText] = useState("");
  const [missing, setMissing] = useState(false);
  const groups = useQuery(myGroupsQuery).data?.filter((g) => g.status === "active") ?? [];
  const invite = useAction({
    run: (body: InvitationsCreate, headers) =>
      ok(events.POST("/api/v1/events/{event_id}/invitations", { params: { path: { event_id: event.id } }, body, headers })),
    stale: eventKeys,
    done: ({ invited }) => intl.formatMessage({ id: "calendar.invited.done" }, { n: invited }),
    onDone: () => {
      setRound(round + 1);
      setUser(undefined);
      setText("");
    },
  });
  const chosen = groups.find((g) => g.id === group) ?? groups[0];
  const body = (): InvitationsCreate | undefined => {
    if (whom === "person") return user === undefined ? undefined : { userIds: [user] };
    if (whom === "group") return chosen && { groups: [{ scopeType: chosen.kind, scopeId: chosen.id }] };
    const addresses = addressesOf(text);
    return addresses.length === 0 ? undefined : { addresses };
  };
  const refused = fieldErrors(intl, invite.error);
  const error = (own: string) => (missing ? intl.formatMessage({ id: "calendar.invite.choose" }) : refused[own]);
  return (
    <form
      className="pad vstack"
      onSubmit={(e) => {
        e.preventDefault();
        const input = body();
        setMissing(input === undefined);
        if (input) invite.start(input);
      }}
    >
      <Select
        label={intl.formatMessage({ id: "calendar.invite.whom" })}
        value={whom}
        onChange={(to) => {
          setWhom(to);
          setMissing(false);
        }}
        choices={(["person", "group", "addresses"] as const)
          .filter((id) => id !== "group" || groups.length > 0)
          .map((id) => ({ id, name: intl.formatMessage({ id: `calendar.invite.${id}` }) }))}
      />
      {whom === "person" && (
        <PeopleField
          key={round}
          label={intl.formatMessage({ id: "calendar.invite.person.field" })}
          error={error("userIds")}
          onPick={setUser}
        />
      )}
      {whom === "group" && (
        <Select
          label={intl.formatMessage({ id: "calendar.invite.group.field" })}
          error={error("groups")}
          value={chosen?.id ?? ""}
          onChange={setGroup}
          choices={groups.map((g) => ({ id: g.id, name: g.name }))}
        />
      )}
      {whom === "addresses" && (
        <TextArea
          label={intl.formatMessage({ id: "calendar.invite.addresses.field" })}
          help={intl.formatMessage({ id: "calendar.invite.addresses.help" })}
          error={error("addresses")}
          value={text}
          onChange={setText}
          rows={3}
        />
      )}
      <ActionError error={invite.error} />
      <div className="btns">
        <Button type="submit" pending={invite.pending}>
          <Mail className="i s" aria-hidden="true" />
          <FormattedMessage id="calendar.invite" />
        </Button>
      </div>
    </form>
  );
}

interface InvitedProps {
  event: EventDate;
  invitation: Invitation;
}

function Invited({ event, invitation }: InvitedProps) {
  const intl = useIntl();
  if (invitation.userId !== null) return <InvitedMember event={event} invitation={invitation} user={invitation.userId} />;
  const name = invitation.address ?? intl.formatMessage({ id: "calendar.guest" });
  return (
    <InvitedPerson event={event} invitation={invitation} name={name}>
      <div className="who">
        <bdi className="strong">{name}</bdi>
        <div className="small muted">
          <InvitationState invitation={invitation} />
        </div>
      </div>
    </InvitedPerson>
  );
}

function InvitedMember({ event, invitation, user }: InvitedProps & { user: string }) {
  return (
    <InvitedPerson event={event} invitation={invitation} name={usePersonName(user)}>
      <Person id={user}>
        <InvitationState invitation={invitation} />
      </Person>
    </InvitedPerson>
  );
}

function InvitedPerson({ event, invitation, name, children }: InvitedProps & { name: string; children: ReactNode }) {
  const intl = useIntl();
  const path = { event_id: event.id, invitation_id: invitation.id };
  const resend = useAction({
    run: (_: void, headers) =>
      ok(events.POST("/api/v1/events/{event_id}/invitations/{invitation_id}/resend", { params: { path }, headers })),
    stale: eventKeys,
    done: intl.formatMessage({ id: "calendar.invited.resent" }),
  });
  const withdraw = useAction({
    run: (_: void, headers) => ok(events.DELETE("/api/v1/events/{event_id}/invitations/{invitation_id}", { params: { path }, headers })),
    stale: eventKeys,
    done: intl.formatMessage({ id: "calendar.invited.withdrawn.done" }),
  });
  return (
    <>
      <div className="grow">
        {children}
        <ActionError error={resend.error ?? withdraw.error} />
      </div>
      {!invitation.withdrawn && (
        <>
          {event.status === "scheduled" && (
            <IconButton label={intl.formatMessage({ id: "calendar.invited.resend" }, { name })} onPress={() => resend.start()}>
              <RotateCcw className="i s" aria-hidden="true" />
            </IconButton>
          )}
          <IconButton label={intl.formatMessage({ id: "calendar.invited.withdraw" }, { name })} onPress={() => withdraw.start()}>
            <X className="i s" aria-hidden="true" />
          </IconButton>
        </>
      )}
    </>
  );
}

/** What became of an invitation: the answer, else where its mail is. */
function InvitationState({ invitation: { withdrawn, reply, failure, delivery } }: { invitation: Invitation }) {
  if (withdrawn) return <FormattedMessage id="calendar.invited.withdrawn" />;
  if (reply !== null && reply.status !== "withdrawn") {
    return <FormattedMessage id={reply.waiting ? "calendar.guests.waiting" : `calendar.guests.${reply.status}`} />;
  }
  return <FormattedMessage id={failure === null ? `calendar.invited.mail.${delivery}` : `calendar.invited.failure.${failure}`} />;
}
