import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { events, ok } from "@updspace/kit/api.ts";
import { ActionError, ErrorPage } from "@updspace/kit/errors.tsx";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { Person } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { lazy, Suspense } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { spaced } from "./CheckInCard.tsx";
import { checkInAddress } from "./checkInCode.ts";
import css from "./events.module.css";
import { GuestName } from "./Guests.tsx";
import { attendancePages, checkInQuery, datePath, eventKeys, eventQuery, type Attendee, type EventDate } from "./queries.ts";
import { ReadCode } from "./ReadCode.tsx";

const QrCode = lazy(async () => ({ default: (await import("@updspace/ui/QrCode")).QrCode }));

/** The door of a date, for organisers: its code, the codes of members, and who is there. */
export function CheckInPage({ id, on }: { id: string; on: string | undefined }) {
  const intl = useIntl();
  const { data: event } = useSuspenseQuery(eventQuery(id, on));
  const { data } = useQuery(checkInQuery(event));
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "calendar.checkIn" })} back={{ href: datePath(event), name: event.title }} />
      <div className="with-side">
        <Attendees event={event} />
        <aside className={`vstack ${css["door"]}`} aria-label={intl.formatMessage({ id: "calendar.checkIn.codes" })}>
          <ReadCode event={event} />
          {data && data.dateCode !== null && (
            <section className="card pad vstack s">
              <h2>
                <FormattedMessage id="calendar.checkIn.shown" />
              </h2>
              <Suspense>
                <QrCode
                  text={checkInAddress(datePath(event), data.dateCode)}
                  label={intl.formatMessage({ id: "calendar.checkIn.qr.date" })}
                />
              </Suspense>
              <p className={css["code"]}>{spaced(data.dateCode)}</p>
              <p className="small muted">
                <FormattedMessage id="calendar.checkIn.shown.help" />
              </p>
              <p className="small muted">
                <FormattedMessage
                  id="calendar.checkIn.window"
                  values={{ from: <Time at={data.opensAt} exact />, to: <Time at={data.closesAt} exact /> }}
                />
              </p>
            </section>
          )}
        </aside>
      </div>
    </>
  );
}

function Attendees({ event }: { event: EventDate }) {
  const intl = useIntl();
  const query = usePages(attendancePages(event));
  const mark = useAction({
    run: ({ userId, attendance }: Attendee, headers) => {
      const path = { event_id: event.id };
      const body = { userId, occurrenceId: event.occurrenceId };
      return attendance === null
        ? ok(events.POST("/api/v1/events/{event_id}/attendance", { params: { path }, body, headers }))
        : ok(
            events.DELETE("/api/v1/events/{event_id}/attendance/{user_id}", {
              params: { path: { ...path, user_id: userId }, query: { occurrence: event.occurrenceId } },
              headers,
            }),
          );
    },
    stale: eventKeys,
  });
  const absent = query.items.filter((a) => a.attendance === null).map((a) => a.userId);
  const all = useAction({
    run: (userIds: string[], headers) =>
      ok(
        events.POST("/api/v1/events/{event_id}/attendance/bulk", {
          params: { path: { event_id: event.id } },
          body: { userIds, occurrenceId: event.occurrenceId },
          headers,
        }),
      ),
    stale: eventKeys,
    done: ({ marked }) => intl.formatMessage({ id: "calendar.checkIn.markedAll" }, { n: marked }),
  });
  if (query.isError) return <ErrorPage error={query.error} retry={() => void query.refetch()} />;
  return (
    <section className="card" aria-labelledby="there">
      <div className="card-head">
        <h2 id="there">
          <FormattedMessage id="calendar.checkIn.who" />
        </h2>
        {absent.length > 1 && (
          <Button size="s" pending={all.pending} onPress={() => all.start(absent)}>
            <FormattedMessage id="calendar.checkIn.markAll" />
          </Button>
        )}
      </div>
      <ActionError error={mark.error ?? all.error} />
      <PagedList query={query} empty={<EmptyState shape="people" title={intl.formatMessage({ id: "calendar.checkIn.none" })} />}>
        {(items) => (
          <ul className="rows">
            {items.map((a) => (
              <li key={a.userId} className="row">
                <div className="grow">
                  {a.guest ? (
                    <div className="who">
                      <GuestName address={a.address} />
                      <AttendeeState attendee={a} />
                    </div>
                  ) : (
                    <Person id={a.userId}>
                      <AttendeeState attendee={a} />
                    </Person>
                  )}
                </div>
                <Button size="s" variant={a.attendance === null ? "soft" : "quiet"} pending={mark.pending} onPress={() => mark.start(a)}>
                  <FormattedMessage id={a.attendance === null ? "calendar.checkIn.mark" : "calendar.checkIn.unmark"} />
                </Button>
              </li>
            ))}
          </ul>
        )}
      </PagedList>
    </section>
  );
}

function AttendeeState({ attendee }: { attendee: Attendee }) {
  return (
    <span className="label muted">
      <FormattedMessage id={`calendar.checkIn.by.${attendee.attendance?.method ?? "absent"}`} />
      {attendee.plusOnes > 0 && (
        <>
          {", "}
          <FormattedMessage id="calendar.guests.plus" values={{ n: attendee.plusOnes }} />
        </>
      )}
    </span>
  );
}
