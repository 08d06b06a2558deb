import { useQuery } from "@tanstack/react-query";
import { BadgeCheck } from "lucide-react";
import { events, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Time, useNow } from "@updspace/kit/time.tsx";
import { Button } from "@updspace/ui/Button";
import { TextField } from "@updspace/ui/TextField";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import css from "./events.module.css";
import { forgetCode } from "./checkInCode.ts";
import { checkInQuery, eventKeys, longestCode, type EventDate } from "./queries.ts";

const QrCode = lazy(async () => ({ default: (await import("@updspace/ui/QrCode")).QrCode }));

const soon = 86_400_000; // milliseconds: before that a code would only be in the way

interface CheckInCardProps {
  event: EventDate;
  /** The code of the date, when it was scanned; else "". */
  scanned: string;
}

/** Around the start of a date: my code for the organiser at the door, and the field for the code that is shown there. */
export function CheckInCard({ event, scanned }: CheckInCardProps) {
  const intl = useIntl();
  const now = useNow();
  const near = now > Date.parse(event.startsAt) - soon && now < Date.parse(event.endsAt) + soon;
  const { data } = useQuery({ ...checkInQuery(event), enabled: near && event.status === "scheduled" });
  const [code, setCode] = useState(scanned);
  const enter = useAction({
    run: (text: string, headers) =>
      ok(
        events.POST("/api/v1/events/{event_id}/check-in", {
          params: { path: { event_id: event.id } },
          body: { code: text, occurrenceId: event.occurrenceId },
          headers,
        }),
      ),
    stale: eventKeys,
    done: intl.formatMessage({ id: "calendar.checkIn.done" }),
    onDone: () => {
      setCode("");
      forgetCode();
    },
  });
  const card = useRef<HTMLElement>(null);
  const shown = data !== undefined;
  useEffect(() => {
    if (shown && scanned !== "") card.current?.scrollIntoView({ block: "start" });
  }, [shown, scanned]);
  if (!data || (now > Date.parse(data.closesAt) && data.checkedInAt === null)) return null;
  if (data.checkedInAt !== null) {
    return (
      <section className="card pad">
        <p className="state ok">
          <BadgeCheck className="i s" aria-hidden="true" />
          <FormattedMessage id="calendar.checkIn.present" />
        </p>
      </section>
    );
  }
  const open = now >= Date.parse(data.opensAt);
  const arrived = open && scanned !== "";
  return (
    <section className="card pad vstack" aria-labelledby="check-in" ref={card}>
      <h2 id="check-in">
        <FormattedMessage id="calendar.checkIn" />
      </h2>
      <p className="small muted">
        {open ? (
          <FormattedMessage id={arrived ? "calendar.checkIn.scanned" : "calendar.checkIn.mine"} />
        ) : (
          <FormattedMessage id="calendar.checkIn.opens" values={{ time: <Time at={data.opensAt} exact /> }} />
        )}
      </p>
      {!arrived && (
        <>
          <Suspense>
            <QrCode text={data.memberCode} label={intl.formatMessage({ id: "calendar.checkIn.qr.mine" })} />
          </Suspense>
          <p className={css["code"]}>{spaced(data.memberCode)}</p>
        </>
      )}
      {open && (
        <form
          className="vstack s"
          noValidate
          onSubmit={(e) => {
            e.preventDefault();
            if (code.trim() !== "") enter.start(code.trim());
          }}
        >
          <ActionError error={enter.error} />
          <TextField
            label={intl.formatMessage({ id: "calendar.checkIn.code" })}
            help={intl.formatMessage({ id: "calendar.checkIn.code.help" })}
            value={code}
            onChange={setCode}
            maxLength={longestCode}
            autoComplete="off"
          />
          <div className="btns">
            <Button type="submit" variant="primary" pending={enter.pending}>
              <FormattedMessage id="calendar.checkIn.enter" />
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}

/** A code in two groups, as one reads it out. */
export const spaced = (code: string): string => `${code.slice(0, Math.ceil(code.length / 2))}-${code.slice(Math.ceil(code.length / 2))}`;
