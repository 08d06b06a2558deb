import { Ban, CalendarClock, Check, ListOrdered, Lock, PenLine, Repeat } from "lucide-react";
import { FormattedMessage } from "react-intl";
import { repeats, type EventDate } from "./queries.ts";

interface EventStateProps {
  event: EventDate;
  /** Among the dates of its series, where saying so would be said of each. */
  within?: boolean;
}

/** What is special about a date: a draft, cancelled, moved, one of a series, private, my answer. Word and icon. */
export function EventState({ event, within = false }: EventStateProps) {
  return (
    <>
      {event.status === "draft" && (
        <span className="state quiet">
          <PenLine className="i s" aria-hidden="true" />
          <FormattedMessage id="calendar.state.draft" />
        </span>
      )}
      {event.status === "cancelled" && (
        <span className="state warn">
          <Ban className="i s" aria-hidden="true" />
          <FormattedMessage id="calendar.state.cancelled" />
        </span>
      )}
      {event.originalStartsAt !== event.startsAt && event.status !== "cancelled" && (
        <span className="state quiet">
          <CalendarClock className="i s" aria-hidden="true" />
          <FormattedMessage id="calendar.state.moved" />
        </span>
      )}
      {repeats(event) && !within && (
        <span className="state quiet">
          <Repeat className="i s" aria-hidden="true" />
          <FormattedMessage id="calendar.state.series" />
        </span>
      )}
      {event.myAnswer?.waiting === true ? (
        <span className="state quiet">
          <ListOrdered className="i s" aria-hidden="true" />
          <FormattedMessage id="calendar.state.waiting" />
        </span>
      ) : (
        event.myRsvp === "going" && (
          <span className="state ok">
            <Check className="i s" aria-hidden="true" />
            <FormattedMessage id="calendar.state.going" />
          </span>
        )
      )}
      {event.visibility === "private" && (
        <span className="state quiet">
          <Lock className="i s" aria-hidden="true" />
          <FormattedMessage id="calendar.visibility.private" />
        </span>
      )}
    </>
  );
}
