import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { Person } from "@updspace/kit/people.tsx";
import { EmptyState } from "@updspace/ui/EmptyState";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./events.module.css";
import { answerPages, type AnswerStatus, type EventDate } from "./queries.ts";

/** Who comes, who waits for a seat in the order of the waiting list, who may come; for organisers also who does not. */
export function Guests({ event }: { event: EventDate }) {
  const { going, interested, not_going } = event.rsvpCounts;
  return (
    <>
      <List event={event} status="going" count={going} always />
      <List event={event} status="waiting" count={event.waitingCount} />
      <List event={event} status="interested" count={interested} />
      {event.canManage && <List event={event} status="not_going" count={not_going} />}
    </>
  );
}

interface ListProps {
  event: EventDate;
  status: AnswerStatus;
  count: number;
  /** Is there also when it is empty. */
  always?: boolean;
}

function List({ event, status, count, always = false }: ListProps) {
  const intl = useIntl();
  if (count === 0 && !always) return null;
  const id = `guests-${status}`;
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>
          <FormattedMessage id={`calendar.guests.${status}`} />
        </h2>
        <span className="small muted">{intl.formatNumber(count)}</span>
      </div>
      {count === 0 ? (
        <EmptyState shape="people" title={intl.formatMessage({ id: "calendar.guests.none" })} />
      ) : (
        <People event={event} status={status} />
      )}
    </section>
  );
}

function People({ event, status }: Pick<ListProps, "event" | "status">) {
  const query = usePages(answerPages(event, status));
  const ordered = status === "waiting";
  return (
    <PagedList query={query} empty={null}>
      {(items) => (
        <ol className={css["guests"]}>
          {items.map((a, i) => (
            <li key={a.userId}>
              {ordered && <span className="small strong muted num">{i + 1}</span>}
              <Person id={a.userId}>
                <span className="label muted">
                  {a.plusOnes > 0 && <FormattedMessage id="calendar.guests.plus" values={{ n: a.plusOnes }} />}
                  {a.plusOnes > 0 && a.comment !== null && ", "}
                  {a.comment !== null && <bdi>{a.comment}</bdi>}
                </span>
              </Person>
            </li>
          ))}
        </ol>
      )}
    </PagedList>
  );
}
