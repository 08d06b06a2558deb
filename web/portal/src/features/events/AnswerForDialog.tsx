import { events, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { PeopleField } from "@updspace/kit/peopleField.tsx";
import { Person } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Dialog } from "@updspace/ui/Dialog";
import { NumberField } from "@updspace/ui/NumberField";
import { RadioCards } from "@updspace/ui/RadioCards";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { answers, eventKeys, longestComment, type Answer, type EventDate, type RsvpSet } from "./queries.ts";

interface AnswerForDialogProps {
  event: EventDate;
  /** The answer that is changed; without one a member is chosen. */
  before: Answer | undefined;
  onClose: () => void;
}

/** An organiser answers for a member, as who said so by word of mouth. */
export function AnswerForDialog({ event, before, onClose }: AnswerForDialogProps) {
  const intl = useIntl();
  const [user, setUser] = useState(before?.userId);
  const [missing, setMissing] = useState(false);
  const [status, setStatus] = useState<RsvpSet["status"]>(before?.status ?? "going");
  const [plusOnes, setPlusOnes] = useState(before?.plusOnes ?? 0);
  const [comment, setComment] = useState(before?.comment ?? "");
  const answer = useAction({
    run: (userId: string, headers) =>
      ok(
        events.POST("/api/v1/events/{event_id}/rsvp", {
          params: { path: { event_id: event.id } },
          body: {
            userId,
            status,
            occurrenceId: event.occurrenceId,
            ...(status === "going" && plusOnes > 0 && { plusOnes }),
            ...(comment.trim() !== "" && { comment: comment.trim() }),
          },
          headers,
        }),
      ),
    stale: eventKeys,
    done: intl.formatMessage({ id: "calendar.answerFor.done" }),
    onDone: onClose,
  });
  const choices: RsvpSet["status"][] = [...answers, ...(before ? ["withdrawn" as const] : [])];
  return (
    <Dialog
      open
      onClose={onClose}
      title={intl.formatMessage({ id: "calendar.answerFor" })}
      closeLabel={intl.formatMessage({ id: "action.cancel" })}
    >
      <form
        className="vstack"
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          setMissing(user === undefined);
          if (user !== undefined) answer.start(user);
        }}
      >
        <ActionError error={answer.error} />
        {before ? (
          <Person id={before.userId} />
        ) : (
          <PeopleField
            label={intl.formatMessage({ id: "calendar.answerFor.who" })}
            {...(event.scopeType !== "TENANT" && { within: { kind: event.scopeType, id: event.scopeId } })}
            error={missing ? intl.formatMessage({ id: "calendar.answerFor.choose" }) : undefined}
            onPick={(id) => {
              setUser(id);
              setMissing(false);
            }}
          />
        )}
        <RadioCards
          legend={intl.formatMessage({ id: "calendar.answerFor.answer" })}
          value={status}
          onChange={setStatus}
          columns
          choices={choices.map((id) => ({
            id,
            name: intl.formatMessage({ id: `calendar.answerFor.${id}` }),
          }))}
        />
        {event.plusOnes > 0 && status === "going" && (
          <NumberField
            label={intl.formatMessage({ id: "calendar.answerFor.plusOnes" })}
            value={plusOnes}
            min={0}
            max={event.plusOnes}
            onChange={setPlusOnes}
          />
        )}
        {status !== "withdrawn" && (
          <TextField
            label={intl.formatMessage({ id: "calendar.answer.comment" })}
            value={comment}
            onChange={setComment}
            maxLength={longestComment}
            autoComplete="off"
          />
        )}
        <div className="btns right">
          <Button onPress={onClose}>
            <FormattedMessage id="action.cancel" />
          </Button>
          <Button type="submit" variant="primary" pending={answer.pending}>
            <FormattedMessage id="action.save" />
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
