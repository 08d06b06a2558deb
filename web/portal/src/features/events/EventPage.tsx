import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BadgeCheck, CalendarPlus, Clock, Gamepad2, Link2, MapPin, PencilLine, Repeat, Tag, UsersRound } from "lucide-react";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { Person } from "@updspace/kit/people.tsx";
import { DateBanner, useNow } from "@updspace/kit/time.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { Crumb } from "@updspace/ui/PageHead";
import { Scene } from "@updspace/ui/Scene";
import { lazy, Suspense, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { AnswerCard } from "./AnswerCard.tsx";
import { Cancelled } from "./Cancelled.tsx";
import { CheckInCard } from "./CheckInCard.tsx";
import { keptCode } from "./checkInCode.ts";
import { EventMenu } from "./EventMenu.tsx";
import { EventRow } from "./EventRow.tsx";
import { EventState } from "./EventState.tsx";
import css from "./events.module.css";
import { Guests } from "./Guests.tsx";
import { ReminderCard } from "./ReminderCard.tsx";
import { EventPlace, useColours } from "./place.tsx";
import { datePath, eventQuery, repeats, seriesPages, type EventDate } from "./queries.ts";
import { RuleText } from "./repeatWords.tsx";
import { useZone, When, zoneOf } from "./when.tsx";

const Invitations = lazy(async () => ({ default: (await import("./Invitations.tsx")).Invitations }));

const hour = 3_600_000; // milliseconds

/** An event on one of its dates: when, where, what for, and the dates that come. */
export function EventPage({ id, on }: { id: string; on: string | undefined }) {
  const intl = useIntl();
  const { data: event } = useSuspenseQuery(eventQuery(id, on));
  const zone = zoneOf(event, useZone());
  const [scanned] = useState(() => keptCode(datePath(event)));
  // Members who are there come for their code, and those who scanned one for the check-in.
  const begins = useNow() > Date.parse(event.startsAt) - hour && event.myRsvp === "going";
  const atDoor = scanned !== "" || begins;
  return (
    <>
      <Crumb href="/events" name={intl.formatMessage({ id: "nav.events" })} />
      <div className={css["picture"]}>
        <DateBanner at={event.startsAt} zone={zone} colours={useColours(event)} large />
        <Scene id={event.id} />
      </div>
      <div className={css["body"]}>
        <div className={css["head"]}>
          <div className="line">
            <EventPlace event={event} />
            <EventState event={event} />
          </div>
          <h1 tabIndex={-1} dir="auto">
            {event.title}
          </h1>
          <Cancelled event={event} />
          {event.description !== null && (
            <p className={css["text"]} dir="auto">
              {event.description}
            </p>
          )}
        </div>
        <aside className={`vstack ${css["beside"]}`} aria-label={intl.formatMessage({ id: "calendar.facts" })}>
          {atDoor && <CheckInCard event={event} scanned={scanned} />}
          <AnswerCard event={event} />
          {!atDoor && <CheckInCard event={event} scanned={scanned} />}
          <ReminderCard event={event} />
          <Facts event={event} />
          <LinkButton href={`/api/v1/events/${event.id}/ics`} external>
            <CalendarPlus className="i s" aria-hidden="true" />
            <FormattedMessage id="calendar.file" />
          </LinkButton>
          {event.canManage && (
            <div className="btns">
              <LinkButton href={datePath(event, "edit")}>
                <PencilLine className="i s" aria-hidden="true" />
                <FormattedMessage id="calendar.edit" />
              </LinkButton>
              {event.status === "scheduled" && (
                <LinkButton href={datePath(event, "check-in")}>
                  <BadgeCheck className="i s" aria-hidden="true" />
                  <FormattedMessage id="calendar.checkIn" />
                </LinkButton>
              )}
              <EventMenu event={event} />
            </div>
          )}
        </aside>
        <div className="vstack l">
          {event.status === "scheduled" && <Guests event={event} />}
          {event.canManage && (
            <Suspense>
              <Invitations event={event} />
            </Suspense>
          )}
          {repeats(event) && <Dates event={event} />}
        </div>
      </div>
    </>
  );
}

function Facts({ event }: { event: EventDate }) {
  const intl = useIntl();
  const hosts = [event.createdBy, ...event.coHosts];
  return (
    <section className="card pad">
      <ul className={css["facts"]}>
        <li>
          <Clock className="i" aria-hidden="true" />
          <When event={event} />
        </li>
        {event.series !== null && repeats(event) && (
          <li>
            <Repeat className="i" aria-hidden="true" />
            <RuleText series={event.series} zone={event.timeZone} />
          </li>
        )}
        {event.locationText !== null && (
          <li>
            <MapPin className="i" aria-hidden="true" />
            <bdi className="strong">{event.locationText}</bdi>
          </li>
        )}
        {event.locationUrl !== null && (
          <li>
            <Link2 className="i" aria-hidden="true" />
            <a className="link" href={event.locationUrl} rel="noopener noreferrer nofollow" target="_blank">
              {new URL(event.locationUrl).host}
              <span className="vh">
                {", "}
                <FormattedMessage id="calendar.url.new" />
              </span>
            </a>
          </li>
        )}
        {event.gameId !== null && (
          <li>
            <Gamepad2 className="i" aria-hidden="true" />
            <Link to="/events" search={{ game: event.gameId }} className="link">
              <bdi>{event.gameId}</bdi>
            </Link>
          </li>
        )}
        {event.tags.length > 0 && (
          <li>
            <Tag className="i" aria-hidden="true" />
            <ul className="line" aria-label={intl.formatMessage({ id: "calendar.field.tags" })}>
              {event.tags.map((tag) => (
                <li key={tag}>
                  <Link to="/events" search={{ tag }} className="link">
                    <bdi>{tag}</bdi>
                  </Link>
                </li>
              ))}
            </ul>
          </li>
        )}
        <li>
          <UsersRound className="i" aria-hidden="true" />
          <div className="vstack s" role="group" aria-label={intl.formatMessage({ id: "calendar.hosts" }, { n: hosts.length })}>
            {hosts.map((h) => (
              <Person key={h} id={h} />
            ))}
          </div>
        </li>
      </ul>
    </section>
  );
}

function Dates({ event }: { event: EventDate }) {
  const intl = useIntl();
  const query = usePages(seriesPages(event.id));
  return (
    <section className="card" aria-labelledby="dates">
      <div className="card-head">
        <h2 id="dates">
          <FormattedMessage id="calendar.dates" />
        </h2>
      </div>
      <PagedList query={query} empty={<EmptyState shape="date" title={intl.formatMessage({ id: "calendar.dates.none" })} />}>
        {(items) => (
          <ol className="rows">
            {items.map((e) => (
              <EventRow key={e.occurrenceId} event={e} within />
            ))}
          </ol>
        )}
      </PagedList>
    </section>
  );
}
