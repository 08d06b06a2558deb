import { BadgeCheck, Camera } from "lucide-react";
import { events, ok } from "@updspace/kit/api.ts";
import { ActionError } from "@updspace/kit/errors.tsx";
import { PersonName } from "@updspace/kit/people.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { Button } from "@updspace/ui/Button";
import { TextField } from "@updspace/ui/TextField";
import { lazy, Suspense, useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { eventKeys, longestCode, type EventDate } from "./queries.ts";

const CodeCamera = lazy(async () => ({ default: (await import("./CodeCamera.tsx")).CodeCamera }));

/** Takes in the codes that members show, by the camera or typed. */
export function ReadCode({ event }: { event: EventDate }) {
  const intl = useIntl();
  const [code, setCode] = useState("");
  const [camera, setCamera] = useState(false);
  const [foreign, setForeign] = useState(false);
  const [present, setPresent] = useState<string>();
  const read = useAction({
    run: (text: string, headers) =>
      ok(
        events.POST("/api/v1/events/{event_id}/attendance/scan", {
          params: { path: { event_id: event.id } },
          body: { code: text, occurrenceId: event.occurrenceId },
          headers,
        }),
      ),
    stale: eventKeys,
    onDone: ({ userId }) => {
      setCode("");
      setPresent(userId);
    },
  });
  const take = (text: string) => {
    // A code of something else, such as the address that members open.
    const wrong = text.length > longestCode;
    setForeign(wrong);
    setPresent(undefined);
    if (wrong) read.reset();
    else if (!read.pending) read.start(text);
  };
  return (
    <section className="card pad vstack" aria-labelledby="read">
      <h2 id="read">
        <FormattedMessage id="calendar.checkIn.read" />
      </h2>
      {camera ? (
        <Suspense>
          <CodeCamera onCode={take} onClose={() => setCamera(false)} />
        </Suspense>
      ) : (
        <div className="btns">
          <Button onPress={() => setCamera(true)}>
            <Camera className="i s" aria-hidden="true" />
            <FormattedMessage id="calendar.camera.start" />
          </Button>
        </div>
      )}
      <form
        className="vstack s"
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          if (code.trim() !== "") take(code.trim());
        }}
      >
        <TextField
          label={intl.formatMessage({ id: "calendar.checkIn.member" })}
          help={intl.formatMessage({ id: "calendar.checkIn.member.help" })}
          value={code}
          onChange={setCode}
          maxLength={longestCode}
          autoComplete="off"
        />
        <div className="btns">
          <Button type="submit" variant="primary" pending={read.pending}>
            <FormattedMessage id="calendar.checkIn.mark" />
          </Button>
        </div>
      </form>
      <div role="status">
        {present !== undefined && (
          <p className="state ok">
            <BadgeCheck className="i s" aria-hidden="true" />
            <span>
              <FormattedMessage id="calendar.checkIn.here" values={{ person: <PersonName id={present} /> }} />
            </span>
          </p>
        )}
      </div>
      <ActionError error={read.error} />
      {foreign && (
        <p className="field-error" role="alert">
          <FormattedMessage id="calendar.checkIn.foreign" />
        </p>
      )}
    </section>
  );
}
