import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CalendarDays } from "lucide-react";
import { events, ok } from "@updspace/kit/api.ts";
import { useSettled } from "@updspace/kit/settled.ts";
import { PeoplePicker } from "@updspace/ui/PeoplePicker";
import { useState } from "react";
import { useIntl } from "react-intl";

const most = 12;

/** A date of an event. */
export interface EventDate {
  event_id: string;
  occurrence_id: string;
}

/** Chooses one of the dates of events that have begun, the latest first. */
export function EventField({ onPick }: { onPick: (date: EventDate | undefined) => void }) {
  const intl = useIntl();
  const [query, setQuery] = useState("");
  const [now] = useState(() => new Date().toISOString());
  const q = useSettled(query.trim());
  const { data, isFetching } = useQuery({
    queryKey: ["/api/v1/events", "grants", q, now],
    queryFn: ({ signal }) =>
      ok(events.GET("/api/v1/events", { params: { query: { ...(q !== "" && { q }), to: now, order: "desc", limit: most } }, signal })),
    placeholderData: keepPreviousData,
  });
  const found = (data?.items ?? []).map((e) => ({
    id: e.occurrenceId,
    name: e.title,
    note: intl.formatDate(e.startsAt, { dateStyle: "long", timeStyle: "short" }),
    src: null,
    lead: <CalendarDays className="i" aria-hidden="true" />,
    date: { event_id: e.id, occurrence_id: e.occurrenceId },
  }));
  return (
    <PeoplePicker
      label={intl.formatMessage({ id: "achievements.grant.event" })}
      help={intl.formatMessage({ id: "achievements.grant.event.help" })}
      query={query}
      onQuery={setQuery}
      found={found}
      onPick={(id) => {
        const chosen = found.find((f) => f.id === id);
        if (chosen) setQuery(chosen.name);
        onPick(chosen?.date);
      }}
      empty={intl.formatMessage({ id: isFetching ? "achievements.grant.event.searching" : "achievements.grant.event.none" })}
      openLabel={intl.formatMessage({ id: "achievements.grant.event.open" })}
    />
  );
}
