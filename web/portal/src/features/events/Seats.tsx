import type { CSSProperties } from "react";
import { FormattedMessage } from "react-intl";
import type { EventDate } from "./queries.ts";

/** How many seats are taken, as a bar and in words; without a capacity how many come. */
export function Seats({ event }: { event: EventDate }) {
  const { capacity, seatsTaken, waitingCount } = event;
  if (capacity === null) {
    return (
      <p className="small muted">
        <FormattedMessage id="calendar.coming.count" values={{ n: event.rsvpCounts.going }} />
      </p>
    );
  }
  const share = { "--v": `${Math.min(100, Math.round((seatsTaken / capacity) * 100))}%` } as CSSProperties; // React's type knows no custom properties
  return (
    <div className="vstack xs">
      <div className="bar" style={share} aria-hidden="true">
        <i />
      </div>
      <span className="label muted">
        <FormattedMessage id="calendar.seats" values={{ taken: seatsTaken, of: capacity }} />
        {waitingCount > 0 && (
          <>
            {", "}
            <FormattedMessage id="calendar.seats.waiting" values={{ n: waitingCount }} />
          </>
        )}
      </span>
    </div>
  );
}
