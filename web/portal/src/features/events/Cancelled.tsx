import { Ban } from "lucide-react";
import { FormattedMessage } from "react-intl";
import css from "./events.module.css";
import type { EventDate } from "./queries.ts";

/** That a date does not take place, and why. Nothing for one that does. */
export function Cancelled({ event }: { event: Pick<EventDate, "status" | "cancelReason"> }) {
  if (event.status !== "cancelled") return null;
  return (
    <p className={`state warn ${css["wrap"]}`}>
      <Ban className="i s" aria-hidden="true" />
      {event.cancelReason === null ? (
        <FormattedMessage id="calendar.cancelled.bare" />
      ) : (
        <FormattedMessage id="calendar.cancelled.why" values={{ reason: <bdi>{event.cancelReason}</bdi> }} />
      )}
    </p>
  );
}
