import { useQuery } from "@tanstack/react-query";
import { useGroupColours } from "@updspace/kit/groups.tsx";
import { DateBanner } from "@updspace/kit/time.tsx";
import { TextLink } from "@updspace/ui/TextLink";
import { FormattedMessage, useIntl } from "react-intl";
import { nextEventsQuery } from "./nextEventsQuery.ts";

export const useNextEvents = (group?: { kind: "COMMUNITY" | "TEAM"; id: string }) => useQuery(nextEventsQuery(group)).data ?? [];

type Item = Awaited<ReturnType<ReturnType<typeof nextEventsQuery>["queryFn"]>>[number];

/** What comes next in the calendar, as a card; nothing when nothing comes. */
export function NextEvents({ group, level = 2 }: { group?: { kind: "COMMUNITY" | "TEAM"; id: string }; level?: 2 | 3 }) {
  const next = useNextEvents(group);
  if (next.length === 0) return null;
  const Title = `h${level}` as const;
  return (
    <section className="card" aria-labelledby="next-events">
      <div className="card-head">
        <Title id="next-events">
          <FormattedMessage id="next.events" />
        </Title>
        <TextLink
          href={group ? `/events?${group.kind === "COMMUNITY" ? "community" : "team"}=${group.id}` : "/events"}
          className="link small"
        >
          <FormattedMessage id="next.events.all" />
        </TextLink>
      </div>
      <ul className="rows">
        {next.map((e) => (
          <Row key={e.occurrenceId} event={e} />
        ))}
      </ul>
    </section>
  );
}

function Row({ event }: { event: Item }) {
  const intl = useIntl();
  const colours = useGroupColours(event.scopeType === "TENANT" ? undefined : event.scopeId);
  return (
    <li className="row hover">
      <DateBanner at={event.startsAt} colours={colours} {...(event.allDay && { zone: event.timeZone })} />
      <div className="grow vstack xs">
        <TextLink href={`/events/${event.id}?on=${event.occurrenceId}`} className="strong">
          <bdi>{event.title}</bdi>
        </TextLink>
        <span className="small muted">
          {event.allDay ? <FormattedMessage id="time.allDay" /> : intl.formatTime(event.startsAt)}
          {event.locationText !== null && (
            <>
              {", "}
              <bdi>{event.locationText}</bdi>
            </>
          )}
        </span>
      </div>
    </li>
  );
}
