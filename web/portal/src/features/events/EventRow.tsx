import { DateBanner } from "@updspace/kit/time.tsx";
import { TextLink } from "@updspace/ui/TextLink";
import { datePath, type EventDate } from "./queries.ts";
import { EventPlace, useColours } from "./place.tsx";
import { EventState } from "./EventState.tsx";
import { Hours, useZone, zoneOf } from "./when.tsx";

/** A date of the calendar in a list. */
export function EventRow({ event, level = 3 }: { event: EventDate; level?: 3 | 4 }) {
  const zone = zoneOf(event, useZone());
  const Title = `h${level}` as const;
  return (
    <li className="row hover">
      <DateBanner at={event.startsAt} zone={zone} colours={useColours(event)} />
      <div className="grow vstack xs">
        <Title>
          <TextLink href={datePath(event)} className="">
            <bdi>{event.title}</bdi>
          </TextLink>
        </Title>
        <span className="small muted">
          <Hours event={event} />
          {event.locationText !== null && (
            <>
              {", "}
              <bdi>{event.locationText}</bdi>
            </>
          )}
        </span>
        <span className="line">
          <EventPlace event={event} />
          <EventState event={event} />
        </span>
      </div>
    </li>
  );
}
