import { Ban, CalendarClock, Check, ListOrdered, Lock, PenLine, Repeat } from "lucide-react";
import { FormattedMessage } from "react-intl";
import type { EventDate } from "./queries.ts";

/** What is special about a date: a draft, cancelled, moved, one of a series, private. Word and icon. */
export function EventState({ event }: { event: EventDate }) {
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
      {event.series !== null && event.series.rrule !== null && (
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
