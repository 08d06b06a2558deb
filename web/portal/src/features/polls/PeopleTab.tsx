import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState, type SyntheticEvent } from "react";
import { ok, voting } from "@updspace/kit/api.ts";
import { ActionError, ErrorPage } from "@updspace/kit/errors.tsx";
import { Person, usePersonName } from "@updspace/kit/people.tsx";
import { PeopleField } from "@updspace/kit/peopleField.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button, IconButton } from "@updspace/ui/Button";
import { cx } from "@updspace/ui/cx";
import { Select } from "@updspace/ui/Select";
import { Skeleton } from "@updspace/ui/Skeleton";
import { FormattedMessage, useIntl } from "react-intl";
import { AddGroup } from "./AddGroup.tsx";
import { participantsQuery, pollKeys } from "./queries.ts";
import type { Participant, Poll, PollMeta, Role } from "./types.ts";
import css from "./Manage.module.css";

const roles: readonly Role[] = ["participant", "observer", "moderator", "admin", "owner"];

/** Who does what in a poll. The creator stays its owner; only owners make owners. */
export function PeopleTab({ poll, role: mine }: { poll: Poll; role: PollMeta["role"] }) {
  const intl = useIntl();
  const people = useQuery(participantsQuery(poll.id));
  const [who, setWho] = useState<string>();
  const [role, setRole] = useState<Role>("participant");
  const [round, setRound] = useState(0); // a new field for the next person
  const put = useAction({
    run: (person: { user_id: string; role: Role }, headers) =>
      ok(
        voting.POST("/api/v1/voting/polls/{poll_id}/participants", {
          params: { path: { poll_id: poll.id } },
          body: { ...person, invite: true }, // a person who has a role already is not asked again
          headers,
        }),
      ),
    stale: pollKeys,
    onDone: () => {
      setWho(undefined);
      setRound(round + 1);
    },
  });
  const remove = useAction({
    run: (user_id: string, headers) =>
      ok(
        voting.DELETE("/api/v1/voting/polls/{poll_id}/participants/{user_id}", {
          params: { path: { poll_id: poll.id, user_id } },
          headers,
        }),
      ),
    stale: pollKeys,
  });
  const choices = roles
    .filter((r) => r !== "owner" || mine === "owner")
    .map((r) => ({ id: r, name: intl.formatMessage({ id: `polls.role.${r}` }), help: intl.formatMessage({ id: `polls.role.${r}.help` }) }));
  if (people.isPending) return <Skeleton label={intl.formatMessage({ id: "loading" })} />;
  if (people.isError) return <ErrorPage error={people.error} retry={() => void people.refetch()} />;
  const group = poll.scope_type === "COMMUNITY" || poll.scope_type === "TEAM" ? { kind: poll.scope_type, id: poll.scope_id } : undefined;
  const submit = (e: SyntheticEvent) => {
    e.preventDefault();
    if (who !== undefined) put.start({ user_id: who, role });
  };
  return (
    <div className="vstack">
      <p className="muted">
        <FormattedMessage id={poll.visibility === "private" ? "polls.people.private" : "polls.people.open"} />
      </p>
      <div className="with-side">
        <ul className="card rows">
          {people.data.map((p) => (
            <Row
              key={p.user_id}
              person={p}
              fixed={p.user_id === poll.created_by || (p.role === "owner" && mine !== "owner")}
              choices={choices}
              onRole={(r) => put.start({ user_id: p.user_id, role: r })}
              onRemove={() => remove.start(p.user_id)}
            />
          ))}
        </ul>
        <div className={css["side"]}>
          <form className="card form" onSubmit={submit} aria-labelledby="add-person">
            <h2 id="add-person">
              <FormattedMessage id="polls.people.person" />
            </h2>
            <PeopleField
              key={round}
              label={intl.formatMessage({ id: "polls.people.who" })}
              {...(group && { within: group })}
              except={people.data.map((p) => p.user_id)}
              onPick={setWho}
            />
            <Select label={intl.formatMessage({ id: "polls.people.role" })} value={role} onChange={setRole} choices={choices} />
            <ActionError error={put.error ?? remove.error} />
            <div className="btns">
              <Button type="submit" variant="primary" pending={put.pending} disabled={who === undefined}>
                <FormattedMessage id="polls.people.add" />
              </Button>
            </div>
          </form>
          <AddGroup poll={poll} people={people.data} roles={choices} />
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  person: Participant;
  /** The role cannot be changed by me. */
  fixed: boolean;
  choices: readonly { id: Role; name: string; help: string }[];
  onRole: (role: Role) => void;
  onRemove: () => void;
}

function Row({ person, fixed, choices, onRole, onRemove }: RowProps) {
  const intl = useIntl();
  const name = usePersonName(person.user_id);
  return (
    <li className={`row ${css["person"]}`}>
      <div className="grow">
        <Person id={person.user_id} />
      </div>
      {person.status !== "accepted" && (
        <span className={cx("state", person.status === "declined" ? "warn" : "quiet")}>
          {intl.formatMessage({ id: `polls.people.${person.status}` })}
        </span>
      )}
      {fixed ? (
        <span className="tag">{intl.formatMessage({ id: `polls.role.${person.role}` })}</span>
      ) : (
        <>
          <Select
            label={intl.formatMessage({ id: "polls.people.roleOf" }, { name })}
            hideLabel
            value={person.role}
            onChange={onRole}
            choices={choices}
          />
          <IconButton label={intl.formatMessage({ id: "polls.people.remove" }, { name })} onPress={onRemove}>
            <X className="i s" aria-hidden="true" />
          </IconButton>
        </>
      )}
    </li>
  );
}
