import { FormattedMessage, useIntl, type IntlShape } from "react-intl";
import type { EventDate } from "./queries.ts";

type Span = Pick<EventDate, "startsAt" | "endsAt" | "allDay" | "timeZone">;

/** The zone in which the reader sees times. */
export function useZone(): string {
  return useIntl().timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** When an event begins and, for whole days, in which zone that is read. */
export const zoneOf = (e: Span, reader: string): string => (e.allDay ? e.timeZone : reader);

const last = (e: Span) => new Date(Math.max(Date.parse(e.endsAt) - 1, Date.parse(e.startsAt)));

/** "Thursday 10 December, 20:00 – 22:00" on the clocks of a zone; whole days without times. */
export function range(intl: IntlShape, e: Span, zone: string): string {
  const day = { weekday: "long", day: "numeric", month: "long", timeZone: zoneOf(e, zone) } as const;
  if (e.allDay) return intl.formatDateTimeRange(new Date(e.startsAt), last(e), day);
  return intl.formatDateTimeRange(new Date(e.startsAt), new Date(e.endsAt), { ...day, hour: "numeric", minute: "numeric" });
}

/** The times of an event whose day stands elsewhere. */
export function Hours({ event }: { event: Span }) {
  const intl = useIntl();
  const zone = useZone();
  if (event.allDay) return <FormattedMessage id="time.allDay" />;
  const time = { hour: "numeric", minute: "numeric", timeZone: zone } as const;
  const long = Date.parse(event.endsAt) - Date.parse(event.startsAt) > 86_400_000;
  if (long) return range(intl, event, zone);
  return intl.formatDateTimeRange(new Date(event.startsAt), new Date(event.endsAt), time);
}

/** When an event takes place, for the reader, and on the clocks of the event where these differ. */
export function When({ event }: { event: Span }) {
  const intl = useIntl();
  const zone = useZone();
  const here = range(intl, event, zone);
  const there = range(intl, event, event.timeZone);
  return (
    <div>
      <time className="strong" dateTime={event.startsAt}>
        {here}
      </time>
      {here !== there && (
        <span className="small muted block">
          <FormattedMessage id="calendar.when.zone" values={{ zone: city(event.timeZone), there }} />
        </span>
      )}
      {here === there && zone !== event.timeZone && !event.allDay && (
        <span className="small muted block">
          <FormattedMessage id="calendar.when.same" values={{ zone: city(event.timeZone) }} />
        </span>
      )}
    </div>
  );
}

/** The city of an IANA zone, as its name has it. */
export const city = (zone: string): string => zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
