import { PencilLine, UserPlus } from "lucide-react";
import { PagedList, usePages } from "@updspace/kit/pages.tsx";
import { Person, usePersonName } from "@updspace/kit/people.tsx";
import { Button, IconButton } from "@updspace/ui/Button";
import { EmptyState } from "@updspace/ui/EmptyState";
import { lazy, Suspense, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./events.module.css";
import { answerPages, type Answer, type AnswerStatus, type EventDate } from "./queries.ts";

const AnswerForDialog = lazy(async () => ({ default: (await import("./AnswerForDialog.tsx")).AnswerForDialog }));

/** Who comes, who waits for a seat in the order of the waiting list, who may come; for organisers also who does not, and answering for members. */
export function Guests({ event }: { event: EventDate }) {
  const { going, interested, not_going } = event.rsvpCounts;
  const [asked, setAsked] = useState<{ before: Answer | undefined }>();
  const edit = event.canManage ? (before?: Answer) => setAsked({ before }) : undefined;
  return (
    <>
      <List event={event} status="going" count={going} edit={edit} always />
      <List event={event} status="waiting" count={event.waitingCount} edit={edit} />
      <List event={event} status="interested" count={interested} edit={edit} />
      {event.canManage && <List event={event} status="not_going" count={not_going} edit={edit} />}
      {asked && (
        <Suspense>
          <AnswerForDialog event={event} before={asked.before} onClose={() => setAsked(undefined)} />
        </Suspense>
      )}
    </>
  );
}

interface ListProps {
  event: EventDate;
  status: AnswerStatus;
  count: number;
  /** For organisers: asks for the answer of a member, or changes one. */
  edit: ((before?: Answer) => void) | undefined;
  /** Is there also when it is empty. */
  always?: boolean;
}

function List({ event, status, count, edit, always = false }: ListProps) {
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
        {always && edit && (
          <Button size="s" onPress={() => edit()}>
            <UserPlus className="i s" aria-hidden="true" />
            <FormattedMessage id="calendar.answerFor" />
          </Button>
        )}
      </div>
      {count === 0 ? (
        <EmptyState shape="people" title={intl.formatMessage({ id: "calendar.guests.none" })} />
      ) : (
        <People event={event} status={status} edit={edit} />
      )}
    </section>
  );
}

function People({ event, status, edit }: Pick<ListProps, "event" | "status" | "edit">) {
  const query = usePages(answerPages(event, status));
  const ordered = status === "waiting";
  return (
    <PagedList query={query} empty={null}>
      {(items) => (
        <ol className={css["guests"]}>
          {items.map((a, i) => (
            <li key={a.userId}>
              {ordered && <span className="small strong muted num">{i + 1}</span>}
              <div className="grow">
                {a.guest ? (
                  <GuestName address={a.address} />
                ) : (
                  <Person id={a.userId}>
                    <span className="label muted">
                      {a.plusOnes > 0 && <FormattedMessage id="calendar.guests.plus" values={{ n: a.plusOnes }} />}
                      {a.plusOnes > 0 && a.comment !== null && ", "}
                      {a.comment !== null && <bdi>{a.comment}</bdi>}
                    </span>
                  </Person>
                )}
              </div>
              {edit && !a.guest && <EditAnswer answer={a} edit={edit} />}
            </li>
          ))}
        </ol>
      )}
    </PagedList>
  );
}

/** An invited person without an account; only organisers know the address. */
export function GuestName({ address }: { address: string | null }) {
  return address === null ? <FormattedMessage id="calendar.guest" /> : <bdi className="strong">{address}</bdi>;
}

function EditAnswer({ answer, edit }: { answer: Answer; edit: (before: Answer) => void }) {
  const intl = useIntl();
  const name = usePersonName(answer.userId);
  return (
    <IconButton label={intl.formatMessage({ id: "calendar.answerFor.change" }, { name })} onPress={() => edit(answer)}>
      <PencilLine className="i s" aria-hidden="true" />
    </IconButton>
  );
}
