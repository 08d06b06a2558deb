import { Link } from "@tanstack/react-router";
import { cx } from "@updspace/ui/cx";
import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage, useIntl } from "react-intl";
import type { Day } from "./days.ts";
import { datePath, type EventDate } from "./queries.ts";
import { useColours } from "./place.tsx";
import type { EventsSearch } from "./search.ts";
import css from "./events.module.css";

const most = 3; // events of a day, before "2 more"

interface MonthGridProps {
  label: string;
  days: readonly Day[];
  /** The month, 2026-03: the days of others are paler. */
  month?: string;
  today: Day;
  events: ReadonlyMap<Day, readonly EventDate[]>;
  /** The address of the week of a day. */
  week: (day: Day) => EventsSearch;
}

/** Weeks of a calendar as a list of days. On a phone the events are dots, and the list below says what they are. */
export function MonthGrid({ label, days, month, today, events, week }: MonthGridProps) {
  const intl = useIntl();
  const all = month === undefined; // one week has room
  const name = (day: Day, style: Intl.DateTimeFormatOptions) => intl.formatDate(`${day}T00:00:00Z`, { timeZone: "UTC", ...style });
  return (
    <section className="card" aria-label={label}>
      <ul className={css["dow"]} aria-hidden="true">
        {days.slice(0, 7).map((day) => (
          <li key={day}>{name(day, { weekday: "short" })}</li>
        ))}
      </ul>
      <ol className={css["grid"]}>
        {days.map((day) => {
          const found = events.get(day) ?? [];
          const shown = found.length > most && !all ? found.slice(0, most - 1) : found;
          const out = month !== undefined && !day.startsWith(month);
          return (
            <li key={day} className={cx(css["day"], out && css["out"], day === today && css["today"])}>
              <Link to="/events" search={week(day)} className={css["number"]} {...(day === today && { "aria-current": "date" as const })}>
                <span className="vh">
                  {name(day, { day: "numeric", month: "long" })}
                  {found.length > 0 && (
                    <>
                      {", "}
                      <FormattedMessage id="calendar.day.count" values={{ n: found.length }} />
                    </>
                  )}
                </span>
                <span aria-hidden="true">{Number(day.slice(8))}</span>
              </Link>
              {shown.map((e) => (
                <DayEvent key={e.occurrenceId} event={e} />
              ))}
              {found.length > shown.length && (
                <Link to="/events" search={week(day)} className={css["more"]}>
                  <FormattedMessage id="calendar.day.more" values={{ n: found.length - shown.length }} />
                </Link>
              )}
              <span className={css["pips"]} aria-hidden="true">
                {found.slice(0, most).map((e) => (
                  <Pip key={e.occurrenceId} event={e} />
                ))}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function DayEvent({ event }: { event: EventDate }) {
  const intl = useIntl();
  const { className, ...rest } = useColours(event);
  const cancelled = event.status === "cancelled";
  return (
    <span className={className} {...rest}>
      <TextLink href={datePath(event)} className={cx(css["event"], cancelled ? css["off"] : event.myRsvp === "going" && css["mine"])}>
        {!event.allDay && <b>{intl.formatTime(event.startsAt)} </b>}
        <bdi>{event.title}</bdi>
        {!cancelled && event.myRsvp === "going" && (
          <span className="vh">
            {", "}
            <FormattedMessage id="calendar.state.going" />
          </span>
        )}
        {cancelled && (
          <span className="vh">
            {", "}
            <FormattedMessage id="calendar.state.cancelled" />
          </span>
        )}
      </TextLink>
    </span>
  );
}

function Pip({ event }: { event: EventDate }) {
  return <i {...useColours(event)} />;
}
