import { events, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { Checkbox } from "@updspace/ui/Checkbox";
import { Choice } from "@updspace/ui/Choice";
import { NumberField } from "@updspace/ui/NumberField";
import { TextField } from "@updspace/ui/TextField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./events.module.css";
import { Seats } from "./Seats.tsx";
import { answers, eventKeys, longestComment, repeats, type EventDate, type RsvpSet } from "./queries.ts";

/** My answer about a date, in one press, and how many seats are left. */
export function AnswerCard({ event }: { event: EventDate }) {
  const intl = useIntl();
  const [all, setAll] = useState(false);
  const mine = event.myAnswer;
  const answer = useAction({
    run: (body: Pick<RsvpSet, "status" | "plusOnes" | "comment">, headers) =>
      ok(
        events.POST("/api/v1/events/{event_id}/rsvp", {
          params: { path: { event_id: event.id } },
          body: { ...body, ...(all ? { series: true } : { occurrenceId: event.occurrenceId }) },
          headers,
        }),
      ),
    stale: eventKeys,
  });
  if (event.status !== "scheduled") return null;
  const waiting = mine?.waiting === true;
  const plusOnes = mine?.plusOnes ?? 0;
  const comment = mine?.comment ?? "";
  /** An answer replaces the one before, so it says again what stays. */
  const say = (status: (typeof answers)[number], change: { plusOnes?: number; comment?: string } = {}) => {
    const next = { plusOnes, comment, ...change };
    answer.start({
      status,
      ...(status === "going" && next.plusOnes > 0 && { plusOnes: next.plusOnes }),
      ...(next.comment !== "" && { comment: next.comment }),
    });
  };
  return (
    <section className="card pad vstack" aria-labelledby="answer">
      <h2 id="answer">
        <FormattedMessage id={waiting ? "calendar.answer.waiting" : `calendar.answer.is.${event.myRsvp ?? "none"}`} />
      </h2>
      <Seats event={event} />
      {event.canAnswer && event.answersCloseMinutes !== null && (
        <p className="small muted">
          <FormattedMessage id="calendar.answer.until" values={{ time: <Time at={event.answersCloseAt} exact /> }} />
        </p>
      )}
      {event.canAnswer || mine !== null ? (
        <>
          <div className={css["answers"]}>
            <Choice
              label={intl.formatMessage({ id: "calendar.answer" })}
              value={event.myRsvp ?? undefined}
              onChange={(status) => say(status)}
              full
              tick
              choices={answers
                .filter((id) => event.canAnswer || id === "not_going" || id === event.myRsvp)
                .map((id) => ({
                  id,
                  name: intl.formatMessage({ id: id === "going" && waiting ? "calendar.answer.waits" : `calendar.answer.${id}` }),
                }))}
            />
          </div>
          {event.plusOnes > 0 && event.myRsvp === "going" && event.canAnswer && (
            <NumberField
              label={intl.formatMessage({ id: "calendar.answer.plusOnes" })}
              value={plusOnes}
              min={0}
              max={event.plusOnes}
              onChange={(n) => say("going", { plusOnes: n })}
            />
          )}
          {repeats(event) && <Checkbox label={intl.formatMessage({ id: "calendar.answer.all" })} checked={all} onChange={setAll} />}
          {event.myRsvp !== null && event.canAnswer && (
            <Comment
              key={comment}
              text={comment}
              pending={answer.pending}
              onSave={(text) => event.myRsvp && say(event.myRsvp, { comment: text })}
            />
          )}
          {mine !== null && (
            <div className="btns">
              <Button size="s" variant="quiet" pending={answer.pending} onPress={() => answer.start({ status: "withdrawn" })}>
                <FormattedMessage id="calendar.answer.withdraw" />
              </Button>
            </div>
          )}
        </>
      ) : (
        <p className="small muted">
          <FormattedMessage id="calendar.answer.closed" />
        </p>
      )}
      <ActionError error={answer.error} />
    </section>
  );
}

/** What one adds to the answer: "half an hour late". */
function Comment({ text, pending, onSave }: { text: string; pending: boolean; onSave: (text: string) => void }) {
  const intl = useIntl();
  const [written, setWritten] = useState(text);
  const changed = written.trim() !== text;
  return (
    <form
      className="vstack s"
      onSubmit={(e) => {
        e.preventDefault();
        if (changed) onSave(written.trim());
      }}
    >
      <TextField
        label={intl.formatMessage({ id: "calendar.answer.comment" })}
        help={intl.formatMessage({ id: "calendar.answer.comment.help" })}
        value={written}
        onChange={setWritten}
        maxLength={longestComment}
        autoComplete="off"
      />
      {changed && (
        <div className="btns">
          <Button size="s" type="submit" pending={pending}>
            <FormattedMessage id="calendar.answer.comment.save" />
          </Button>
        </div>
      )}
    </form>
  );
}
