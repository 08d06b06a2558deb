import { events, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { Checkbox } from "@updspace/ui/Checkbox";
import { Choice } from "@updspace/ui/Choice";
import { NumberField } from "@updspace/ui/NumberField";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { Seats } from "./Seats.tsx";
import { eventKeys, repeats, type EventDate, type RsvpSet } from "./queries.ts";

const answers = ["going", "interested", "not_going"] as const;

/** My answer about a date, in one press, and how many seats are left. */
export function AnswerCard({ event }: { event: EventDate }) {
  const intl = useIntl();
  const [all, setAll] = useState(false);
  const mine = event.myAnswer;
  const recurring = repeats(event);
  const answer = useAction({
    run: (body: Pick<RsvpSet, "status" | "plusOnes">, headers) =>
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
  return (
    <section className="card pad vstack" aria-labelledby="answer">
      <h2 id="answer">
        <FormattedMessage id={waiting ? "calendar.answer.waiting" : `calendar.answer.is.${event.myRsvp ?? "none"}`} />
      </h2>
      <Seats event={event} />
      {event.canAnswer || mine !== null ? (
        <>
          <Choice
            label={intl.formatMessage({ id: "calendar.answer" })}
            value={event.myRsvp ?? undefined}
            onChange={(status) => answer.start({ status, ...(status === "going" && plusOnes > 0 && { plusOnes }) })}
            full
            tick
            choices={answers
              .filter((id) => event.canAnswer || id === "not_going" || id === event.myRsvp)
              .map((id) => ({
                id,
                name: intl.formatMessage({ id: id === "going" && waiting ? "calendar.answer.waits" : `calendar.answer.${id}` }),
              }))}
          />
          {event.plusOnes > 0 && event.myRsvp === "going" && event.canAnswer && (
            <NumberField
              label={intl.formatMessage({ id: "calendar.answer.plusOnes" })}
              value={plusOnes}
              min={0}
              max={event.plusOnes}
              onChange={(n) => answer.start({ status: "going", plusOnes: n })}
            />
          )}
          {recurring && <Checkbox label={intl.formatMessage({ id: "calendar.answer.all" })} checked={all} onChange={setAll} />}
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
