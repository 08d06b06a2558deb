import { DateBanner } from "@updspace/kit/time.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { TextLink } from "@updspace/ui/TextLink";
import { useIntl } from "react-intl";
import { EventState } from "./EventState.tsx";
import { EventPlace, useColours } from "./place.tsx";
import { datePath, type EventDate } from "./queries.ts";
import { Hours, useZone, zoneOf } from "./when.tsx";

interface EventRowProps {
  event: EventDate;
  /** Among the dates of its series: the day is its name, and the place of the series goes without saying. */
  within?: boolean;
}

/** A date of the calendar in a list. */
export function EventRow({ event, within = false }: EventRowProps) {
  const intl = useIntl();
  const zone = zoneOf(event, useZone());
  const day = intl.formatDate(event.startsAt, { weekday: "long", day: "numeric", month: "long", timeZone: zone });
  return (
    <li className="row hover">
      <DateBanner at={event.startsAt} zone={zone} colours={useColours(event)} />
      <div className="grow vstack xs">
        <h3>
          <TextLink href={datePath(event)} className="">
            {within && event.title === event.series?.title ? day : <bdi>{event.title}</bdi>}
          </TextLink>
        </h3>
        <span className="small muted">
          <Hours event={event} />
          {event.locationText !== null && !(within && event.locationText === event.series?.locationText) && (
            <>
              {", "}
              <bdi>{event.locationText}</bdi>
            </>
          )}
        </span>
        <span className="line">
          {!within && <EventPlace event={event} />}
          <EventState event={event} within={within} />
        </span>
      </div>
    </li>
  );
}

export function EventRows({ items }: { items: readonly EventDate[] }) {
  const intl = useIntl();
  if (items.length === 0) return <EmptyState shape="date" title={intl.formatMessage({ id: "calendar.none.range" })} />;
  return (
    <ol className="rows">
      {items.map((e) => (
        <EventRow key={e.occurrenceId} event={e} />
      ))}
    </ol>
  );
}
