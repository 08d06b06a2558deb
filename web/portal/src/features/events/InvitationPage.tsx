import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Clock, Link2, MapPin } from "lucide-react";
import { ApiError, events, ok } from "@updspace/kit/api.ts";
import { ActionError, errorText } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { DateBanner } from "@updspace/kit/time.tsx";
import { Choice } from "@updspace/ui/Choice";
import { EmptyState } from "@updspace/ui/EmptyState";
import { LinkButton } from "@updspace/ui/LinkButton";
import { PageHead } from "@updspace/ui/PageHead";
import { Scene } from "@updspace/ui/Scene";
import { Skeleton } from "@updspace/ui/Skeleton";
import { FormattedMessage, useIntl } from "react-intl";
import { Cancelled } from "./Cancelled.tsx";
import css from "./events.module.css";
import { useColours } from "./place.tsx";
import { answers, eventKeys, invitedQuery, repeats, type EventDate, type InvitedEvent } from "./queries.ts";
import { RuleText } from "./repeatWords.tsx";
import { Seats } from "./Seats.tsx";
import { useZone, When, zoneOf } from "./when.tsx";

interface InvitationPageProps {
  token: string;
  /** The answer whose link led here. It counts once its button is pressed. */
  meant: string;
  signedIn: boolean;
}

/** Where the links of an invitation by mail lead: the event, and a button for each answer. Opening it changes nothing. */
export function InvitationPage({ token, meant, signedIn }: InvitationPageProps) {
  const intl = useIntl();
  const { data, error, isPending } = useQuery({ ...invitedQuery(token), enabled: token !== "" });
  if (token === "") {
    return <Broken title={intl.formatMessage({ id: "join.incomplete" })} text={intl.formatMessage({ id: "join.incomplete.text" })} />;
  }
  if (isPending) return <Skeleton label={intl.formatMessage({ id: "loading" })} rows={1} />;
  if (data === undefined) {
    const unknown = error instanceof ApiError && [404, 422].includes(error.status);
    const text = unknown ? intl.formatMessage({ id: "join.broken.text" }) : errorText(intl, error);
    return <Broken title={intl.formatMessage({ id: "join.broken" })} text={text} />;
  }
  return <Invited token={token} meant={meant} invited={data} signedIn={signedIn} />;
}

function Broken({ title, text }: { title: string; text: string }) {
  const intl = useIntl();
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "join.title" })} />
      <div className="card">
        <EmptyState title={title}>{text}</EmptyState>
      </div>
    </>
  );
}

function Invited({ token, meant, invited, signedIn }: { token: string; meant: string; invited: InvitedEvent; signedIn: boolean }) {
  const { event, guest } = invited;
  const zone = zoneOf(event, useZone());
  return (
    <>
      <div className={css["picture"]}>
        <DateBanner at={event.startsAt} zone={zone} colours={useColours(event)} large />
        <Scene id={event.id} />
      </div>
      <div className="vstack l">
        <h1 tabIndex={-1} dir="auto">
          {event.title}
        </h1>
        <Cancelled event={event} />
        <Answer token={token} meant={meant} event={event} />
        <section className="card pad vstack">
          <ul className={css["facts"]}>
            <li>
              <Clock className="i" aria-hidden="true" />
              <div>
                <When event={event} />
                {event.series !== null && repeats(event) && <RuleText series={event.series} zone={event.timeZone} />}
              </div>
            </li>
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
                </a>
              </li>
            )}
          </ul>
          {event.description !== null && (
            <p className={css["text"]} dir="auto">
              {event.description}
            </p>
          )}
        </section>
        {!guest && signedIn && (
          <div className="btns">
            <LinkButton href={`/events/${event.id}`}>
              <FormattedMessage id="calendar.invitation.event" />
            </LinkButton>
          </div>
        )}
      </div>
    </>
  );
}

function Answer({ token, meant, event }: { token: string; meant: string; event: EventDate }) {
  const intl = useIntl();
  const client = useQueryClient();
  const answer = useAction({
    run: (status: (typeof answers)[number], headers) =>
      ok(events.POST("/api/v1/events/invitations/answer", { body: { token, status }, headers })),
    stale: eventKeys,
    onDone: (invited) => client.setQueryData(invitedQuery(token).queryKey, invited),
  });
  if (event.status !== "scheduled") return null;
  const waiting = event.myAnswer?.waiting === true;
  const suggested = event.myRsvp === null && answers.some((a) => a === meant);
  return (
    <section className="card pad vstack" aria-labelledby="answer">
      <h2 id="answer">
        <FormattedMessage id={waiting ? "calendar.answer.waiting" : `calendar.answer.is.${event.myRsvp ?? "none"}`} />
      </h2>
      <Seats event={event} />
      {suggested && (
        <p className="small muted">
          <FormattedMessage id="calendar.invitation.press" />
        </p>
      )}
      <Choice
        label={intl.formatMessage({ id: "calendar.answer" })}
        value={event.myRsvp ?? undefined}
        onChange={(status) => answer.start(status)}
        full
        tick
        choices={answers
          .filter((id) => event.canAnswer || id === "not_going" || id === event.myRsvp)
          .map((id) => ({
            id,
            name: intl.formatMessage({ id: id === "going" && waiting ? "calendar.answer.waits" : `calendar.answer.${id}` }),
          }))}
      />
      {repeats(event) && (
        <p className="small muted">
          <FormattedMessage id="calendar.answer.all" />
        </p>
      )}
      <ActionError error={answer.error} />
    </section>
  );
}
