import { useNavigate } from "@tanstack/react-router";
import { events, ok } from "@updspace/kit/api.ts";
import { useAction } from "@updspace/kit/queries.ts";
import { EmptyState } from "@updspace/ui/EmptyState";
import { PageHead } from "@updspace/ui/PageHead";
import { useState } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import { useCreatePlaces } from "../../creating.ts";
import { boot, useSession } from "../../session.ts";
import { EventForm } from "./EventForm.tsx";
import { created, emptyEvent, type EventValues } from "./eventRules.ts";
import { eventKeys } from "./queries.ts";
import { useZone } from "./when.tsx";

/** A new event, of the whole space or of a community or team that the person leads. */
export function NewEventPage({ into }: { into: string | undefined }) {
  const intl = useIntl();
  const navigate = useNavigate();
  const zone = useZone();
  const { tenant, groups } = useCreatePlaces("events.event.create");
  const places = [...(tenant ? [{ id: "TENANT", name: boot.tenant?.name ?? "" }] : []), ...groups.map(({ id, name }) => ({ id, name }))];
  const [chosen, setPlace] = useState(into);
  const [empty] = useState(() => emptyEvent(Date.now(), zone));
  const place = places.find((p) => p.id === chosen)?.id ?? places[0]?.id;
  const group = groups.find((g) => g.id === place);
  const scope = group ? { scopeType: group.kind, scopeId: group.id } : { scopeType: "TENANT" as const, scopeId: boot.tenant?.id ?? "" };
  const { user } = useSession();
  const create = useAction({
    run: ({ values, draft }: { values: EventValues; draft: boolean }, headers) =>
      ok(
        events.POST("/api/v1/events", {
          body: created(values, group && { scopeType: group.kind, scopeId: group.id }, draft),
          headers,
        }),
      ),
    stale: eventKeys,
    onDone: (event) => void navigate({ to: "/events/$id", params: { id: event.id } }),
  });
  const head = (
    <PageHead
      title={intl.formatMessage({ id: "calendar.new" })}
      back={{ href: "/events", name: intl.formatMessage({ id: "nav.events" }) }}
    />
  );
  if (place === undefined) {
    return (
      <>
        {head}
        <div className="card">
          <EmptyState title={intl.formatMessage({ id: "calendar.new.forbidden" })} shape="date">
            <FormattedMessage id="calendar.none.who" />
          </EmptyState>
        </div>
      </>
    );
  }
  return (
    <>
      {head}
      <div className="card pad-l">
        <EventForm
          values={empty}
          extent="all"
          scope={scope}
          creator={user.id}
          action={create}
          onSubmit={(values, draft) => create.start({ values, draft })}
          back="/events"
          place={{ value: place, choices: places, onChange: setPlace }}
        />
      </div>
    </>
  );
}
