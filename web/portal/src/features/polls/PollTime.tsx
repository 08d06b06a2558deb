import { CalendarClock, Clock, Lock, PenLine } from "lucide-react";
import { Time } from "@updspace/kit/time.tsx";
import { FormattedMessage } from "react-intl";
import type { Poll } from "./types.ts";

/** Where the poll is in its schedule: until when it is open, when it opens, when it closed. Word and icon. */
export function PollTime({ poll }: { poll: Poll }) {
  switch (poll.phase) {
    case "draft":
      return (
        <span className="state quiet">
          <PenLine className="i s" aria-hidden="true" />
          <FormattedMessage id="polls.time.draft" values={{ time: <Time at={poll.updated_at} /> }} />
        </span>
      );
    case "scheduled":
      return (
        <span className="state quiet">
          <CalendarClock className="i s" aria-hidden="true" />
          <FormattedMessage id="polls.time.scheduled" values={{ time: <Time at={poll.starts_at ?? poll.updated_at} exact /> }} />
        </span>
      );
    case "closed":
      return (
        <span className="state quiet">
          <Lock className="i s" aria-hidden="true" />
          <FormattedMessage id="polls.time.closed" values={{ time: <Time at={closedAt(poll)} /> }} />
        </span>
      );
    case "open":
      return (
        <span className="state">
          <Clock className="i s" aria-hidden="true" />
          {poll.ends_at === null ? (
            <FormattedMessage id="polls.time.open" />
          ) : (
            <FormattedMessage id="polls.time.until" values={{ time: <Time at={poll.ends_at} exact /> }} />
          )}
        </span>
      );
  }
}

/** When a closed poll closed: at its end, or when it was closed by hand before that. */
export function closedAt(poll: Poll): string {
  if (poll.status === "closed" || poll.ends_at === null) return poll.updated_at;
  return poll.ends_at;
}
