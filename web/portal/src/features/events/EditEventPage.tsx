import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { events, ok } from "@updspace/kit/api.ts";
import { useAction, type WriteHeaders } from "@updspace/kit/queries.ts";
import { PageHead } from "@updspace/ui/PageHead";
import { RadioCards } from "@updspace/ui/RadioCards";
import { useState } from "react";
import { useIntl } from "react-intl";
import { EventForm } from "./EventForm.tsx";
import { changes, extents, valuesOf, type EventValues, type Extent } from "./eventRules.ts";
import { datePath, eventKeys, eventQuery, repeats, unchanged, type EventDate } from "./queries.ts";

/** Changes an event: all of it, one date, or one and those after it. */
export function EditEventPage({ id, on }: { id: string; on: string | undefined }) {
  const intl = useIntl();
  const { data: event } = useSuspenseQuery(eventQuery(id, on));
  const recurring = repeats(event);
  const [extent, setExtent] = useState<Extent>(recurring ? "this" : "all");
  const first = event.series === null || event.originalStartsAt === event.series.startsAt;
  const offered = extents.filter((x) => x !== "following" || !first);
  return (
    <>
      <PageHead title={intl.formatMessage({ id: "calendar.edit" })} back={{ href: datePath(event), name: event.title }} />
      <div className="card pad-l vstack">
        {recurring && (
          <RadioCards
            legend={intl.formatMessage({ id: "calendar.extent" })}
            value={extent}
            onChange={setExtent}
            columns
            choices={offered.map((x) => ({
              id: x,
              name: intl.formatMessage({ id: `calendar.extent.${x}` }),
              help: intl.formatMessage(
                { id: `calendar.extent.${x}.help` },
                { date: intl.formatDate(event.startsAt, { dateStyle: "long" }) },
              ),
            }))}
          />
        )}
        <Fields key={extent} event={event} extent={extent} />
      </div>
    </>
  );
}

function Fields({ event, extent }: { event: EventDate; extent: Extent }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const [before] = useState(() => valuesOf(event, extent));
  const save = useAction({
    run: (values: EventValues, headers) => send(event, extent, before, values, headers),
    stale: eventKeys,
    done: intl.formatMessage({ id: "calendar.saved" }),
    onDone: (next) => {
      const search = next.series === null ? {} : { on: next.occurrenceId };
      void navigate({ to: "/events/$id", params: { id: next.id }, search });
    },
  });
  return (
    <EventForm
      values={before}
      extent={extent}
      scope={event}
      creator={event.createdBy}
      action={save}
      onSubmit={(values) => save.start(values)}
      back={datePath(event)}
    />
  );
}

async function send(event: EventDate, extent: Extent, before: EventValues, after: EventValues, headers: WriteHeaders): Promise<EventDate> {
  const body = changes(before, after, extent);
  if (Object.keys(body).length === 0) return event;
  const header = { ...headers, ...unchanged(event) };
  const date = { event_id: event.id, occurrence_id: event.occurrenceId };
  switch (extent) {
    case "this": {
      const { title, description, locationText, locationUrl, startsAt, endsAt } = body;
      const own = Object.fromEntries(
        Object.entries({ title, description, locationText, locationUrl, startsAt, endsAt }).filter(([, x]) => x !== undefined),
      );
      return ok(events.PATCH("/api/v1/events/{event_id}/occurrences/{occurrence_id}", { params: { path: date, header }, body: own }));
    }
    case "following":
      return ok(events.POST("/api/v1/events/{event_id}/occurrences/{occurrence_id}/split", { params: { path: date, header }, body }));
    case "all": {
      const params = { path: { event_id: event.id }, query: { occurrence: event.occurrenceId }, header };
      return ok(events.PATCH("/api/v1/events/{event_id}", { params, body }));
    }
  }
}
